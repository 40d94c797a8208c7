//! Spectral start of a graph with several components, placed by their means.

use headstart_linalg::svd;
use ndarray::{Array2, Axis};
use rand::Rng;

use super::parts::Parts;
use super::{Input, Start};
use crate::Error;

/// Returns spectral layouts of the components, each placed at the mean of its data, projected on the principal axes of
/// these means.
///
/// On a connected graph this is [`spectral`](super::spectral). Each component extends over half the distance to the
/// nearest other one. Without data, or if all means coincide, the positions are random.
pub fn spectral_components<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let parts = Parts::of(input);
    if parts.sizes.len() == 1 {
        return super::spectral(input, rng);
    }
    let places = match parts.means(input) {
        Some(means) => principal(&means, input.dim)?,
        None => Array2::zeros((parts.sizes.len(), input.dim)),
    };
    parts.place(input, &places, rng)
}

/// The first principal components of the points.
fn principal(points: &Array2<f64>, dim: usize) -> Result<Array2<f64>, Error> {
    let mean = points.mean_axis(Axis(0)).unwrap_or_default();
    let found = svd((points - &mean).view())?;
    Ok(Array2::from_shape_fn((points.nrows(), dim), |(i, axis)| {
        found.values.get(axis).map_or(0.0, |value| found.u[[i, axis]] * value)
    }))
}
