//! The DQN agent: a Q network, its target network, the replay buffer and one update.

use headstart_nn::{Network, Optimiser};
use headstart_simd::Portable;
use rand::{Rng, RngExt};

use crate::environment::{End, Observation};
use crate::replay::Replay;
use crate::{Net, Result, Settings, Start, SustainedOptimism, TargetUpdate};

/// A DQN agent (Mnih et al. 2015).
pub struct Agent {
    pub(crate) net: Net,
    pub(crate) settings: Settings,
    pub(crate) sustained_optimism: SustainedOptimism,
    pub(crate) holds_output_bias: bool,
    pub(crate) online: Network<f32>,
    pub(crate) target: Network<f32>,
    pub(crate) optimiser: Optimiser<f32>,
    pub(crate) replay: Replay,
    pub(crate) updates: u64,
    /// Visits of every state-action pair, row by row; empty unless observations are one-hot.
    pub(crate) counts: Vec<u32>,
    /// Count bonus of every state-action pair; empty if the start has no count bonus.
    bonus: Vec<f32>,
    batch: Batch,
}

/// Reusable buffers of an update.
#[derive(Default)]
struct Batch {
    seen: Vec<f32>,
    then: Vec<f32>,
    actions: Vec<u32>,
    rewards: Vec<f32>,
    discounts: Vec<f32>,
    picks: Vec<u32>,
    by_output: Vec<f32>,
}

impl Agent {
    /// Creates an agent that begins with the Q function `start`.
    pub fn new(start: &Start, settings: Settings) -> Result<Self> {
        settings.check()?;
        start.sustained_optimism.check(start.net.observation)?;
        let (online, target) = (start.network()?, start.network()?);
        let optimiser = Optimiser::new(settings.method, online.parameters().len())?;
        let width = start.net.observation.numbers();
        let pairs = match start.net.observation {
            Observation::OneHot(rows) => rows * start.net.actions,
            Observation::Vector(_) => 0,
        };
        let mut agent = Self {
            net: start.net.clone(),
            settings,
            sustained_optimism: start.sustained_optimism,
            holds_output_bias: start.holds_output_bias,
            online,
            target,
            optimiser,
            replay: Replay::new(settings.capacity, width, settings.n_step, settings.gamma),
            updates: 0,
            counts: vec![0; pairs],
            bonus: Vec::new(),
            batch: Batch::default(),
        };
        agent.count_anew();
        Ok(agent)
    }

    /// Recomputes the bonus of every pair from the visit counts.
    pub(crate) fn count_anew(&mut self) {
        if let SustainedOptimism::Counts { scale, power } = self.sustained_optimism {
            self.bonus = self.counts.iter().map(|n| bonus(scale, power, *n)).collect();
        }
    }

    /// Number of actions.
    pub fn actions(&self) -> usize {
        self.net.actions
    }

    /// The settings of the training.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The replay buffer.
    pub fn replay(&self) -> &Replay {
        &self.replay
    }

    /// Number of updates so far.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Parameters of the online network.
    pub fn parameters(&self) -> &[f32] {
        self.online.parameters()
    }

    /// Parameters of the target network.
    pub fn target_parameters(&self) -> &[f32] {
        self.target.parameters()
    }

    /// Visits of every state-action pair, row by row (states x actions); empty unless observations are one-hot.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Returns the values of all actions for one or more observations, without any bonus.
    pub fn values(&mut self, seen: &[f32]) -> Result<&[f32]> {
        Ok(self.online.forward(seen, None)?)
    }

    /// Returns the action with the largest value, bonus included. Ties go to the first.
    pub fn greedy(&mut self, seen: &[f32]) -> Result<usize> {
        let values = self.online.forward(seen, None)?;
        let bonus = bonus_of(&self.bonus, seen[0], values.len());
        Ok(largest(values, bonus).0)
    }

    /// Returns a random action with probability `epsilon`, otherwise the greedy one.
    pub fn act(&mut self, seen: &[f32], epsilon: f64, rng: &mut impl Rng) -> Result<usize> {
        if rng.random::<f64>() < epsilon { Ok(rng.random_range(0..self.net.actions)) } else { self.greedy(seen) }
    }

    /// Stores a transition: observation, action and reward, next observation, and whether the episode ended.
    pub fn remember(&mut self, seen: &[f32], (action, reward): (usize, f64), now: &[f32], end: End) {
        self.replay.push(seen, (action as u32, reward), now, end == End::Terminal, end != End::No);
        let pair = seen[0].max(0.0) as usize * self.net.actions + action;
        if let Some(n) = self.counts.get_mut(pair) {
            *n += 1;
            if let (SustainedOptimism::Counts { scale, power }, Some(bonus)) =
                (self.sustained_optimism, self.bonus.get_mut(pair))
            {
                *bonus = self::bonus(scale, power, *n);
            }
        }
    }

    /// Performs one update on a batch from the replay buffer. Returns the mean loss of the batch, without the anchor's
    /// term. Does nothing while the buffer is empty.
    pub fn learn(&mut self, replay: &mut impl Rng, anchor: &mut impl Rng) -> Result<f32> {
        if self.replay.is_empty() {
            return Ok(0.0);
        }
        self.draw(replay);
        self.bootstrap()?;
        let inputs = self.draw_anchors(anchor);
        let loss = self.slopes()?;
        self.pull(inputs);
        self.online.backward(&self.batch.seen, &self.batch.by_output, None)?;
        if self.holds_output_bias {
            let (_, gradients) = self.online.parts_mut();
            let held = gradients.len() - self.net.actions;
            gradients[held..].fill(0.0);
        }
        self.online.step(&mut self.optimiser, self.settings.rate)?;
        self.updates += 1;
        self.follow();
        Ok(loss)
    }

