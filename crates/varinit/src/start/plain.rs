//! Starts that apply one rule to all weight tensors.

use headstart_nn::{Network, Real, Role};
use rand::Rng;

use super::tensors::{count, weights, weights_and_biases};
use crate::streams::Streams;
use crate::{Error, init};

/// PyTorch's default: weights and biases uniform within +-1 / sqrt(`n_in`).
pub fn torch_default<T: Real>(network: &mut Network<T>, rng: &mut impl Rng) -> Result<(), Error> {
    let streams = Streams::new(rng);
    weights_and_biases(network, |i, tensor, numbers| init::torch_default(numbers, tensor.fan_in, &mut streams.of(i, 0)))
}

/// Normal weights with variance gain^2 / `n_in`. The first tensor (no activation before it) and the last (none after
/// it) get variance 1 / `n_in`.
pub fn forward<T: Real>(network: &mut Network<T>, gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    let last = count(network);
    weights(network, rng, |tensor, place, numbers, rng| {
        let gain = if place == 0 || place + 1 == last { 1.0 } else { gain };
        init::with_variance(numbers, crate::variance::with_gain(tensor.fan_in, gain), init::Shape::Normal, rng)
    })
}

/// Xavier's rule with normal weights (Glorot & Bengio 2010).
pub fn xavier<T: Real>(network: &mut Network<T>, rng: &mut impl Rng) -> Result<(), Error> {
    weights(network, rng, |tensor, _, numbers, rng| {
        init::xavier_normal(numbers, [tensor.fan_in, tensor.fan_out], 1.0, rng)
    })
}

/// Orthogonal matrices times the gain, the last one with gain 1 (Saxe et al. 2014).
pub fn orthogonal<T: Real>(network: &mut Network<T>, gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    let last = count(network);
    weights(network, rng, |tensor, place, numbers, rng| {
        init::orthogonal(numbers, tensor, if place + 1 == last { 1.0 } else { gain }, rng)
    })
}

/// Normal weights, all with the same standard deviation.
pub fn normal<T: Real>(network: &mut Network<T>, deviation: f64, rng: &mut impl Rng) -> Result<(), Error> {
    weights(network, rng, |_, _, numbers, rng| {
        init::normal(numbers, deviation, rng);
        Ok(())
    })
}

/// Multiplies all weights by `factor`.
pub fn rescale<T: Real>(network: &mut Network<T>, factor: f64) {
    for tensor in network.tensors().to_vec() {
        if tensor.role == Role::Weight {
            for weight in &mut network.parameters_mut()[tensor.range()] {
                *weight *= T::of(factor);
            }
        }
    }
}
