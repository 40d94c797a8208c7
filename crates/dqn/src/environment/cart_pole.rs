//! CartPole-v1 of Gymnasium (Barto, Sutton & Anderson 1983).

use headstart_simd::Portable;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::contract::{End, Environment, Observation, Step};

const LIMIT: u32 = 500;
const GRAVITY: f64 = 9.8;
const POLE_MASS: f64 = 0.1;
const TOTAL_MASS: f64 = 1.1;
/// Half of the pole's length (m).
const LENGTH: f64 = 0.5;
const POLE_MOMENT: f64 = POLE_MASS * LENGTH;
/// Force of a push (N).
const FORCE: f64 = 10.0;
/// Time step (s).
const TAU: f64 = 0.02;
const FARTHEST: f64 = 2.4;
const STEEPEST: f64 = 12.0 * 2.0 * std::f64::consts::PI / 360.0;

/// A cart that balances a pole by pushes to the left (action 0) and to the right (1). Every step is worth 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CartPole {
    /// Position (m), velocity (m/s), angle from upright (rad), angular velocity (rad/s).
    state: [f64; 4],
    steps: u32,
}

impl CartPole {
    /// Returns the state after an action, by Euler's method with the old velocities.
    pub fn next([x, v, angle, spin]: [f64; 4], action: usize) -> [f64; 4] {
        let force = if action == 1 { FORCE } else { -FORCE };
        let (sin, cos) = angle.portable_sin_cos();
        let push = (force + POLE_MOMENT * (spin * spin) * sin) / TOTAL_MASS;
        let turn = (GRAVITY * sin - cos * push) / (LENGTH * (4.0 / 3.0 - POLE_MASS * (cos * cos) / TOTAL_MASS));
        let acceleration = push - POLE_MOMENT * turn * cos / TOTAL_MASS;
        [x + TAU * v, v + TAU * acceleration, angle + TAU * spin, spin + TAU * turn]
    }

    /// Returns whether the cart is off the track or the pole has fallen.
    pub fn is_over([x, _, angle, _]: [f64; 4]) -> bool {
        x.abs() > FARTHEST || angle.abs() > STEEPEST
    }
}

impl Environment for CartPole {
    fn actions(&self) -> usize {
        2
    }

    fn observation(&self) -> Observation {
        Observation::Vector(4)
    }

    fn reset(&mut self, rng: &mut impl Rng) {
        self.state = std::array::from_fn(|_| rng.random_range(-0.05..0.05));
        self.steps = 0;
    }

    fn step(&mut self, action: usize, _: &mut impl Rng) -> Step {
        self.state = Self::next(self.state, action);
        self.steps += 1;
        let end = End::of(Self::is_over(self.state), self.steps >= LIMIT);
        Step { reward: 1.0, end, prize: end == End::TimeLimit }
    }

    fn observe(&self, to: &mut [f32]) {
        to.iter_mut().zip(self.state).for_each(|(to, x)| *to = x as f32);
    }
}
