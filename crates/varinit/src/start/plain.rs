//! Starts that treat all weight tensors by one rule.

use headstart_nn::{Network, Real, Role};
use rand::Rng;

use super::tensors::{count, weights, weights_and_biases};
use crate::streams::Streams;
use crate::{Error, init};

/// PyTorch's: weights and biases even within 1 / sqrt(`n_in`).
pub fn torch_default<T: Real>(network: &mut Network<T>, rng: &mut impl Rng) -> Result<(), Error> {
    let streams = Streams::new(rng);
    weights_and_biases(network, |i, tensor, numbers| init::torch_default(numbers, tensor.fan_in, &mut streams.of(i, 0)))
}

/// Every weight normal with variance gain^2 / `n_in`; the first tensor, whose inputs no activation has made smaller, and the
/// last, behind which none comes, with 1 / `n_in`.
pub fn forward<T: Real>(network: &mut Network<T>, gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    let last = count(network);
    weights(network, rng, |tensor, place, numbers, rng| {
        let gain = if place == 0 || place + 1 == last { 1.0 } else { gain };
        init::with_variance(numbers, crate::variance::with_gain(tensor.fan_in, gain), init::Shape::Normal, rng)
    })
}

/// Glorot & Bengio 2010, normal.
pub fn xavier<T: Real>(network: &mut Network<T>, rng: &mut impl Rng) -> Result<(), Error> {
    weights(network, rng, |tensor, _, numbers, rng| {
        init::xavier_normal(numbers, [tensor.fan_in, tensor.fan_out], 1.0, rng)
    })
}

/// Saxe et al. 2014: orthogonal matrices times the gain, the last with 1.
pub fn orthogonal<T: Real>(network: &mut Network<T>, gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    let last = count(network);
    weights(network, rng, |tensor, place, numbers, rng| {
        init::orthogonal(numbers, tensor, if place + 1 == last { 1.0 } else { gain }, rng)
    })
}

/// Every weight normal with the same standard deviation.
pub fn normal<T: Real>(network: &mut Network<T>, deviation: f64, rng: &mut impl Rng) -> Result<(), Error> {
    weights(network, rng, |_, _, numbers, rng| {
        init::normal(numbers, deviation, rng);
        Ok(())
    })
}

/// Multiplies all weights.
pub fn rescale<T: Real>(network: &mut Network<T>, factor: f64) {
    for tensor in network.tensors().to_vec() {
        if tensor.role == Role::Weight {
            for weight in &mut network.parameters_mut()[tensor.range()] {
                *weight *= T::of(factor);
            }
        }
    }
}
