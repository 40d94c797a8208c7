//! Data-dependent starts.

use headstart_check::check;
use headstart_nn::{Network, Real, Role};
use rand::Rng;

use super::plain;
use crate::Error;

/// LSUV (Mishkin & Matas 2016): orthogonal weights. Then, layer by layer, divides the weights by the standard deviation
/// of the layer's output on a batch until it is within `tolerance` of 1, at most ten times. The layers with weights
/// must lie in one sequence. Returns the number of passes through the network.
pub fn lsuv<T: Real>(
    network: &mut Network<T>,
    batch: &[T],
    tolerance: f64,
    rng: &mut impl Rng,
) -> Result<usize, Error> {
    check(tolerance > 0.0, "the tolerance of LSUV", tolerance, "positive")?;
    plain::orthogonal(network, 1.0, rng)?;
    let mut passes = 0;
    for tensor in network.tensors().to_vec().iter().filter(|tensor| tensor.role == Role::Weight) {
        let place: Vec<usize> = tensor.name.split('.').filter_map(|part| part.parse().ok()).collect();
        for _ in 0..10 {
            network.forward(batch, None)?;
            passes += 1;
            let mut variance = 0.0;
            network.watch(|watched| {
                if watched.path == place && watched.what == "output" {
                    variance = headstart_nn::statistics::of(watched.values, watched.width).variance;
                }
            });
            if !(variance > 0.0 && variance.is_finite()) || (variance.sqrt() - 1.0).abs() < tolerance {
                break;
            }
            for weight in &mut network.parameters_mut()[tensor.range()] {
                *weight /= T::of(variance.sqrt());
            }
        }
    }
    Ok(passes)
}
