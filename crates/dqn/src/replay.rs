//! The replay buffer: a ring of transitions.

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// A ring of n-step transitions: observation, action, discounted sum of rewards, observation n steps later, and its
/// discount. Memory is allocated once, at creation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    width: usize,
    capacity: usize,
    n_step: usize,
    gamma: f64,
    /// Number of transitions so far, including overwritten ones.
    pushed: u64,
    seen: Vec<f32>,
    then: Vec<f32>,
    actions: Vec<u32>,
    rewards: Vec<f32>,
    discounts: Vec<f32>,
    /// Steps whose n-step return is still incomplete, oldest first: observation, action and reward.
    open_seen: Vec<f32>,
    open: Vec<(u32, f64)>,
}

/// A transition of the replay buffer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample<'a> {
    /// Observation before the action.
    pub seen: &'a [f32],
    /// The action.
    pub action: u32,
    /// Discounted sum of the rewards.
    pub reward: f32,
    /// Observation after the last of these rewards.
    pub then: &'a [f32],
    /// Discount of the value of `then`: gamma to the power of the number of steps; 0 after a terminal state.
    pub discount: f32,
}

impl Replay {
    /// Creates a buffer for `capacity` n-step transitions with observations of `width` numbers.
    pub(crate) fn new(capacity: usize, width: usize, n_step: usize, gamma: f64) -> Self {
        Self {
            width,
            capacity,
            n_step,
            gamma,
            pushed: 0,
            seen: vec![0.0; capacity * width],
            then: vec![0.0; capacity * width],
            actions: vec![0; capacity],
            rewards: vec![0.0; capacity],
            discounts: vec![0.0; capacity],
            open_seen: Vec::with_capacity(n_step * width),
            open: Vec::with_capacity(n_step),
        }
    }

    /// Whether both buffers have the same layout.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        let layout = |ring: &Self| {
            let lengths =
                [ring.seen.len(), ring.then.len(), ring.actions.len(), ring.rewards.len(), ring.discounts.len()];
            (ring.width, ring.capacity, ring.n_step, ring.gamma, lengths)
        };
        layout(self) == layout(other) && self.open_seen.len() == self.open.len() * self.width
    }

    /// Number of transitions that can be drawn.
    pub fn len(&self) -> usize {
        (self.pushed.min(self.capacity as u64)) as usize
    }

    /// Whether the buffer is empty.
    pub fn is_empty(&self) -> bool {
        self.pushed == 0
    }

    /// Returns the transition at an index below [`Replay::len`]. New transitions overwrite the oldest ones in turn.
    pub fn at(&self, place: usize) -> Sample<'_> {
        let row = place * self.width..(place + 1) * self.width;
        Sample {
            seen: &self.seen[row.clone()],
            action: self.actions[place],
            reward: self.rewards[place],
            then: &self.then[row],
            discount: self.discounts[place],
        }
    }

    /// Draws an index uniformly.
    pub fn draw(&self, rng: &mut impl Rng) -> usize {
        rng.random_range(0..self.len())
    }

    /// Stores a step: observation, action and reward, next observation. `terminal`: no value follows. `over`: the
    /// episode ends here, terminal or not.
    pub(crate) fn push(&mut self, seen: &[f32], (action, reward): (u32, f64), now: &[f32], terminal: bool, over: bool) {
        self.open_seen.extend_from_slice(seen);
        self.open.push((action, reward));
        if self.open.len() == self.n_step || over {
            self.close(now, terminal);
        }
        while over && !self.open.is_empty() {
            self.close(now, terminal);
        }
    }

    /// Moves the oldest incomplete step into the ring.
    fn close(&mut self, now: &[f32], terminal: bool) {
        let place = (self.pushed % self.capacity as u64) as usize;
        let row = place * self.width..(place + 1) * self.width;
        let (sum, discount) =
            self.open.iter().fold((0.0, 1.0), |(sum, discount), (_, r)| (sum + discount * r, discount * self.gamma));
        self.seen[row.clone()].copy_from_slice(&self.open_seen[..self.width]);
        self.then[row].copy_from_slice(now);
        self.actions[place] = self.open[0].0;
        self.rewards[place] = sum as f32;
        self.discounts[place] = if terminal { 0.0 } else { discount as f32 };
        self.pushed += 1;
        self.open.remove(0);
        self.open_seen.drain(..self.width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(replay: &mut Replay, rewards: &[f64], terminal: bool) {
        for (i, reward) in rewards.iter().enumerate() {
            let over = i + 1 == rewards.len();
            replay.push(&[i as f32], (i as u32, *reward), &[i as f32 + 1.0], terminal && over, over);
        }
    }

    fn all(replay: &Replay) -> Vec<(f32, u32, f32, f32, f32)> {
        (0..replay.len())
            .map(|i| replay.at(i))
            .map(|s| (s.seen[0], s.action, s.reward, s.then[0], s.discount))
            .collect()
    }

    #[test]
    fn one_step() {
        let mut replay = Replay::new(8, 1, 1, 0.5);
        steps(&mut replay, &[1.0, 2.0], true);
        assert_eq!(all(&replay), [(0.0, 0, 1.0, 1.0, 0.5), (1.0, 1, 2.0, 2.0, 0.0)]);
    }

    #[test]
    fn three_steps_and_the_rest_at_the_end() {
        let mut replay = Replay::new(8, 1, 3, 0.5);
        steps(&mut replay, &[1.0, 2.0, 4.0, 8.0], true);
        let expected =
            [(0.0, 0, 3.0, 3.0, 0.125), (1.0, 1, 6.0, 4.0, 0.0), (2.0, 2, 8.0, 4.0, 0.0), (3.0, 3, 8.0, 4.0, 0.0)];
        assert_eq!(all(&replay), expected);
        // A time limit is not a terminal state: the next value counts, discounted by the steps that were taken.
        let mut replay = Replay::new(8, 1, 3, 0.5);
        steps(&mut replay, &[1.0, 2.0], false);
        assert_eq!(all(&replay), [(0.0, 0, 2.0, 2.0, 0.25), (1.0, 1, 2.0, 2.0, 0.5)]);
    }

    #[test]
    fn the_oldest_go_first() {
        let mut replay = Replay::new(3, 1, 1, 0.9);
        steps(&mut replay, &[0.0, 1.0, 2.0, 3.0], false);
        assert_eq!(all(&replay).iter().map(|sample| sample.1).collect::<Vec<_>>(), [3, 1, 2]);
        assert_eq!((replay.len(), replay.pushed), (3, 4));
    }

    #[test]
    fn every_place_is_drawn() {
        let mut replay = Replay::new(4, 1, 1, 0.9);
        steps(&mut replay, &[0.0; 3], false);
        let mut stream = crate::Streams::new(&mut Fixed).replay;
        let mut counts = [0; 4];
        (0..3000).for_each(|_| counts[replay.draw(&mut stream)] += 1);
        // Five standard deviations are 129.
        assert!(counts[3] == 0 && counts[..3].iter().all(|count| (871..1129).contains(count)), "{counts:?}");
    }

    struct Fixed;

    impl rand::TryRng for Fixed {
        type Error = std::convert::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(7)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(7)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            bytes.fill(7);
            Ok(())
        }
    }
}
