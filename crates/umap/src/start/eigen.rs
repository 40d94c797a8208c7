//! Lowest eigenvectors of the normalised Laplacian of a connected graph.

mod filter;

use headstart_linalg::{Error as LinalgError, Lanczos, SymmetricOperator, eigh, highest_eigenpairs, product};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use rand::Rng;
use rayon::prelude::*;

use super::health::{Eigensolver, Fallback};
use crate::{Error, Graph};

/// Eigenpairs of the normalised Laplacian L = I - D^-1/2 W D^-1/2 of a graph, without the trivial one.
#[derive(Clone, Debug, PartialEq)]
pub struct Modes {
    /// Eigenvalues, ascending.
    pub values: Array1<f64>,
    /// Orthonormal eigenvectors as columns, shape (n, count), orthogonal to the square roots of the degrees.
    pub vectors: Array2<f64>,
    /// Residuals |L v - value v|.
    pub residuals: Array1<f64>,
    /// The eigensolver that found them.
    pub eigensolver: Eigensolver,
    /// Set if only a looser tolerance was reached.
    pub fallback: Option<Fallback>,
    /// Cost, in multiply-adds.
    pub multiply_adds: u64,
}

/// Limits of the eigensolvers.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// Up to this many points the dense decomposition is as fast, and it needs no tolerance.
    dense_up_to: usize,
    /// Most products with the matrix at the default tolerance; twice as many at any other.
    applications: usize,
}

const USUAL: Effort = Effort { dense_up_to: 300, applications: 8000 };
/// Relative to the norm of I + D^-1/2 W D^-1/2, which is just below 2 without the trivial pair.
const TOLERANCE: f64 = 5e-9;
/// If a residual exceeds this fraction of a gap, the tolerance is tightened to `TIGHT`: the angle error of a vector is
/// the residual over the gap.
const RESIDUAL_OVER_GAP: f64 = 1e-3;
const TIGHT: f64 = 1e-12;
const LOOSE: f64 = 1e-6;

/// Computes the `count` lowest nontrivial eigenpairs of a connected graph. The square root of the degrees, whose
/// eigenvalue is 0, is deflated exactly.
///
/// Up to 300 points it uses a dense decomposition. Beyond, it uses thick-restart Lanczos with full reorthogonalisation
/// on I + D^-1/2 W D^-1/2 (from 4096 points on a polynomial of it), to a residual of 1e-8. The tolerance is tighter if
/// the gap below any pair but the last is below 1e-5.
///
/// Errors: those of [`headstart_linalg`], in particular a `count` of n or more, and no convergence.
pub fn modes(graph: &Graph, count: usize, rng: &mut impl Rng) -> Result<Modes, Error> {
    modes_with(graph, count, USUAL, rng)
}

pub(super) fn modes_with(graph: &Graph, count: usize, effort: Effort, rng: &mut impl Rng) -> Result<Modes, Error> {
    let n = graph.len();
    if count >= n {
        return Err(LinalgError::TooMany { wanted: count, available: n.saturating_sub(1) }.into());
    }
    let adjacency = ShiftedAdjacency::new(graph);
    if n <= effort.dense_up_to {
        return dense(&adjacency, count);
    }
    let filtered = filter::modes(&adjacency, count, effort, rng);
    let usual = match filtered {
        Some(found) => Ok(found),
        None => lanczos(&adjacency, count, TOLERANCE, (effort, 1), rng),
    };
    let mut found = match usual {
        Err(LinalgError::Unsettled { .. }) => {
            let mut loose = lanczos(&adjacency, count, LOOSE, (effort, 2), rng)?;
            loose.fallback = Some(Fallback::Loose { tolerance: LOOSE });
            return Ok(loose);
        }
        other => other?,
    };
    let gaps = found.values.iter().zip(found.values.iter().skip(1)).map(|(low, high)| high - low);
    let least = gaps.filter(|&gap| gap > TIGHT / RESIDUAL_OVER_GAP).fold(f64::INFINITY, f64::min);
    if found.residuals.iter().any(|&residual| residual > RESIDUAL_OVER_GAP * least) {
        // If the tight tolerance fails, the first result is kept; its residual over gap shows its accuracy.
        if let Ok(mut tight) = lanczos(&adjacency, count, TIGHT, (effort, 2), rng) {
            tight.multiply_adds += found.multiply_adds;
            found = tight;
        }
    }
    Ok(found)
}

/// The operator I + D^-1/2 W D^-1/2 and its trivial eigenvector, with eigenvalue 2.
pub(super) struct ShiftedAdjacency<'a> {
    graph: &'a Graph,
    /// 1 / sqrt(degree), and 0 for a point without edges.
    inverse_roots: Vec<f64>,
    /// sqrt(degree), of unit length.
    trivial: Array1<f64>,
}

impl<'a> ShiftedAdjacency<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        let degrees = graph.degrees();
        let mut trivial: Array1<f64> = degrees.iter().map(|degree| degree.sqrt()).collect();
        let norm = trivial.dot(&trivial).sqrt();
        if norm > 0.0 {
            trivial /= norm;
        }
        let inverse_roots =
            degrees.iter().map(|&degree| if degree > 0.0 { 1.0 / degree.sqrt() } else { 0.0 }).collect();
        Self { graph, inverse_roots, trivial }
    }
}

