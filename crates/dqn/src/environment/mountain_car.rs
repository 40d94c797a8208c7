//! MountainCar-v0 of Gymnasium (Moore 1990).

use headstart_simd::Portable;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::contract::{End, Environment, Observation, Step};

const LIMIT: u32 = 200;

/// An underpowered car in a valley that has to swing up a hill. Actions: push left (0), coast (1), push right (2).
/// Every step costs 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MountainCar {
    /// Position and velocity.
    state: [f64; 2],
    steps: u32,
}

impl MountainCar {
    /// Returns the state after an action.
    pub fn next([place, speed]: [f64; 2], action: usize) -> [f64; 2] {
        let push = action as f64 - 1.0;
        let speed = (speed + (push * 0.001 + (3.0 * place).portable_cos() * -0.0025)).clamp(-0.07, 0.07);
        let place = (place + speed).clamp(-1.2, 0.6);
        [place, if place == -1.2 && speed < 0.0 { 0.0 } else { speed }]
    }

    /// Returns whether the car is at the goal.
    pub fn is_over([place, speed]: [f64; 2]) -> bool {
        place >= 0.5 && speed >= 0.0
    }
}

impl Environment for MountainCar {
    fn actions(&self) -> usize {
        3
    }

    fn observation(&self) -> Observation {
        Observation::Vector(2)
    }

    fn reset(&mut self, rng: &mut impl Rng) {
        self.state = [rng.random_range(-0.6..-0.4), 0.0];
        self.steps = 0;
    }

    fn step(&mut self, action: usize, _: &mut impl Rng) -> Step {
        self.state = Self::next(self.state, action);
        self.steps += 1;
        let end = End::of(Self::is_over(self.state), self.steps >= LIMIT);
        Step { reward: -1.0, end, prize: end == End::Terminal }
    }

    fn observe(&self, to: &mut [f32]) {
        to.iter_mut().zip(self.state).for_each(|(to, x)| *to = x as f32);
    }
}