    /// Fills the batch with transitions drawn from the replay buffer.
    fn draw(&mut self, rng: &mut impl Rng) {
        let batch = &mut self.batch;
        batch.seen.clear();
        batch.then.clear();
        batch.actions.clear();
        batch.rewards.clear();
        batch.discounts.clear();
        for _ in 0..self.settings.batch {
            let sample = self.replay.at(self.replay.draw(rng));
            batch.seen.extend_from_slice(sample.seen);
            batch.then.extend_from_slice(sample.then);
            batch.actions.push(sample.action);
            batch.rewards.push(sample.reward);
            batch.discounts.push(sample.discount);
        }
    }

    /// Adds the discounted value of the next observation to every reward of the batch.
    fn bootstrap(&mut self) -> Result<()> {
        let Self { batch, bonus, online, target, .. } = self;
        let (actions, width) = (self.net.actions, self.net.observation.numbers());
        let rows = |then: &[f32], row: usize| then[row * width];
        if self.settings.double {
            let values = online.forward(&batch.then, None)?;
            batch.picks.clear();
            for (row, values) in values.chunks_exact(actions).enumerate() {
                batch.picks.push(largest(values, bonus_of(bonus, rows(&batch.then, row), actions)).0 as u32);
            }
        }
        let values = target.forward(&batch.then, None)?;
        for (row, values) in values.chunks_exact(actions).enumerate() {
            let bonus = bonus_of(bonus, rows(&batch.then, row), actions);
            let value = if self.settings.double {
                let pick = batch.picks[row] as usize;
                values[pick] + bonus.get(pick).copied().unwrap_or(0.0)
            } else {
                largest(values, bonus).1
            };
            batch.rewards[row] += batch.discounts[row] * value;
        }
        Ok(())
    }

    /// Appends the anchor's inputs to the batch's observations. Returns their number.
    fn draw_anchors(&mut self, rng: &mut impl Rng) -> usize {
        match (self.sustained_optimism, self.net.observation) {
            (SustainedOptimism::Anchor { inputs, .. }, Observation::OneHot(rows)) => {
                self.batch.seen.extend((0..inputs).map(|_| rng.random_range(0..rows) as f32));
                inputs
            }
            _ => 0,
        }
    }

    /// Returns the mean loss. Writes its gradient with respect to the network's outputs.
    fn slopes(&mut self) -> Result<f32> {
        let (actions, size) = (self.net.actions, self.settings.batch);
        let values = self.online.forward(&self.batch.seen, None)?;
        let batch = &mut self.batch;
        batch.by_output.clear();
        batch.by_output.resize(values.len(), 0.0);
        let share = 1.0 / size as f32;
        let mut sum = 0.0;
        for (row, (&action, &goal)) in batch.actions.iter().zip(&batch.rewards).enumerate() {
            let place = row * actions + action as usize;
            let error = values[place] - goal;
            sum += self.settings.loss.of(error);
            batch.by_output[place] = share * self.settings.loss.slope(error);
        }
        Ok(sum * share)
    }

    /// Writes the gradient of the anchor's term for its own outputs.
    fn pull(&mut self, inputs: usize) {
        if let SustainedOptimism::Anchor { value, weight, .. } = self.sustained_optimism {
            let from = self.settings.batch * self.net.actions;
            let factor = (2.0 * weight / (inputs * self.net.actions) as f64) as f32;
            let values = &self.online.output()[from..];
            for (to, q) in self.batch.by_output[from..].iter_mut().zip(values) {
                *to = factor * (q - value as f32);
            }
        }
    }

    /// Updates the target network.
    fn follow(&mut self) {
        match self.settings.target {
            TargetUpdate::Hard { every } => {
                if self.updates.is_multiple_of(every) {
                    self.target.parameters_mut().copy_from_slice(self.online.parameters());
                }
            }
            TargetUpdate::Soft { tau } => {
                let tau = tau as f32;
                for (to, w) in self.target.parameters_mut().iter_mut().zip(self.online.parameters()) {
                    *to += tau * (w - *to);
                }
            }
        }
    }
}

fn bonus(scale: f64, power: f64, visits: u32) -> f32 {
    (scale / (f64::from(visits) + 1.0).portable_powf(power)) as f32
}

/// The bonuses of the actions in a state. Empty without a count bonus, and for the observation after the end (-1).
fn bonus_of(bonus: &[f32], state: f32, actions: usize) -> &[f32] {
    if bonus.is_empty() || state < 0.0 { &[] } else { &bonus[state as usize * actions..][..actions] }
}

/// Index and size of the largest value + bonus; ties go to the first. A missing bonus counts as 0.
fn largest(values: &[f32], bonus: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::NEG_INFINITY);
    for (place, &value) in values.iter().enumerate() {
        let sum = value + bonus.get(place).copied().unwrap_or(0.0);
        if sum > best.1 {
            best = (place, sum);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_values() {
        assert_eq!(largest(&[1.0, 3.0, 3.0], &[]), (1, 3.0));
        assert_eq!(largest(&[1.0, 3.0, 3.0], &[5.0, 0.0, 0.5]), (0, 6.0));
    }

    #[test]
    fn a_bonus_falls_with_visits() {
        assert_eq!([0, 1, 3].map(|n| bonus(1.0, 2.0, n)), [1.0, 0.25, 0.0625]);
        let all = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(bonus_of(&all, 1.0, 2), [3.0, 4.0]);
        assert!(bonus_of(&all, -1.0, 2).is_empty() && bonus_of(&[], 1.0, 2).is_empty());
    }
}