impl SymmetricOperator for ShiftedAdjacency<'_> {
    fn dim(&self) -> usize {
        self.graph.len()
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        // Divided once for all edges; the cost is dominated by random memory access.
        let divided: Vec<f64> = x.iter().zip(&self.inverse_roots).map(|(x, inverse)| x * inverse).collect();
        y.par_iter_mut().with_min_len(2048).enumerate().for_each(|(row, out)| {
            let entries = self.graph.row(row).map(|(column, weight)| f64::from(weight) * divided[column as usize]);
            *out = x[row] + self.inverse_roots[row] * entries.sum::<f64>();
        });
    }
}

fn dense(adjacency: &ShiftedAdjacency<'_>, count: usize) -> Result<Modes, Error> {
    let n = adjacency.dim();
    // The trivial pair is moved to 3, above the spectrum of L, which ends at 2.
    let mut laplacian = Array2::from_shape_fn((n, n), |(i, j)| 3.0 * adjacency.trivial[i] * adjacency.trivial[j]);
    for row in 0..n {
        laplacian[[row, row]] += 1.0;
        for (column, weight) in adjacency.graph.row(row) {
            let column = column as usize;
            laplacian[[row, column]] -=
                f64::from(weight) * adjacency.inverse_roots[row] * adjacency.inverse_roots[column];
        }
    }
    let found = eigh(laplacian.view())?;
    let vectors = found.vectors.slice(s![.., ..count]).to_owned();
    let values = found.values.slice(s![..count]).to_owned();
    let rest = product(&laplacian, &vectors) - &vectors * &values;
    let residuals = rest.map_axis(Axis(0), |column| column.dot(&column).sqrt());
    let size = n as u64;
    Ok(Modes {
        values,
        vectors,
        residuals,
        eigensolver: Eigensolver::Dense,
        fallback: None,
        multiply_adds: 9 * size * size * size,
    })
}

/// `times` multiplies the limits of Lanczos.
fn lanczos(
    adjacency: &ShiftedAdjacency<'_>,
    count: usize,
    tolerance: f64,
    (effort, times): (Effort, usize),
    rng: &mut impl Rng,
) -> Result<Modes, LinalgError> {
    let n = adjacency.dim();
    let deflate = adjacency.trivial.view().insert_axis(Axis(1));
    let options =
        Lanczos { tolerance, max_applications: effort.applications * times, ..options(count, times, n, deflate) };
    let found = highest_eigenpairs(adjacency, count, &options, rng)?;
    // Each product, and two orthogonalisations of the new vector against the whole basis.
    let per_application = adjacency.graph.entries() + 4 * options.subspace.unwrap_or(n) * n;
    Ok(Modes {
        values: found.values.mapv(|value| 2.0 - value),
        vectors: found.vectors,
        residuals: found.residuals,
        eigensolver: Eigensolver::Lanczos { applications: found.applications },
        fallback: None,
        multiply_adds: (found.applications * per_application) as u64,
    })
}

