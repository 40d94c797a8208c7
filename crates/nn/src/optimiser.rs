//! Optimisers on flat parameters. Formulas and defaults are PyTorch's.

use headstart_check::check;
use headstart_simd::Portable;
use serde::{Deserialize, Serialize};

use crate::error::check_length;
use crate::{Error, Real};

/// The update rule. The learning rate is passed to each step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Method {
    /// v = momentum v + g; w -= rate v.
    Sgd {
        /// 0 for plain gradient descent.
        momentum: f64,
    },
    /// Adam (Kingma & Ba 2015).
    Adam {
        /// Decay of the mean gradient.
        beta1: f64,
        /// Decay of the mean squared gradient.
        beta2: f64,
        /// Added to the square root of the mean squared gradient.
        epsilon: f64,
    },
    /// RMSprop (Tieleman & Hinton 2012): s = alpha s + (1 - alpha) g^2; w -= rate g / (sqrt(s) + epsilon).
    RmsProp {
        /// Decay of the mean squared gradient.
        alpha: f64,
        /// Added to the square root of the mean squared gradient.
        epsilon: f64,
    },
}

impl Method {
    /// Gradient descent without momentum.
    pub const SGD: Self = Self::Sgd { momentum: 0.0 };
    /// Adam with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8.
    pub const ADAM: Self = Self::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    /// RMSprop with alpha = 0.99, epsilon = 1e-8.
    pub const RMS_PROP: Self = Self::RmsProp { alpha: 0.99, epsilon: 1e-8 };
}

/// Running means below this are set to zero. Otherwise they decay until they are subnormal, which slows processors down
/// many times; next to any epsilon they have no effect.
const NOTHING: f64 = 1e-30;

/// An update rule with its state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Optimiser<T> {
    method: Method,
    /// Each step also subtracts this times the rate times the parameters (AdamW's decay, for all methods).
    decay: f64,
    steps: u64,
    /// Velocity or running mean of the gradient.
    first: Vec<T>,
    /// Running mean of the squared gradient.
    second: Vec<T>,
}

impl<T: Real> Optimiser<T> {
    /// Creates an optimiser for this number of parameters.
    pub fn new(method: Method, parameters: usize) -> Result<Self, Error> {
        let decays = |name, value: f64| check((0.0..1.0).contains(&value), name, value, "at least 0 and below 1");
        let positive = |value: f64| check(value > 0.0 && value.is_finite(), "epsilon", value, "positive");
        match method {
            Method::Sgd { momentum } => decays("momentum", momentum)?,
            Method::Adam { beta1, beta2, epsilon } => {
                decays("beta1", beta1)?;
                decays("beta2", beta2)?;
                positive(epsilon)?;
            }
            Method::RmsProp { alpha, epsilon } => {
                decays("alpha", alpha)?;
                positive(epsilon)?;
            }
        }
        let zeros = |needed: bool| vec![T::zero(); if needed { parameters } else { 0 }];
        let first = match method {
            Method::Sgd { momentum } => momentum > 0.0,
            Method::Adam { .. } => true,
            Method::RmsProp { .. } => false,
        };
        let second = !matches!(method, Method::Sgd { .. });
        Ok(Self { method, decay: 0.0, steps: 0, first: zeros(first), second: zeros(second) })
    }

    /// Adds weight decay that is decoupled from the gradient (Loshchilov & Hutter 2019).
    pub fn with_decay(mut self, decay: f64) -> Result<Self, Error> {
        check(decay >= 0.0 && decay.is_finite(), "the weight decay", decay, "at least 0")?;
        self.decay = decay;
        Ok(self)
    }

    /// The update rule.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Number of steps so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Performs one step.
    pub fn step(&mut self, rate: f64, parameters: &mut [T], gradients: &[T]) -> Result<(), Error> {
        check_length("the gradient", parameters.len(), gradients.len())?;
        for memory in [&self.first, &self.second] {
            if !memory.is_empty() {
                check_length("the parameters", memory.len(), parameters.len())?;
            }
        }
        self.steps += 1;
        if self.decay > 0.0 {
            let kept = T::of(1.0 - rate * self.decay);
            for w in parameters.iter_mut() {
                *w *= kept;
            }
        }
        match self.method {
            Method::Sgd { momentum } => {
                let rate = T::of(rate);
                if self.first.is_empty() {
                    headstart_simd::widely!({
                        for (w, &g) in parameters.iter_mut().zip(gradients) {
                            *w -= rate * g;
                        }
                    });
                } else {
                    velocity_step(rate, T::of(momentum), parameters, gradients, &mut self.first);
                }
            }
            Method::Adam { beta1, beta2, epsilon } => {
                let correction = |beta: f64| 1.0 - beta.portable_powf(self.steps as f64);
                let step = rate / correction(beta1);
                let settings = [beta1, beta2, step, correction(beta2).sqrt().recip(), epsilon].map(T::of);
                adam_step(settings, parameters, gradients, &mut self.first, &mut self.second);
            }
            Method::RmsProp { alpha, epsilon } => {
                rms_step([rate, alpha, epsilon].map(T::of), parameters, gradients, &mut self.second);
            }
        }
        Ok(())
    }
}

fn velocity_step<T: Real>(rate: T, momentum: T, parameters: &mut [T], gradients: &[T], velocity: &mut [T]) {
    headstart_simd::widely!({
        for ((w, &g), v) in parameters.iter_mut().zip(gradients).zip(velocity) {
            *v = flushed(momentum * *v + g);
            *w -= rate * *v;
        }
    });
}

fn adam_step<T: Real>(settings: [T; 5], parameters: &mut [T], gradients: &[T], first: &mut [T], second: &mut [T]) {
    let [beta1, beta2, step, correction, epsilon] = settings;
    let (rest1, rest2) = (T::one() - beta1, T::one() - beta2);
    headstart_simd::widely!({
        for (((w, &g), m), v) in parameters.iter_mut().zip(gradients).zip(first).zip(second) {
            *m = flushed(beta1 * *m + rest1 * g);
            *v = flushed(beta2 * *v + rest2 * g * g);
            *w -= step * *m / (v.sqrt() * correction + epsilon);
        }
    });
}

fn rms_step<T: Real>([rate, alpha, epsilon]: [T; 3], parameters: &mut [T], gradients: &[T], second: &mut [T]) {
    let rest = T::one() - alpha;
    headstart_simd::widely!({
        for ((w, &g), s) in parameters.iter_mut().zip(gradients).zip(second) {
            *s = flushed(alpha * *s + rest * g * g);
            *w -= rate * g / (s.sqrt() + epsilon);
        }
    });
}

/// See [`NOTHING`]. A NaN stays.
#[inline]
fn flushed<T: Real>(value: T) -> T {
    if value.abs() < T::of(NOTHING) { T::zero() } else { value }
}

/// Scales the gradients down to norm `most` if it is exceeded. Returns the norm before scaling.
pub fn clip_norm<T: Real>(gradients: &mut [T], most: f64) -> f64 {
    let norm = gradients.iter().map(|g| g.wide() * g.wide()).sum::<f64>().sqrt();
    if norm > most {
        let factor = T::of(most / norm);
        for g in gradients.iter_mut() {
            *g *= factor;
        }
    }
    norm
}
