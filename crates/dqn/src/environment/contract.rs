//! What an environment does, and what an agent sees of it.

use rand::Rng;
use serde::{Deserialize, Serialize};

/// What an agent sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// So many numbers.
    Vector(usize),
    /// The index of one of so many states, encoded as a one-hot vector; -1 for a vector of zeros.
    OneHot(usize),
}

impl Observation {
    /// Numbers that an agent is handed.
    pub fn numbers(self) -> usize {
        match self {
            Self::Vector(numbers) => numbers,
            Self::OneHot(_) => 1,
        }
    }
}

/// Whether an episode goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// It does.
    No,
    /// It is over, and nothing comes after.
    Terminal,
    /// Its time is up; what would have come after is still worth something.
    TimeLimit,
}

impl End {
    /// Of an episode that is over by itself, that has used up its time, or neither; both is as if there were no limit.
    pub(super) fn of(is_over: bool, is_late: bool) -> Self {
        match (is_over, is_late) {
            (true, _) => Self::Terminal,
            (false, true) => Self::TimeLimit,
            (false, false) => Self::No,
        }
    }
}

/// What an action led to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The reward.
    pub reward: f64,
    /// Whether the episode goes on.
    pub end: End,
    /// Whether this was what the environment hides: the treasure of `DeepSea`, the goal of a maze.
    pub prize: bool,
}

/// A Markov decision process that can be sampled.
pub trait Environment: Clone {
    /// Actions, numbered from 0.
    fn actions(&self) -> usize;

    /// What an agent sees.
    fn observation(&self) -> Observation;

    /// Begins an episode.
    fn reset(&mut self, rng: &mut impl Rng);

    /// Takes an action below [`Environment::actions`].
    fn step(&mut self, action: usize, rng: &mut impl Rng) -> Step;

    /// Writes what an agent sees now, [`Observation::numbers`] numbers.
    fn observe(&self, to: &mut [f32]);
}
