//! The trait of an environment, and its observations.

use rand::Rng;
use serde::{Deserialize, Serialize};

/// Type of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// A vector of this many numbers.
    Vector(usize),
    /// The index of one of this many states, encoded as a one-hot vector; -1 encodes a vector of zeros.
    OneHot(usize),
}

impl Observation {
    /// Numbers per observation: 1 (the index) if one-hot.
    pub fn numbers(self) -> usize {
        match self {
            Self::Vector(numbers) => numbers,
            Self::OneHot(_) => 1,
        }
    }
}

/// Whether and how an episode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// The episode continues.
    No,
    /// A terminal state: no value follows.
    Terminal,
    /// The time limit was reached; the value of the next state still counts.
    TimeLimit,
}

impl End {
    /// Returns how a step ended. A terminal state takes precedence over the time limit.
    pub(super) fn of(is_over: bool, is_late: bool) -> Self {
        match (is_over, is_late) {
            (true, _) => Self::Terminal,
            (false, true) => Self::TimeLimit,
            (false, false) => Self::No,
        }
    }
}

/// The result of an action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The reward.
    pub reward: f64,
    /// Whether and how the episode ended.
    pub end: End,
    /// Whether this step got the environment's prize: the treasure of `DeepSea`, the goal of a maze.
    pub prize: bool,
}

/// A Markov decision process that can be sampled.
pub trait Environment: Clone {
    /// Number of actions; they are numbered from 0.
    fn actions(&self) -> usize;

    /// Type of the observations.
    fn observation(&self) -> Observation;

    /// Starts an episode.
    fn reset(&mut self, rng: &mut impl Rng);

    /// Takes an action, which must be below [`Environment::actions`].
    fn step(&mut self, action: usize, rng: &mut impl Rng) -> Step;

    /// Writes the current observation, [`Observation::numbers`] numbers.
    fn observe(&self, to: &mut [f32]);
}
