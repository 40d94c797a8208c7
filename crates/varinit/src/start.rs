//! Starts of whole networks: each writes all parameters, with random numbers of its own for every tensor.

mod residual;
mod scaled;
mod transformer;

use headstart_nn::{Network, Real, Role, SplitMix64, Tensor};
use rand::Rng;

pub use self::residual::{fixup, zero_residual};
pub use self::scaled::lsuv;
pub use self::transformer::mimetic;
use crate::streams::Streams;
use crate::{Error, init};

/// Writes every weight tensor by the function, which gets the tensor, its place among the weight tensors, its numbers and
/// its own random numbers. Biases become 0, multipliers 1; slopes of PReLU stay.
pub fn weights<T: Real>(
    network: &mut Network<T>,
    rng: &mut impl Rng,
    mut write: impl FnMut(&Tensor, usize, &mut [T], &mut SplitMix64) -> Result<(), Error>,
) -> Result<(), Error> {
    let streams = Streams::new(rng);
    let mut place = 0;
    for (i, tensor) in network.tensors().to_vec().iter().enumerate() {
        let numbers = &mut network.parameters_mut()[tensor.range()];
        match tensor.role {
            Role::Weight => {
                write(tensor, place, numbers, &mut streams.of(i, 0))?;
                place += 1;
            }
            Role::Bias => numbers.fill(T::zero()),
            Role::Scale => numbers.fill(T::one()),
            Role::Slope => {}
        }
    }
    Ok(())
}

/// PyTorch's: weights and biases even within 1 / sqrt(`n_in`).
pub fn torch_default<T: Real>(network: &mut Network<T>, rng: &mut impl Rng) -> Result<(), Error> {
    let streams = Streams::new(rng);
    weights_and_biases(network, |i, tensor, numbers| init::torch_default(numbers, tensor.fan_in, &mut streams.of(i, 0)))
}

fn weights_and_biases<T: Real>(
    network: &mut Network<T>,
    mut write: impl FnMut(usize, &Tensor, &mut [T]) -> Result<(), Error>,
) -> Result<(), Error> {
    for (i, tensor) in network.tensors().to_vec().iter().enumerate() {
        let numbers = &mut network.parameters_mut()[tensor.range()];
        match tensor.role {
            // Multipliers and biases of norms and of affine layers have no fans.
            Role::Weight => write(i, tensor, numbers)?,
            Role::Bias if tensor.fan_in > 1 => write(i, tensor, numbers)?,
            Role::Bias => numbers.fill(T::zero()),
            Role::Scale => numbers.fill(T::one()),
            Role::Slope => {}
        }
    }
    Ok(())
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

/// Weight tensors of the network.
pub fn count<T: Real>(network: &Network<T>) -> usize {
    network.tensors().iter().filter(|tensor| tensor.role == Role::Weight).count()
}
