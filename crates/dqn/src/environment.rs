//! What an environment is. All state is `f64`, all dynamics are those of the published code.

mod acrobot;
mod cart_pole;
mod deep_sea;
mod known;
mod mountain_car;
mod plan;
mod tabular;
mod world;

use rand::Rng;
use serde::{Deserialize, Serialize};

pub use self::acrobot::Acrobot;
pub use self::cart_pole::CartPole;
pub use self::deep_sea::DeepSea;
pub use self::known::{chain, four_rooms, river_swim};
pub use self::mountain_car::MountainCar;
pub use self::plan::Plan;
pub use self::tabular::{Tabular, Transition};
pub use self::world::World;

/// What an agent sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// So many numbers.
    Vector(usize),
    /// The index of one of so many states, which stands for a one-hot vector; -1 for a vector of zeros.
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
