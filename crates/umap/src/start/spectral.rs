//! Spectral layouts: the lowest eigenvectors of the graph's normalised Laplacian as coordinates.

use headstart_linalg::{DenseSymmetric, Lanczos, lowest_eigenpairs};
use headstart_simd::Portable;
use ndarray::{Array2, Axis};
use rand::{Rng, RngExt};

use super::connected::embed;
use super::parts::Parts;
use super::{Input, Start, scaled_with_noise};
use crate::Error;

/// Returns the baseline start: eigenvectors 2 to dim + 1 of the normalised Laplacian (M. Belkin & P. Niyogi, Neural
/// Computation 15 (2003) 1373), scaled to +-10 with a little noise.
///
/// A graph with several components is treated as in umap-learn (`multi_component_layout`). Up to 2 dim components go to
/// the ends of the axes. More are placed by the eigenvectors of the affinities exp(-d²) between the means of their data
/// (at random without data). These affinities vanish between components that are far apart in the units of the data,
/// and the positions are then meaningless; [`spectral_components`](super::spectral_components) avoids that.
///
/// The health in the result reports the accuracy of the eigenvectors and any fallback.
pub fn spectral<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let parts = Parts::of(input);
    if parts.sizes.len() == 1 {
        let own = embed(input.graph, input.dim, parts.sizes, rng)?;
        let layout = scaled_with_noise(&own.coordinates, rng);
        return Ok(Start { layout, multiply_adds: own.multiply_adds, health: Some(own.health) });
    }
    let count = parts.sizes.len();
    let places = if count <= 2 * input.dim {
        ends_of_axes(count, input.dim)
    } else {
        match parts.means(input) {
            Some(means) => by_affinity(&means, input.dim, rng)?,
            None => Array2::from_shape_simple_fn((count, input.dim), || rng.random_range(0.0..10.0)),
        }
    };
    parts.place(input, &places, rng)
}

/// The unit vectors, then their opposites, half of the components each.
fn ends_of_axes(count: usize, dim: usize) -> Array2<f64> {
    let half = count.div_ceil(2);
    Array2::from_shape_fn((count, dim), |(i, axis)| {
        if i % half != axis {
            0.0
        } else if i < half {
            1.0
        } else {
            -1.0
        }
    })
}

/// scikit-learn's `SpectralEmbedding` of the affinities exp(-d²), divided by its largest coordinate.
fn by_affinity(means: &Array2<f64>, dim: usize, rng: &mut impl Rng) -> Result<Array2<f64>, Error> {
    let count = means.nrows();
    let affinity = Array2::from_shape_fn((count, count), |(i, j)| {
        let squared: f64 = means.row(i).iter().zip(means.row(j)).map(|(x, y)| (x - y).powi(2)).sum();
        if i == j { 0.0 } else { (-squared).portable_exp() }
    });
    // An isolated component gets degree 1, as in scikit-learn.
    let roots = affinity.sum_axis(Axis(1)).mapv(|degree| if degree == 0.0 { 1.0 } else { degree.sqrt() });
    let laplacian = Array2::from_shape_fn((count, count), |(i, j)| {
        f64::from(u8::from(i == j)) - affinity[[i, j]] / (roots[i] * roots[j])
    });
    // Lanczos starts from a random vector, so the result is random if the affinities vanish and all directions are
    // equivalent.
    let operator = DenseSymmetric::new(laplacian.view())?;
    let found = lowest_eigenpairs(&operator, dim + 1, &Lanczos::default(), rng)?;
    let mut places = Array2::from_shape_fn((count, dim), |(i, axis)| found.vectors[[i, axis + 1]] / roots[i]);
    let largest = places.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if largest > 0.0 {
        places /= largest;
    }
    Ok(places)
}
