//! All environments as one type.

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::acrobot::Acrobot;
use super::cart_pole::CartPole;
use super::contract::{Environment, Observation, Step};
use super::deep_sea::DeepSea;
use super::mountain_car::MountainCar;
use super::tabular::Tabular;

/// One of the environments of this crate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum World {
    /// See [`CartPole`].
    CartPole(CartPole),
    /// See [`MountainCar`].
    MountainCar(MountainCar),
    /// See [`Acrobot`].
    Acrobot(Acrobot),
    /// See [`DeepSea`].
    DeepSea(DeepSea),
    /// See [`Tabular`].
    Tabular(Tabular),
}

/// Evaluates an expression for the current variant.
macro_rules! each {
    ($world:expr, $name:ident => $what:expr) => {
        match $world {
            World::CartPole($name) => $what,
            World::MountainCar($name) => $what,
            World::Acrobot($name) => $what,
            World::DeepSea($name) => $what,
            World::Tabular($name) => $what,
        }
    };
}

impl World {
    /// Returns the indices of the reachable states; empty unless observations are one-hot.
    pub fn states(&self) -> Vec<u32> {
        match self {
            Self::DeepSea(sea) => sea.states(),
            Self::Tabular(table) => table.states(),
            _ => Vec::new(),
        }
    }
}

impl Environment for World {
    fn actions(&self) -> usize {
        each!(self, world => world.actions())
    }

    fn observation(&self) -> Observation {
        each!(self, world => world.observation())
    }

    fn reset(&mut self, rng: &mut impl Rng) {
        each!(self, world => world.reset(rng));
    }

    fn step(&mut self, action: usize, rng: &mut impl Rng) -> Step {
        each!(self, world => world.step(action, rng))
    }

    fn observe(&self, to: &mut [f32]) {
        each!(self, world => world.observe(to));
    }
}
