//! Acrobot-v1 of Gymnasium (Sutton 1996), with the dynamics of Sutton & Barto's book.

use headstart_simd::Portable;
use std::f64::consts::PI;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::contract::{End, Environment, Observation, Step};

const LIMIT: u32 = 500;
/// Time step (s).
const DT: f64 = 0.2;
const GRAVITY: f64 = 9.8;
/// Mass of each link (kg). Lengths (m) and moments of inertia (kg m^2) are also 1.
const MASS: f64 = 1.0;
/// Distance of a link's centre of mass from its joint (m).
const CENTRE: f64 = 0.5;
const INERTIA: f64 = 1.0;
const FASTEST: [f64; 2] = [4.0 * PI, 9.0 * PI];

/// A two-link pendulum that has to swing its tip above a line. Actions 0, 1, 2 apply a torque of -1, 0, 1 at the joint
/// between the links. Every step but the last costs 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Acrobot {
    /// Angle of the first link from hanging down, angle of the second link relative to the first, and their angular
    /// speeds.
    state: [f64; 4],
    steps: u32,
}

impl Acrobot {
    /// Returns the state after an action, by one step of the classical Runge-Kutta method.
    pub fn next(state: [f64; 4], action: usize) -> [f64; 4] {
        let torque = action as f64 - 1.0;
        let along = |k: [f64; 4], by: f64| std::array::from_fn(|i| state[i] + by * k[i]);
        let k1 = slope(state, torque);
        let k2 = slope(along(k1, DT / 2.0), torque);
        let k3 = slope(along(k2, DT / 2.0), torque);
        let k4 = slope(along(k3, DT), torque);
        let [first, second, spin1, spin2] =
            std::array::from_fn(|i| state[i] + DT / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]));
        [wrapped(first), wrapped(second), spin1.clamp(-FASTEST[0], FASTEST[0]), spin2.clamp(-FASTEST[1], FASTEST[1])]
    }

    /// Returns whether the tip is above the line.
    pub fn is_over([first, second, ..]: [f64; 4]) -> bool {
        -first.portable_cos() - (second + first).portable_cos() > 1.0
    }
}

/// Wraps an angle into [-pi, pi].
fn wrapped(mut angle: f64) -> f64 {
    while angle > PI {
        angle -= 2.0 * PI;
    }
    while angle < -PI {
        angle += 2.0 * PI;
    }
    angle
}

/// Time derivatives of angles and angular speeds.
fn slope([first, second, spin1, spin2]: [f64; 4], torque: f64) -> [f64; 4] {
    let (sin2, cos2) = second.portable_sin_cos();
    let d1 = MASS * CENTRE * CENTRE + MASS * (1.0 + CENTRE * CENTRE + 2.0 * CENTRE * cos2) + INERTIA + INERTIA;
    let d2 = MASS * (CENTRE * CENTRE + CENTRE * cos2) + INERTIA;
    let phi2 = MASS * CENTRE * GRAVITY * (first + second - PI / 2.0).portable_cos();
    let phi1 = -MASS * CENTRE * (spin2 * spin2) * sin2 - 2.0 * MASS * CENTRE * spin2 * spin1 * sin2
        + (MASS * CENTRE + MASS) * GRAVITY * (first - PI / 2.0).portable_cos()
        + phi2;
    let turn2 = (torque + d2 / d1 * phi1 - MASS * CENTRE * (spin1 * spin1) * sin2 - phi2)
        / (MASS * CENTRE * CENTRE + INERTIA - d2 * d2 / d1);
    let turn1 = -(d2 * turn2 + phi1) / d1;
    [spin1, spin2, turn1, turn2]
}

impl Environment for Acrobot {
    fn actions(&self) -> usize {
        3
    }

    fn observation(&self) -> Observation {
        Observation::Vector(6)
    }

    fn reset(&mut self, rng: &mut impl Rng) {
        // Gymnasium rounds this state, and only this one, to single precision.
        self.state = std::array::from_fn(|_| f64::from(rng.random_range(-0.1..0.1) as f32));
        self.steps = 0;
    }

    fn step(&mut self, action: usize, _: &mut impl Rng) -> Step {
        self.state = Self::next(self.state, action);
        self.steps += 1;
        let over = Self::is_over(self.state);
        let end = End::of(over, self.steps >= LIMIT);
        Step { reward: if over { 0.0 } else { -1.0 }, end, prize: over }
    }

    fn observe(&self, to: &mut [f32]) {
        let [first, second, spin1, spin2] = self.state;
        let seen =
            [first.portable_cos(), first.portable_sin(), second.portable_cos(), second.portable_sin(), spin1, spin2];
        to.iter_mut().zip(seen).for_each(|(to, x)| *to = x as f32);
    }
}
