//! Spectral layout of a connected graph.

use ndarray::{Array2, s};
use rand::{Rng, RngExt};

use super::eigen::{Modes, modes};
use super::health::{Fallback, Health};
use crate::{Error, Graph};

/// Coordinates of one component.
pub(super) struct Placed {
    pub(super) coordinates: Array2<f64>,
    pub(super) multiply_adds: u64,
    pub(super) health: Health,
}

/// The coordinates of one connected graph.
pub(super) fn embed(
    graph: &Graph,
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

/// The eigenvectors as coordinates, or random points if the eigensolver did not converge.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;
    use headstart_linalg::Error as LinalgError;

    #[test]
    fn without_eigenvectors_points_are_random_and_the_health_reports_it() {
        let unsettled = || LinalgError::Unsettled { wanted: 4, applications: 9, residuals: vec![1.0; 4] };
        let rng = &mut Stream::new(1, 0);
        let own = placed(Err(unsettled().into()), (500, 2), vec![500, 3], rng).unwrap();
        assert_eq!(own.coordinates.dim(), (500, 2));
        assert!(own.coordinates.iter().all(|x| x.abs() <= 1.0) && own.coordinates.std(0.0) > 0.5);
        assert_eq!((own.health.fallback, own.health.eigensolver), (Some(Fallback::Random), None));
        assert_eq!(own.health.component_sizes, [500, 3]);
        assert!(own.health.eigenvalues.is_empty() && own.health.residual.is_nan());
        // Any other failure is returned.
        let failed = placed(Err(LinalgError::TooMany { wanted: 4, available: 3 }.into()), (500, 2), vec![500], rng);
        assert!(matches!(failed, Err(Error::Decomposition(LinalgError::TooMany { .. }))));
        let graph = Graph::from_edges(40, &(1..40).map(|i| (i - 1, i, 1.0)).collect::<Vec<_>>()).unwrap();
        let own = placed(modes(&graph, 4, rng), (40, 2), vec![40], rng).unwrap();
        assert_eq!((own.health.fallback, own.health.eigenvalues.len()), (None, 4));
    }
}
