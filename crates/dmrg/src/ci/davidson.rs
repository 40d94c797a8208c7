//! The lowest eigenpair of a large symmetric matrix that is dominated by its diagonal (Davidson 1975).

use ndarray::Array2;

use crate::Error;
use crate::davidson::{Arithmetic, Plain, combine, denominator, orthonormalise};

/// The lowest eigenpair and the number of matrix products.
pub(crate) struct Lowest {
    pub(crate) value: f64,
    pub(crate) vector: Vec<f64>,
    pub(crate) applied: usize,
}

/// Size of the subspace at which it is restarted from the best two vectors.
const MOST_VECTORS: usize = 16;
const MOST_APPLIED: usize = 400;
/// Smallest denominator of the preconditioner.
const SMALLEST_GAP: f64 = 1e-4;

/// Iterates from a guess until the norm of the residual is at most `within`.
///
/// The guess must not be orthogonal to the solution. Errors: no convergence within 400 products.
pub(crate) fn davidson(
    diagonal: &[f64],
    guess: Vec<f64>,
    within: f64,
    mut apply: impl FnMut(&[f64], &mut [f64]),
) -> Result<Lowest, Error> {
    let n = diagonal.len();
    let (mut basis, mut images): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
    let mut next = guess;
    let mut previous: Option<Vec<f64>> = None;
    let mut residual = f64::INFINITY;
    let mut applied = 0;
    while applied < MOST_APPLIED {
        if !orthonormalise::<Plain>(&mut next, &basis) {
            // The Krylov space is exhausted; this happens at once in small spaces.
            break;
        }
        let mut image = vec![0.0; n];
        apply(&next, &mut image);
        applied += 1;
        basis.push(std::mem::take(&mut next));
        images.push(image);
        let m = basis.len();
        let small = Array2::from_shape_fn((m, m), |(i, j)| Plain::dot(&basis[i], &images[j]));
        let eigh = headstart_linalg::eigh(small.view())?;
        let value = eigh.values[0];
        let weights: Vec<f64> = eigh.vectors.column(0).to_vec();
        let (mut vector, mut image) = (vec![0.0; n], vec![0.0; n]);
        combine::<Plain>(&basis, &weights, &mut vector);
        combine::<Plain>(&images, &weights, &mut image);
        let rest: Vec<f64> = image.iter().zip(&vector).map(|(hx, x)| hx - value * x).collect();
        residual = Plain::dot(&rest, &rest).sqrt();
        if residual <= within || m >= n {
            return Ok(Lowest { value, vector, applied });
        }
        next = rest.iter().zip(diagonal).map(|(r, d)| -r / denominator(*d, value, SMALLEST_GAP)).collect();
        if m >= MOST_VECTORS {
            // The previous iterate keeps the information that conjugate gradients would use (Stathopoulos & Saad 1998).
            let mut second = previous.take().unwrap_or_default();
            basis = vec![vector.clone()];
            images = vec![image];
            if second.len() == n && orthonormalise::<Plain>(&mut second, &basis) {
                let mut image = vec![0.0; n];
                apply(&second, &mut image);
                applied += 1;
                basis.push(second);
                images.push(image);
            }
        }
        previous = Some(vector);
    }
    // An exhausted space cannot improve further.
    match previous {
        Some(vector) if residual <= within.max(1e-7) => {
            let mut image = vec![0.0; n];
            apply(&vector, &mut image);
            Ok(Lowest { value: Plain::dot(&vector, &image), vector, applied: applied + 1 })
        }
        _ => Err(Error::NoGroundState { products: applied, residual }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_lowest_pair_is_that_of_a_dense_decomposition() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for n in [1, 2, 5, 60, 300] {
            let mut a = Array2::from_shape_fn((n, n), |_| rng.random_range(-0.3..0.3));
            a = &a + &a.t();
            a.diag_mut().iter_mut().enumerate().for_each(|(i, x)| *x += i as f64 * 0.3);
            let diagonal = a.diag().to_vec();
            let guess = (0..n).map(|i| 1.0 / (1.0 + i as f64)).collect();
            let found = davidson(&diagonal, guess, 1e-9, |x, y| {
                y.copy_from_slice(&a.dot(&ndarray::ArrayView1::from(x)).to_vec());
            })
            .unwrap();
            let dense = headstart_linalg::eigh(a.view()).unwrap();
            assert!((found.value - dense.values[0]).abs() < 1e-10, "{n}: {} {}", found.value, dense.values[0]);
            let overlap = Plain::dot(&found.vector, &dense.vectors.column(0).to_vec()).abs();
            assert!((overlap - 1.0).abs() < 1e-8 && found.applied <= 120, "{n}: {overlap} {}", found.applied);
        }
    }

    /// The eigenvalue equals a diagonal entry, so the preconditioner divides by the smallest gap.
    #[test]
    fn a_gap_of_zero_is_kept_from_zero() {
        let apply = |x: &[f64], y: &mut [f64]| y.copy_from_slice(&[x[0] + 0.1 * x[1], 0.1 * x[0] + 3.0 * x[1]]);
        let found = davidson(&[1.0, 1.0], vec![1.0, 0.0], 1e-12, apply).unwrap();
        assert!((found.value - (2.0 - 1.01_f64.sqrt())).abs() < 1e-12, "{}", found.value);
    }

    /// The guess spans its whole Krylov space.
    #[test]
    fn an_exhausted_space_is_accepted() {
        let diagonal = [1.0, 2.0, 3.0];
        let apply = |x: &[f64], y: &mut [f64]| (0..3).for_each(|i| y[i] = diagonal[i] * x[i]);
        let found = davidson(&diagonal, vec![0.0, 1.0, 0.0], -1.0, apply).unwrap();
        assert_eq!((found.value, found.vector), (2.0, vec![0.0, 1.0, 0.0]));
    }

    #[test]
    fn vectors_that_are_zero_or_not_finite_are_refused() {
        for guess in [[0.0, 0.0], [f64::INFINITY, 1.0], [f64::NAN, 1.0]] {
            let apply = |x: &[f64], y: &mut [f64]| y.copy_from_slice(x);
            let refused = davidson(&[1.0, 1.0], guess.to_vec(), 1e-9, apply);
            assert!(matches!(refused, Err(Error::NoGroundState { products: 0, .. })));
        }
    }
}
