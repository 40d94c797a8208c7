//! Lanczos on a polynomial of the adjacency: products are cheap compared with orthogonalising a long basis.

use headstart_linalg::{Lanczos, SymmetricOperator, eigh, highest_eigenpairs};
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngExt};
use rayon::prelude::*;

use super::{Effort, Modes, ShiftedAdjacency, TOLERANCE, options};
use crate::start::health::Eigensolver;

/// Degree of the polynomial.
const DEGREE: usize = 4;
/// Steps that determine the range to damp.
const STEPS: usize = 32;
/// Most products with the polynomial.
const MOST: usize = 400;
/// Number of points from which the filter pays.
const FROM: usize = 4096;

/// The operator `T_4(2 W / c - 1)` with the Chebyshev polynomial `T_4` and W = I + D^-1/2 W D^-1/2. It is between -1
/// and 1 up to c and grows steeply beyond (Y. Zhou & Y. Saad, SIAM J. Matrix Anal. Appl. 29 (2007) 954), so the highest
/// pairs above c remain the highest.
struct Filtered<'a> {
    adjacency: &'a ShiftedAdjacency<'a>,
    /// The bound c: eigenvalues from 0 to c are damped.
    damped: f64,
}

impl SymmetricOperator for Filtered<'_> {
    fn dim(&self) -> usize {
        self.adjacency.dim()
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        let slope = 2.0 / self.damped;
        let mut before = x.to_vec();
        let mut now = vec![0.0; x.len()];
        self.adjacency.apply(x, &mut now);
        scale(&mut now, x, |walked, x| slope * walked - x);
        for _ in 1..DEGREE {
            self.adjacency.apply(&now, y);
            scale(y, &now, |walked, x| 2.0 * (slope * walked - x));
            scale(y, &before, |next, before| next - before);
            std::mem::swap(&mut before, &mut now);
            now.copy_from_slice(y);
        }
    }
}

fn scale(to: &mut [f64], from: &[f64], entry: impl Fn(f64, f64) -> f64 + Sync) {
    to.par_iter_mut().with_min_len(8192).zip(from).for_each(|(to, from)| *to = entry(*to, *from));
}

/// The `count` highest pairs of the adjacency by means of the polynomial. Returns `None` if the filter does not pay or
/// fails: a pair in the damped range, a residual above the default tolerance, no convergence.
pub(super) fn modes(
    adjacency: &ShiftedAdjacency<'_>,
    count: usize,
    effort: Effort,
    rng: &mut impl Rng,
) -> Option<Modes> {
    let n = adjacency.dim();
    if n < FROM {
        return None;
    }
    let deflate = adjacency.trivial.view().insert_axis(Axis(1));
    let options = Lanczos {
        // Relative to the norm of the polynomial, which exceeds that of the adjacency; its slope compensates for that.
        tolerance: TOLERANCE / 2.0,
        max_applications: MOST.min(effort.applications / DEGREE),
        ..options(count, 1, n, deflate)
    };
    let damped = edge(adjacency, count, rng)?;
    let found = highest_eigenpairs(&Filtered { adjacency, damped }, count, &options, rng).ok()?;
    let (values, residuals) = measured(adjacency, &found.vectors);
    if values.iter().any(|&value| value <= damped) || residuals.iter().any(|&residual| residual > 2.0 * TOLERANCE) {
        return None;
    }
    let applications = STEPS + DEGREE * found.applications + count;
    let subspace = options.subspace.unwrap_or(n);
    Some(Modes {
        values: values.mapv(|value| 2.0 - value),
        vectors: found.vectors,
        residuals,
        eigensolver: Eigensolver::Lanczos { applications },
        fallback: None,
        multiply_adds: (applications * adjacency.graph.entries() + found.applications * 4 * subspace * n) as u64,
    })
}

