//! Starts of residual networks without normalisation.

use headstart_check::check;
use headstart_nn::{Network, Real, Role};
use headstart_simd::Portable;
use rand::Rng;

use super::tensors;
use crate::{Error, init, variance};

/// Returns the weight tensors of every residual branch, recognised by their names: tensor `3.1.0.weight` belongs to
/// branch 1 of the sum at index 3.
fn branches<T: Real>(network: &Network<T>) -> Vec<Vec<usize>> {
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    for (i, tensor) in network.tensors().iter().enumerate().filter(|(_, tensor)| tensor.role == Role::Weight) {
        let places: Vec<&str> = tensor.name.split('.').collect();
        if places.len() < 4 {
            continue;
        }
        let branch = places[..places.len() - 2].join(".");
        match found.iter_mut().find(|(name, _)| *name == branch) {
            Some((_, tensors)) => tensors.push(i),
            None => found.push((branch, vec![i])),
        }
    }
    found.into_iter().map(|(_, tensors)| tensors).collect()
}

/// Fixup (Zhang, Dauphin & Ma 2019): He's weights. In each of L residual branches with m weight tensors, the last is
/// zero and the others are multiplied by L^(-1/(2m - 2)). The network's last tensor is also zero. Scalar multipliers
/// (1) and biases (0) must be layers of the network, see `Sequential::affine`.
pub fn fixup<T: Real>(network: &mut Network<T>, rng: &mut impl Rng) -> Result<(), Error> {
    let branches = branches(network);
    check(!branches.is_empty(), "the number of residual branches", 0.0, "at least 1 for Fixup")?;
    let he = |fan_in| variance::rectifier(fan_in, 0.0);
    tensors::weights(network, rng, |tensor, _, numbers, rng| {
        init::with_variance(numbers, he(tensor.fan_in), init::Shape::Normal, rng)
    })?;
    let tensors = network.tensors().to_vec();
    let depth = branches.len() as f64;
    for branch in &branches {
        let factor = if branch.len() > 1 { depth.portable_powf(-0.5 / (branch.len() as f64 - 1.0)) } else { 1.0 };
        for (place, &i) in branch.iter().enumerate() {
            let factor = if place + 1 == branch.len() { 0.0 } else { factor };
            for weight in &mut network.parameters_mut()[tensors[i].range()] {
                *weight *= T::of(factor);
            }
        }
    }
    if let Some(last) = tensors.iter().rfind(|tensor| tensor.role == Role::Weight) {
        network.parameters_mut()[last.range()].fill(T::zero());
    }
    Ok(())
}

/// Sets the last weight tensor of every residual branch to zero, so that each block begins as the identity (Goyal et
/// al. 2017; timm's `zero_init_last`). Returns the number of branches.
pub fn zero_residual<T: Real>(network: &mut Network<T>) -> usize {
    let branches = branches(network);
    let tensors = network.tensors().to_vec();
    for last in branches.iter().filter_map(|branch| branch.last()) {
        network.parameters_mut()[tensors[*last].range()].fill(T::zero());
    }
    branches.len()
}
