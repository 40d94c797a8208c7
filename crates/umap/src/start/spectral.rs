//! Spectral layouts: the lowest eigenvectors of the graph's normalised Laplacian as coordinates.

use headstart_linalg::{DenseSymmetric, Lanczos, lowest_eigenpairs};
use ndarray::{Array2, Axis, s};
use rand::{Rng, RngExt};

use super::components::{Parts, Placed};
use super::eigen::{Modes, modes};
use super::health::{Fallback, Health};
use super::{Input, Start, scaled_with_noise};
use crate::Error;

/// The baseline: eigenvectors 2 to dim + 1 of the normalised Laplacian (M. Belkin & P. Niyogi, Neural Computation 15
/// (2003) 1373), scaled to +-10 with a little noise.
///
/// A graph in several components is treated as umap-learn does (`multi_component_layout`): up to 2 dim components go to
/// the ends of the axes, more are placed by the eigenvectors of the affinities exp(-d²) between the means of their data
/// (at random where there are no data). Those affinities vanish between components that are far apart in the data's
/// units, and then the places mean nothing: [`spectral_components`](super::spectral_components) mends that.
///
/// The health in the result says what the eigenvectors are worth, and what was done where they could not be found.
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

/// The coordinates of one connected graph.
pub(super) fn embed(
    graph: &crate::Graph,
    dim: usize,
    component_sizes: Vec<usize>,
    rng: &mut impl Rng,
) -> Result<Placed, Error> {
    let n = graph.len();
    if n < 2 * dim || n <= dim + 1 {
        let coordinates = Array2::from_shape_simple_fn((n, dim), || rng.random_range(-1.0..1.0));
        let health = Health::without_vectors(component_sizes, Fallback::TooSmall);
        return Ok(Placed { coordinates, multiply_adds: 0, health });
    }
    placed(modes(graph, (dim + 2).min(n - 1), rng), (n, dim), component_sizes, rng)
}

/// The eigenvectors as coordinates, or points at random where the solver did not settle.
fn placed(
    found: Result<Modes, Error>,
    (n, dim): (usize, usize),
    component_sizes: Vec<usize>,
    rng: &mut impl Rng,
) -> Result<Placed, Error> {
    match found {
        Ok(found) => Ok(Placed::from_modes(&found, dim, component_sizes)),
        Err(Error::Decomposition(
            headstart_linalg::Error::Unsettled { .. } | headstart_linalg::Error::NoConvergence { .. },
        )) => {
            let coordinates = Array2::from_shape_simple_fn((n, dim), || rng.random_range(-1.0..1.0));
            let health = Health::without_vectors(component_sizes, Fallback::Random);
            Ok(Placed { coordinates, multiply_adds: 0, health })
        }
        Err(error) => Err(error),
    }
}

impl Placed {
    pub(super) fn from_modes(found: &Modes, dim: usize, component_sizes: Vec<usize>) -> Self {
        let gap = found.values[dim] - found.values[dim - 1];
        let residual = found.residuals.iter().take(dim).fold(0.0, |most: f64, &r| most.max(r));
        let health = Health {
            eigenvalues: found.values.to_vec(),
            relative_gap: if found.values[dim] > 0.0 { gap / found.values[dim] } else { 0.0 },
            residual,
            residual_over_gap: residual / gap,
            component_sizes,
            eigensolver: Some(found.eigensolver),
            fallback: found.fallback,
        };
        let coordinates = found.vectors.slice(s![.., ..dim]).to_owned();
        Self { coordinates, multiply_adds: found.multiply_adds, health }
    }
}

/// The unit vectors and then their opposites, half of the components each.
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
        if i == j { 0.0 } else { (-squared).exp() }
    });
    // A component that nothing is near stands alone, with degree 1 as scikit-learn has it.
    let roots = affinity.sum_axis(Axis(1)).mapv(|degree| if degree == 0.0 { 1.0 } else { degree.sqrt() });
    let laplacian = Array2::from_shape_fn((count, count), |(i, j)| {
        f64::from(u8::from(i == j)) - affinity[[i, j]] / (roots[i] * roots[j])
    });
    // Lanczos starts from a random vector: where the affinities vanish and all directions are alike, so is the answer.
    let operator = DenseSymmetric::new(laplacian.view())?;
    let found = lowest_eigenpairs(&operator, dim + 1, &Lanczos::default(), rng)?;
    let mut places = Array2::from_shape_fn((count, dim), |(i, axis)| found.vectors[[i, axis + 1]] / roots[i]);
    let largest = places.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if largest > 0.0 {
        places /= largest;
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Graph, Stream};
    use headstart_linalg::Error as LinalgError;

    #[test]
    fn without_eigenvectors_points_are_at_random_and_the_health_says_so() {
        let unsettled = || LinalgError::Unsettled { wanted: 4, applications: 9, residuals: vec![1.0; 4] };
        let rng = &mut Stream::new(1, 0);
        let own = placed(Err(unsettled().into()), (500, 2), vec![500, 3], rng).unwrap();
        assert_eq!(own.coordinates.dim(), (500, 2));
        assert!(own.coordinates.iter().all(|x| x.abs() <= 1.0) && own.coordinates.std(0.0) > 0.5);
        assert_eq!((own.health.fallback, own.health.eigensolver), (Some(Fallback::Random), None));
        assert_eq!(own.health.component_sizes, [500, 3]);
        assert!(own.health.eigenvalues.is_empty() && own.health.residual.is_nan());
        // Any other failure is one of the caller's.
        let failed = placed(Err(LinalgError::TooMany { wanted: 4, available: 3 }.into()), (500, 2), vec![500], rng);
        assert!(matches!(failed, Err(Error::Decomposition(LinalgError::TooMany { .. }))));
        let graph = Graph::from_edges(40, &(1..40).map(|i| (i - 1, i, 1.0)).collect::<Vec<_>>()).unwrap();
        let own = placed(modes(&graph, 4, rng), (40, 2), vec![40], rng).unwrap();
        assert_eq!((own.health.fallback, own.health.eigenvalues.len()), (None, 4));
    }
}
