//! Helpers of all starts: functions that write tensor by tensor.

use headstart_nn::{Network, Real, Role, SplitMix64, Tensor};
use rand::Rng;

use crate::Error;
use crate::streams::Streams;

/// Calls `write` for every weight tensor, with the tensor, its index among the weight tensors, its numbers and its
/// random stream. Biases become 0, multipliers 1; slopes of PReLU are left unchanged.
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

/// Calls `write` for all weights and all biases that have a fan. Other biases become 0, multipliers 1; slopes of
/// `PReLU` are left unchanged.
pub(super) fn weights_and_biases<T: Real>(
    network: &mut Network<T>,
    mut write: impl FnMut(usize, &Tensor, &mut [T]) -> Result<(), Error>,
) -> Result<(), Error> {
    for (i, tensor) in network.tensors().to_vec().iter().enumerate() {
        let numbers = &mut network.parameters_mut()[tensor.range()];
        match tensor.role {
            // Multipliers and biases of norms and affine layers have no fans.
            Role::Weight => write(i, tensor, numbers)?,
            Role::Bias if tensor.fan_in > 1 => write(i, tensor, numbers)?,
            Role::Bias => numbers.fill(T::zero()),
            Role::Scale => numbers.fill(T::one()),
            Role::Slope => {}
        }
    }
    Ok(())
}

/// Number of weight tensors of the network.
pub fn count<T: Real>(network: &Network<T>) -> usize {
    network.tensors().iter().filter(|tensor| tensor.role == Role::Weight).count()
}
