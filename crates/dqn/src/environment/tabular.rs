//! Finite Markov decision processes as tables of transitions.

use headstart_check::check;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::contract::{End, Environment, Observation, Step};
use crate::Error;

/// One possible outcome of an action.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// State in which the action is taken.
    pub state: usize,
    /// The action.
    pub action: usize,
    /// Next state.
    pub next: usize,
    /// The reward.
    pub reward: f64,
    /// Probability of this outcome.
    pub probability: f64,
    /// Whether this outcome ends the episode.
    pub done: bool,
}

/// A finite Markov decision process with an initial state and a step limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tabular {
    states: usize,
    actions: usize,
    /// Sorted by state and action.
    transitions: Vec<Transition>,
    /// First transition of every pair; the last entry is the number of transitions.
    begins: Vec<usize>,
    first: usize,
    limit: usize,
    /// A reward of this or more is the prize.
    prize: f64,
    state: usize,
    steps: usize,
}

/// Tolerance of the sum of probabilities.
const SLACK: f64 = 1e-6;

impl Tabular {
    /// Creates a process from its transitions. The probabilities of every reachable pair of a state (below `states`)
    /// and an action (below `actions`) must sum to 1; they are then normalised. A state that is reached only by
    /// outcomes that end the episode needs no transitions. Episodes begin at `first` and have at most `limit` steps.
    /// The prize is the largest reward.
    pub fn new(
        [states, actions]: [usize; 2],
        mut transitions: Vec<Transition>,
        first: usize,
        limit: usize,
    ) -> Result<Self, Error> {
        check(states > 0, "the number of states", states as f64, "at least 1")?;
        check(actions > 0, "the number of actions", actions as f64, "at least 1")?;
        check(first < states, "the initial state", first as f64, "below the number of states")?;
        check(limit > 0, "the step limit", limit as f64, "at least 1")?;
        for (row, transition) in transitions.iter().enumerate() {
            let Transition { state, action, next, reward, probability, .. } = *transition;
            for (what, index, count) in
                [("state", state, states), ("action", action, actions), ("next state", next, states)]
            {
                if index >= count {
                    return Err(Error::Unknown { row, what, index, count });
                }
            }
            check(reward.is_finite(), "a reward", reward, "finite")?;
            check((0.0..=1.0).contains(&probability), "a probability", probability, "between 0 and 1")?;
        }
        transitions.retain(|transition| transition.probability > 0.0);
        transitions.sort_by_key(|transition| (transition.state, transition.action));
        let pairs = states * actions;
        let begins: Vec<usize> =
            (0..=pairs).map(|pair| transitions.partition_point(|t| t.state * actions + t.action < pair)).collect();
        let prize = transitions.iter().map(|t| t.reward).fold(f64::NEG_INFINITY, f64::max);
        let mut table = Self { states, actions, transitions, begins, first, limit, prize, state: first, steps: 0 };
        for state in table.states() {
            for action in 0..actions {
                let pair = state as usize * actions + action;
                let range = table.begins[pair]..table.begins[pair + 1];
                let sum = table.transitions[range.clone()].iter().fold(0.0, |sum, t| sum + t.probability);
                if !((sum - 1.0).abs() <= SLACK) {
                    return Err(Error::Probability { state: state as usize, action, sum });
                }
                for transition in &mut table.transitions[range] {
                    transition.probability /= sum;
                }
            }
        }
        Ok(table)
    }

    /// Sets the prize: rewards of `prize` or more.
    #[must_use]
    pub fn with_prize(mut self, prize: f64) -> Self {
        self.prize = prize;
        self
    }

    /// What may happen after an action.
    pub fn outcomes(&self, state: usize, action: usize) -> &[Transition] {
        let pair = state * self.actions + action;
        &self.transitions[self.begins[pair]..self.begins[pair + 1]]
    }

    /// Returns the states reachable from the initial state, in ascending order.
    pub fn states(&self) -> Vec<u32> {
        let mut seen = vec![false; self.states];
        let mut open = vec![self.first];
        seen[self.first] = true;
        while let Some(state) = open.pop() {
            for action in 0..self.actions {
                for outcome in self.outcomes(state, action) {
                    if !outcome.done && !seen[outcome.next] {
                        seen[outcome.next] = true;
                        open.push(outcome.next);
                    }
                }
            }
        }
        (0..self.states as u32).filter(|state| seen[*state as usize]).collect()
    }

    /// Number of states, reachable or not.
    pub fn size(&self) -> usize {
        self.states
    }

    /// Initial state of the episodes.
    pub fn first(&self) -> usize {
        self.first
    }

    /// Maximal number of steps per episode.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Returns whether a reward counts as the prize.
    pub fn is_prize(&self, reward: f64) -> bool {
        reward >= self.prize
    }

    /// Largest reward of any transition.
    pub fn largest_reward(&self) -> f64 {
        self.transitions.iter().map(|t| t.reward).fold(f64::NEG_INFINITY, f64::max)
    }
}

impl Environment for Tabular {
    fn actions(&self) -> usize {
        self.actions
    }

    fn observation(&self) -> Observation {
        Observation::OneHot(self.states)
    }

    fn reset(&mut self, _: &mut impl Rng) {
        (self.state, self.steps) = (self.first, 0);
    }

    fn step(&mut self, action: usize, rng: &mut impl Rng) -> Step {
        let draw: f64 = rng.random();
        let outcomes = self.outcomes(self.state, action);
        let mut sum = 0.0;
        let drawn = outcomes.iter().find(|outcome| {
            sum += outcome.probability;
            draw < sum
        });
        // Through rounding, `sum` may stay below `draw`.
        let outcome = drawn.or(outcomes.last()).copied();
        self.steps += 1;
        let Some(outcome) = outcome else {
            return Step { reward: 0.0, end: End::Terminal, prize: false };
        };
        self.state = outcome.next;
        let end = End::of(outcome.done, self.steps >= self.limit);
        Step { reward: outcome.reward, end, prize: self.is_prize(outcome.reward) }
    }

    fn observe(&self, to: &mut [f32]) {
        to.fill(self.state as f32);
    }
}