/// A lower bound on the eigenvalue number `count` + 2 from the top: the Ritz value of that number in a short Krylov
/// space (Cauchy's interlacing theorem).
fn edge(adjacency: &ShiftedAdjacency<'_>, count: usize, rng: &mut impl Rng) -> Option<f64> {
    let n = adjacency.dim();
    let mut rows: Vec<Array1<f64>> = vec![adjacency.trivial.clone()];
    let mut next = Array1::from_shape_simple_fn(n, || rng.random::<f64>() - 0.5);
    let mut projected = Array2::zeros((STEPS, STEPS));
    for step in 0..STEPS {
        // Two Gram-Schmidt sweeps suffice.
        for row in rows.iter().chain(&rows) {
            next.scaled_add(-row.dot(&next), row);
        }
        next /= next.dot(&next).sqrt();
        let mut walked = Array1::zeros(n);
        adjacency.apply(next.as_slice()?, walked.as_slice_mut()?);
        rows.push(next);
        for (earlier, row) in rows[1..].iter().enumerate() {
            let entry = row.dot(&walked);
            projected[[earlier, step]] = entry;
            projected[[step, earlier]] = entry;
        }
        next = walked;
    }
    let ritz = eigh(projected.view()).ok()?;
    Some(ritz.values[STEPS.checked_sub(count + 2)?])
}

/// Rayleigh quotients and residuals of unit vectors for the adjacency itself.
fn measured(adjacency: &ShiftedAdjacency<'_>, vectors: &Array2<f64>) -> (Array1<f64>, Array1<f64>) {
    let mut walked = vec![0.0; adjacency.dim()];
    let pairs = vectors.columns().into_iter().map(|vector| {
        let vector = vector.to_vec();
        adjacency.apply(&vector, &mut walked);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let value = dot(&vector, &walked);
        // The trivial vector is deflated.
        let trivial = adjacency.trivial.iter().zip(&walked).map(|(a, b)| a * b).sum::<f64>();
        let rest = vector.iter().zip(&walked).zip(&adjacency.trivial);
        (value, rest.map(|((x, w), t)| (w - trivial * t - value * x).powi(2)).sum::<f64>().sqrt())
    });
    let (values, residuals): (Vec<f64>, Vec<f64>) = pairs.unzip();
    (values.into(), residuals.into())
}

#[cfg(test)]
mod tests {
    use super::super::{USUAL, lanczos};
    use super::*;
    use crate::{Metric, Neighbours};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// The neighbour graph of points on a narrow strip, which has many small eigenvalues.
    fn strip(n: usize, noise: f32) -> crate::Graph {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let points = Array2::from_shape_fn((n, 3), |(_, axis)| {
            let x: f32 = rng.random_range(0.0..1.0);
            if axis == 0 { 20.0 * x } else { noise * x }
        });
        let near = Neighbours::exact(points.view(), 15, Metric::Euclidean).unwrap();
        crate::Graph::fuzzy(&near, 1.0, 1.0).unwrap()
    }

    #[test]
    fn pairs_agree_with_unfiltered_lanczos() {
        let graph = strip(4500, 1.0);
        let adjacency = ShiftedAdjacency::new(&graph);
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        let filtered = modes(&adjacency, 4, USUAL, rng).unwrap();
        let plain = lanczos(&adjacency, 4, TOLERANCE, (USUAL, 1), rng).unwrap();
        for axis in 0..3 {
            assert!((filtered.values[axis] - plain.values[axis]).abs() < 1e-12);
            let cosine = filtered.vectors.column(axis).dot(&plain.vectors.column(axis));
            assert!((cosine - 1.0).abs() < 1e-9, "{axis}: {cosine}");
        }
        assert!(filtered.residuals.iter().all(|&residual| residual > 0.0 && residual <= 2.0 * TOLERANCE));
        let overlap: f64 = adjacency.trivial.dot(&filtered.vectors.column(0));
        assert!(overlap.abs() < 1e-12, "{overlap:e}");
    }

    /// A random graph is so well connected that the wanted eigenvalues are close to all others.
    #[test]
    fn damped_pairs_are_not_returned() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        let mut ends: Vec<(u32, u32)> = (0..40_000u32).map(|i| (i % 5000, rng.random_range(0..5000))).collect();
        ends.retain_mut(|(a, b)| {
            (*a, *b) = ((*a).min(*b), (*a).max(*b));
            a != b
        });
        ends.sort_unstable();
        ends.dedup();
        let edges: Vec<(u32, u32, f32)> = ends.into_iter().map(|(a, b)| (a, b, 1.0)).collect();
        let graph = crate::Graph::from_edges(5000, &edges).unwrap();
        let found = super::super::modes(&graph, 4, &mut rng).unwrap();
        assert!(found.values[0] > 0.2 && found.residuals.iter().all(|&residual| residual < 1e-8));
        let plain = lanczos(&ShiftedAdjacency::new(&graph), 4, TOLERANCE, (USUAL, 1), &mut rng).unwrap();
        assert!((&found.values - &plain.values).iter().all(|gap| gap.abs() < 1e-9));
    }
}