/// Options shared by all searches; `times` multiplies the default size of the basis.
fn options(count: usize, times: usize, n: usize, deflate: ArrayView2<'_, f64>) -> Lanczos<'_> {
    let subspace = ((2 * count + 40) * times).min(n);
    Lanczos { subspace: Some(subspace), start: None, deflate: Some(deflate), ..Lanczos::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const DENSE: Effort = Effort { dense_up_to: usize::MAX, ..USUAL };
    const SPARSE: Effort = Effort { dense_up_to: 0, ..USUAL };

    /// A chain of clusters of 60 points, joined by single edges of the given weights.
    fn chain(joints: &[f32], rng: &mut ChaCha8Rng) -> Graph {
        const SIZE: u32 = 60;
        let clusters = joints.len() as u32 + 1;
        let mut edges = Vec::new();
        for i in 0..clusters * SIZE {
            for j in i + 1..(i / SIZE + 1) * SIZE {
                if j == i + 1 || rng.random_bool(0.2) {
                    edges.push((i, j, rng.random_range(0.2f32..1.0)));
                }
            }
        }
        for (c, &weight) in joints.iter().enumerate() {
            edges.push(((c as u32 + 1) * SIZE - 1, (c as u32 + 1) * SIZE, weight));
        }
        Graph::from_edges((clusters * SIZE) as usize, &edges).unwrap()
    }

    /// Sine of the largest angle between two subspaces given by orthonormal columns.
    fn sine(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        let rest = b - &a.dot(&a.t().dot(b));
        headstart_linalg::svd(rest.view()).unwrap().values[0]
    }

    #[test]
    fn lanczos_agrees_with_the_dense_solver() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let joints: [(&[f32], f64); 3] =
            [(&[0.5, 0.4, 0.3, 0.2], 1e-4), (&[0.05, 0.04, 0.03, 0.02], 1e-5), (&[0.01, 0.009, 0.008, 0.007], 1e-6)];
        for (joints, least_gap) in joints {
            let graph = chain(joints, &mut rng);
            let dense = modes_with(&graph, 4, DENSE, &mut rng).unwrap();
            let lanczos = modes_with(&graph, 4, SPARSE, &mut rng).unwrap();
            let gap = dense.values[2] - dense.values[1];
            assert!(gap > least_gap && gap < 50.0 * least_gap, "the test needs small gaps: {gap:e}");
            assert!(matches!(lanczos.eigensolver, Eigensolver::Lanczos { .. }) && lanczos.fallback.is_none());
            for (a, b) in dense.values.iter().zip(&lanczos.values) {
                assert!((a - b).abs() < 1e-11, "{a} {b}");
            }
            let plane = |found: &Modes| found.vectors.slice(s![.., ..2]).to_owned();
            let angle = sine(&plane(&dense), &plane(&lanczos));
            assert!(angle < 1e-3, "gap {gap:e}: off by {angle:e}");
            let claimed = lanczos.residuals.iter().take(2).fold(0.0, |most: f64, &r| most.max(r)) / gap;
            assert!(angle < 10.0 * claimed + 1e-9, "{angle:e} but residual over gap is {claimed:e}");
        }
    }

    #[test]
    fn vectors_are_orthonormal_and_without_the_trivial_one() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let graph = chain(&[0.3, 0.1], &mut rng);
        let trivial = ShiftedAdjacency::new(&graph).trivial;
        for effort in [SPARSE, DENSE] {
            let found = modes_with(&graph, 4, effort, &mut rng).unwrap();
            let product = found.vectors.t().dot(&found.vectors) - Array2::<f64>::eye(4);
            assert!(product.iter().all(|x| x.abs() < 1e-12));
            assert!(found.vectors.t().dot(&trivial).iter().all(|x| x.abs() < 1e-12));
            assert!(found.residuals.iter().all(|&residual| residual < 1e-8));
        }
    }

    /// Uses the graph of tests/data on which umap-learn's eigensolver, at its tolerance of 1e-4, misses the lowest
    /// vector.
    #[test]
    fn lanczos_misses_no_vector() {
        let lines = |text: &'static str, skip| text.lines().skip(skip).map(|line| line.split(',').collect::<Vec<_>>());
        let edge = |parts: Vec<&str>| (parts[0].parse().unwrap(), parts[1].parse().unwrap(), parts[2].parse().unwrap());
        let edges: Vec<_> = lines(include_str!("../../tests/data/graph_union.csv"), 1).map(edge).collect();
        let graph = Graph::from_edges(200, &edges).unwrap();
        let found = modes_with(&graph, 4, SPARSE, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
        let exact: Vec<_> = lines(include_str!("../../tests/data/spectral.csv"), 0).collect();
        for axis in 0..3 {
            let exact: Array1<f64> = exact.iter().map(|row| row[axis].parse::<f64>().unwrap()).collect();
            let cosine = exact.dot(&found.vectors.column(axis)).abs();
            assert!((cosine - 1.0).abs() < 1e-8, "{axis}: {cosine}");
        }
    }

    #[test]
    fn a_looser_tolerance_is_reported_and_met() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let graph = chain(&[0.3, 0.1, 0.2, 0.25], &mut rng);
        let exact = modes_with(&graph, 4, DENSE, &mut rng).unwrap();
        let needed = match modes_with(&graph, 4, SPARSE, &mut rng).unwrap().eigensolver {
            Eigensolver::Lanczos { applications } => applications,
            Eigensolver::Dense => unreachable!(),
        };
        // From too few products to converge at all to enough for the default tolerance.
        let found: Vec<Result<Modes, Error>> = (1..=40)
            .map(|step| modes_with(&graph, 4, Effort { dense_up_to: 0, applications: step * needed / 20 }, &mut rng))
            .collect();
        assert!(matches!(found[0], Err(Error::Decomposition(LinalgError::Unsettled { .. }))));
        assert!(found[39].as_ref().is_ok_and(|found| found.fallback.is_none()));
        let loose: Vec<&Modes> = found
            .iter()
            .flatten()
            .filter(|found| found.fallback == Some(Fallback::Loose { tolerance: LOOSE }))
            .collect();
        assert!(!loose.is_empty());
        for found in loose {
            // The norm is 2, and the error of an eigenvalue is the squared residual over the gap.
            assert!(found.residuals.iter().all(|&residual| residual <= 2.0 * LOOSE));
            for (a, b) in found.values.iter().zip(&exact.values) {
                assert!((a - b).abs() < 1e-8, "{a} {b}");
            }
        }
    }

    #[test]
    fn too_many_pairs_are_refused() {
        let graph = Graph::from_edges(3, &[(0, 1, 1.0), (1, 2, 1.0)]).unwrap();
        let error = modes(&graph, 3, &mut ChaCha8Rng::seed_from_u64(1)).unwrap_err();
        assert_eq!(error, LinalgError::TooMany { wanted: 3, available: 2 }.into());
    }
}
