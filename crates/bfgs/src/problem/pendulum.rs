//! Swing-up of a pendulum by a controller with a finite horizon.

use std::f64::consts::PI;

use headstart_simd::Portable;
use ndarray::Array2;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use serde::Serialize;

use super::{Function, Instance, ProblemError, at_least};
use crate::objective::Objective;

/// Time step.
const STEP: f64 = 0.1;
/// Friction, per unit of angular velocity.
const FRICTION: f64 = 0.1;
/// Costs of the angular velocity and of the torque, relative to that of the angle; the last state counts more.
const VELOCITY: f64 = 0.1;
const TORQUE: f64 = 0.05;
const TERMINAL: f64 = 10.0;
/// Standard deviation of the disturbance of the angular velocity in a time step.
const DISTURBANCE: f64 = 0.02;

/// The cost of the torques u of the next n time steps, for a pendulum with the angle θ from upright and the velocity ω:
///
/// `ω' = ω + h (sin θ - 0.1 ω + u)`, `θ' = θ + h ω'`, `f = h Σ [c (1 - cos θ') + 0.1 c ω'² + 0.05 u²]` with h = 0.1, and
/// c = 1, or 10 for the last state. The unknowns are the torques by absolute time modulo n, so x of one time step is the
/// customary shifted start of the next one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pendulum {
    horizon: usize,
    /// The time of the first torque.
    time: usize,
    angle: f64,
    velocity: f64,
}

/// The state on the way.
#[derive(Clone, Copy)]
struct State {
    angle: f64,
    velocity: f64,
}

/// Makes an instance at a random angle; x0 is normal with standard deviation 1/10.
pub fn pendulum(horizon: usize, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    at_least("the horizon", horizon, 1, "at least 1")?;
    let (angle, velocity) = (rng.random_range(-PI..PI), 0.5 * rng.sample::<f64, _>(StandardNormal));
    Ok(Instance::new(Function::Pendulum(Pendulum { horizon, time: 0, angle, velocity }), rng))
}

impl Pendulum {
    /// Returns the problem of the next time step, after the first of these torques and a random disturbance.
    #[must_use]
    pub fn next(&self, torques: &[f64], rng: &mut impl Rng) -> Self {
        let State { angle, velocity } = self.begin().after(torques[self.slot(0)]);
        let velocity = velocity + DISTURBANCE * rng.sample::<f64, _>(StandardNormal);
        Self { time: self.time + 1, angle, velocity, ..self.clone() }
    }

    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        (0..self.horizon).map(|_| 0.1 * rng.sample::<f64, _>(StandardNormal)).collect()
    }

    fn begin(&self) -> State {
        State { angle: self.angle, velocity: self.velocity }
    }

    /// The index of the torque of the k-th step from now.
    fn slot(&self, k: usize) -> usize {
        (self.time + k) % self.horizon
    }

    fn weight(&self, k: usize) -> f64 {
        STEP * if k + 1 == self.horizon { TERMINAL } else { 1.0 }
    }

    fn path(&self, x: &[f64]) -> Vec<State> {
        let mut path = vec![self.begin()];
        for k in 0..self.horizon {
            path.push(path[k].after(x[self.slot(k)]));
        }
        path
    }

    /// Differentiates the forward and the backward pass by each torque.
    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let (n, path) = (self.horizon, self.path(x));
        let slopes = self.slopes(&path);
        let mut hessian = Array2::zeros((n, n));
        for of in 0..n {
            let mut moved = vec![State { angle: 0.0, velocity: 0.0 }];
            for k in 0..n {
                let State { angle, velocity } = moved[k];
                let push = if k == of { 1.0 } else { 0.0 };
                let turn = path[k].angle.portable_cos() * angle - FRICTION * velocity + push;
                let velocity = velocity + STEP * turn;
                moved.push(State { angle: angle + STEP * velocity, velocity });
            }
            let (mut by_angle, mut by_velocity) = (0.0, 0.0);
            for k in (0..n).rev() {
                let (to, from, weight) = (path[k + 1], path[k], self.weight(k));
                by_angle += weight * to.angle.portable_cos() * moved[k + 1].angle;
                by_velocity += 2.0 * weight * VELOCITY * moved[k + 1].velocity;
                let by_next = by_velocity + STEP * by_angle;
                let own = if k == of { 2.0 * STEP * TORQUE } else { 0.0 };
                hessian[[self.slot(k), self.slot(of)]] = STEP * by_next + own;
                let bend = from.angle.portable_cos() * by_next - from.angle.portable_sin() * moved[k].angle * slopes[k];
                by_angle += STEP * bend;
                by_velocity = by_next * (1.0 - STEP * FRICTION);
            }
        }
        hessian
    }

    /// The derivative of f by the velocity after each step.
    fn slopes(&self, path: &[State]) -> Vec<f64> {
        let (mut by_angle, mut by_velocity) = (0.0, 0.0);
        let mut slopes = vec![0.0; self.horizon];
        for k in (0..self.horizon).rev() {
            let (to, from, weight) = (path[k + 1], path[k], self.weight(k));
            by_angle += weight * to.angle.portable_sin();
            by_velocity += 2.0 * weight * VELOCITY * to.velocity;
            slopes[k] = by_velocity + STEP * by_angle;
            by_angle += STEP * from.angle.portable_cos() * slopes[k];
            by_velocity = slopes[k] * (1.0 - STEP * FRICTION);
        }
        slopes
    }
}

impl State {
    fn after(self, torque: f64) -> Self {
        let velocity = self.velocity + STEP * (self.angle.portable_sin() - FRICTION * self.velocity + torque);
        Self { angle: self.angle + STEP * velocity, velocity }
    }
}

impl Objective for Pendulum {
    fn dim(&self) -> usize {
        self.horizon
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let path = self.path(x);
        let slopes = self.slopes(&path);
        let mut value = 0.0;
        for (k, (state, slope)) in path[1..].iter().zip(&slopes).enumerate() {
            let (torque, weight) = (x[self.slot(k)], self.weight(k));
            gradient[self.slot(k)] = STEP * slope + 2.0 * STEP * TORQUE * torque;
            let cost = 1.0 - state.angle.portable_cos() + VELOCITY * state.velocity * state.velocity;
            value += weight * cost + STEP * TORQUE * torque * torque;
        }
        value
    }
}
