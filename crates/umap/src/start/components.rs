//! Graphs in several components: where each goes, and its own layout inside of its place.

use headstart_linalg::svd;
use ndarray::{Array2, Axis};
use rand::Rng;

use super::parts::Parts;
use super::{Input, Start};
use crate::Error;

/// Spectral layouts of the components, each around the mean of its data as the principal axes of those means show it.
///
/// On a connected graph the same as [`spectral`](super::spectral). Each component is given half the distance to the
/// nearest other place. Without data, or where all means coincide, the places are drawn at random.
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

/// The first principal components of some points.
fn principal(points: &Array2<f64>, dim: usize) -> Result<Array2<f64>, Error> {
    let mean = points.mean_axis(Axis(0)).unwrap_or_default();
    let found = svd((points - &mean).view())?;
    Ok(Array2::from_shape_fn((points.nrows(), dim), |(i, axis)| {
        found.values.get(axis).map_or(0.0, |value| found.u[[i, axis]] * value)
    }))
}
