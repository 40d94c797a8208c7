//! Davidson's method (1975) for the lowest eigenvector of a symmetric operator, with a diagonal preconditioner.

use headstart_linalg::eigh;
use ndarray::Array2;

use crate::Error;
use crate::davidson::{Wide, combine, denominator, orthonormalise};
use crate::kernel::{axpy, dot, scale};

/// Size of the subspace at which it is replaced by the best vector.
const SUBSPACE: usize = 16;
/// Smallest denominator of the preconditioner.
const SMALLEST_GAP: f64 = 1e-2;

/// Result of an iteration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) energy: f64,
    pub(crate) products: usize,
}

/// Reusable vectors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    free: Vec<Vec<f64>>,
}

impl Pool {
    fn take(&mut self, len: usize) -> Vec<f64> {
        let mut vector = self.free.pop().unwrap_or_default();
        vector.clear();
        vector.resize(len, 0.0);
        vector
    }

    fn give(&mut self, vectors: impl IntoIterator<Item = Vec<f64>>) {
        self.free.extend(vectors);
    }
}

/// Improves `x`, of norm 1, until the norm of the residual is at most `tolerance` or `most` products are spent. `apply`
/// adds the product with its first argument to the second.
///
/// The lowest eigenvalue is at most the smallest diagonal entry. A pair that has converged above that entry is another
/// eigenpair, so the iteration goes on with the unit vector of the entry.
pub(crate) fn lowest(
    mut apply: impl FnMut(&[f64], &mut [f64]),
    diagonal: &[f64],
    x: &mut [f64],
    (tolerance, most): (f64, usize),
    pool: &mut Pool,
) -> Result<Found, Error> {
    let len = x.len();
    let (lowest, smallest) = diagonal
        .iter()
        .copied()
        .enumerate()
        .fold((0, f64::INFINITY), |least, (at, entry)| if entry < least.1 { (at, entry) } else { least });
    let (mut basis, mut images): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
    let mut small = Array2::<f64>::zeros((SUBSPACE, SUBSPACE));
    let mut residual = pool.take(len);
    residual.copy_from_slice(x);
    let mut products = 0;
    let energy = loop {
        // `residual` holds the new direction, orthonormal to the basis.
        let mut image = pool.take(len);
        apply(&residual, &mut image);
        products += 1;
        let k = basis.len();
        basis.push(std::mem::replace(&mut residual, pool.take(len)));
        images.push(image);
        for i in 0..=k {
            let entry = dot(&basis[i], &images[k]);
            (small[[i, k]], small[[k, i]]) = (entry, entry);
        }
        let eigen = eigh(small.slice(ndarray::s![..=k, ..=k]))?;
        let energy = eigen.values[0];
        let weights = eigen.vectors.column(0).to_vec();
        for (vector, weight) in images.iter().zip(&weights) {
            axpy(*weight, vector, &mut residual);
        }
        for (vector, weight) in basis.iter().zip(&weights) {
            axpy(-energy * weight, vector, &mut residual);
        }
        let norm = dot(&residual, &residual).sqrt();
        let above = energy > smallest + tolerance.max(0.0);
        let done = products >= most || norm <= tolerance && !above;
        if done || basis.len() == SUBSPACE {
            combine::<Wide>(&basis, &weights, x);
        }
        if done {
            break energy;
        }
        if basis.len() == SUBSPACE {
            let mut image = pool.take(len);
            combine::<Wide>(&images, &weights, &mut image);
            pool.give(basis.drain(1..));
            pool.give(images.drain(..));
            basis[0].copy_from_slice(x);
            images.push(image);
            small[[0, 0]] = energy;
        }
        if norm > tolerance {
            for (entry, diagonal) in residual.iter_mut().zip(diagonal) {
                *entry /= denominator(*diagonal, energy, SMALLEST_GAP);
            }
        }
        let mut new = norm > tolerance && orthonormalise::<Wide>(&mut residual, &basis);
        if !new && above {
            residual.fill(0.0);
            residual[lowest] = 1.0;
            new = orthonormalise::<Wide>(&mut residual, &basis);
        }
        if !new {
            combine::<Wide>(&basis, &if basis.len() == 1 { vec![1.0] } else { weights }, x);
            break energy;
        }
    };
    let norm = dot(x, x).sqrt();
    scale(1.0 / norm, x);
    pool.give(basis);
    pool.give(images);
    pool.give([residual]);
    Ok(Found { energy, products })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// Runs from a guess that need not be normalised.
    fn found(a: &Array2<f64>, guess: &[f64], tolerance: f64, most: usize) -> (Found, Vec<f64>) {
        let mut x = guess.to_vec();
        let norm = dot(&x, &x).sqrt();
        scale(1.0 / norm, &mut x);
        let apply = |x: &[f64], y: &mut [f64]| {
            for (y, row) in y.iter_mut().zip(a.rows()) {
                *y += row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>();
            }
        };
        let diagonal = a.diag().to_vec();
        let found = lowest(apply, &diagonal, &mut x, (tolerance, most), &mut Pool::default()).unwrap();
        (found, x)
    }

    #[test]
    fn the_lowest_pair_is_that_of_a_dense_decomposition() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for n in [1, 2, 5, 60] {
            let mut a = Array2::from_shape_fn((n, n), |_| rng.random_range(-0.3..0.3));
            a = &a + &a.t();
            a.diag_mut().iter_mut().enumerate().for_each(|(i, x)| *x += i as f64 * 0.3);
            let guess: Vec<f64> = (0..n).map(|i| 1.0 / (1.0 + i as f64)).collect();
            let (found, x) = found(&a, &guess, 1e-9, 200);
            let dense = eigh(a.view()).unwrap();
            assert!((found.energy - dense.values[0]).abs() < 1e-10, "{n}: {} {}", found.energy, dense.values[0]);
            let overlap = dot(&x, &dense.vectors.column(0).to_vec()).abs();
            assert!((overlap - 1.0).abs() < 1e-8 && found.products < 200, "{n}: {overlap} {}", found.products);
        }
    }

    /// The energy equals a diagonal entry, so the preconditioner divides by the smallest gap.
    #[test]
    fn a_gap_of_zero_is_kept_from_zero() {
        let a = ndarray::array![[1.0, 0.1], [0.1, 1.0]];
        let (found, _) = found(&a, &[1.0, 0.0], 1e-12, 10);
        assert!((found.energy - 0.9).abs() < 1e-12, "{}", found.energy);
    }

    /// The start spans its whole Krylov space, so the residual is zero.
    #[test]
    fn an_exhausted_space_is_accepted() {
        let (found, x) = found(&Array2::from_diag(&ndarray::array![2.0, 1.0, 3.0]), &[0.0, 1.0, 0.0], -1.0, 10);
        assert_eq!((found.energy, found.products, x), (1.0, 1, vec![0.0, 1.0, 0.0]));
    }

    /// The residual of an inner eigenvector is zero; a smaller diagonal entry tells it from the lowest.
    #[test]
    fn an_inner_eigenvector_is_left() {
        let (found, x) = found(&Array2::from_diag(&ndarray::array![1.0, 2.0, 3.0]), &[0.0, 1.0, 0.0], 1e-9, 10);
        assert_eq!((found.energy, found.products, x), (1.0, 2, vec![1.0, 0.0, 0.0]));
    }

    /// The energy of a random start lies inside the spectrum, between well separated clusters of diagonal entries.
    #[test]
    fn random_starts_reach_the_lowest_pair() {
        for seed in 0..20 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            for coupling in [0.0, 0.01, 0.2] {
                let n = 40;
                let mut a = Array2::from_shape_fn((n, n), |_| coupling * rng.random_range(-0.5..0.5));
                a = &a + &a.t();
                a.diag_mut().iter_mut().enumerate().for_each(|(i, x)| *x += (i / 8) as f64 * 2.0 - 5.0);
                let guess: Vec<f64> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
                let (found, _) = found(&a, &guess, 1e-7, 200);
                let exact = eigh(a.view()).unwrap().values[0];
                assert!((found.energy - exact).abs() < 1e-9, "{seed} {coupling}: {} {exact}", found.energy);
            }
        }
    }

    #[test]
    fn products_are_limited() {
        let a = Array2::from_shape_fn((30, 30), |(i, j)| if i == j { i as f64 } else { 0.5 });
        let (found, x) = found(&a, &[1.0; 30], 0.0, 3);
        assert!(found.products == 3 && (dot(&x, &x) - 1.0).abs() < 1e-14);
    }
}
