//! Starts independent of the data.

use ndarray::Array2;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::{Input, Start};
use crate::Error;

/// Returns coordinates uniform over +-10, the random start of umap-learn.
pub fn random<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let shape = (input.len(), input.dim);
    Ok(Start::free(Array2::from_shape_simple_fn(shape, || rng.random_range(-10.0f32..10.0))))
}

/// Returns normal coordinates of standard deviation 1e-4, the common random start of t-SNE (D. Kobak & P. Berens,
/// Nature Communications 10 (2019) 5416).
pub fn random_small<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let shape = (input.len(), input.dim);
    Ok(Start::free(Array2::from_shape_simple_fn(shape, || 1e-4 * rng.sample::<f32, _>(StandardNormal))))
}
