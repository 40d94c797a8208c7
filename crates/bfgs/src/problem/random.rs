//! Random vectors, rotations and spectra.

use headstart_simd::Portable;
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// n independent standard normal numbers.
pub(super) fn normal(n: usize, rng: &mut impl Rng) -> Vec<f64> {
    (0..n).map(|_| rng.sample(StandardNormal)).collect()
}

/// `centre` plus independent normal numbers of standard deviation `sd`.
pub(super) fn normal_around(centre: &[f64], sd: f64, rng: &mut impl Rng) -> Vec<f64> {
    centre.iter().map(|c| c + sd * rng.sample::<f64, _>(StandardNormal)).collect()
}

/// An orthogonal matrix from the uniform (Haar) distribution, shape (n, n).
///
/// A product of reflections, the k-th along a Gaussian vector of n - k numbers, with random signs: G. W. Stewart, "The
/// efficient generation of random orthogonal matrices", SIAM J. Numer. Anal. 17 (1980) 403.
pub(super) fn orthogonal(n: usize, rng: &mut impl Rng) -> Array2<f64> {
    let mut q = Array2::eye(n);
    for k in 0..n {
        let mut v = Array1::from(normal(n - k, rng));
        let length = v.dot(&v).sqrt();
        let sign = if v[0] < 0.0 { -1.0 } else { 1.0 };
        // The reflection maps v to -sign |v| e1. Row k is multiplied by -sign below to keep the distribution uniform.
        v[0] += sign * length;
        let square = v.dot(&v);
        if square > 0.0 {
            let mut rows = q.slice_axis_mut(Axis(0), (k..n).into());
            let products = v.dot(&rows);
            for (mut row, v) in rows.outer_iter_mut().zip(&v) {
                row.scaled_add(-2.0 * v / square, &products);
            }
        }
        q.row_mut(k).mapv_inplace(|entry| -sign * entry);
    }
    q
}

/// n numbers from 1 to `condition`, evenly spaced in the logarithm.
pub(super) fn log_spaced(n: usize, condition: f64) -> Vec<f64> {
    (0..n).map(|i| condition.portable_powf(if n > 1 { i as f64 / (n - 1) as f64 } else { 0.0 })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn orthogonal_matrices_are_orthogonal_and_uniform() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for n in [1, 2, 7, 40] {
            let q = orthogonal(n, &mut rng);
            assert!((q.dot(&q.t()) - Array2::<f64>::eye(n)).iter().all(|gap| gap.abs() < 1e-13));
        }
        // For the uniform distribution each entry has mean 0 and mean square 1/n, and the trace has mean 0 and mean
        // square 1.
        let draws: Vec<Array2<f64>> = (0..4000).map(|_| orthogonal(3, &mut rng)).collect();
        let mean = |f: &dyn Fn(&Array2<f64>) -> f64| draws.iter().map(f).sum::<f64>() / draws.len() as f64;
        for (i, j) in [(0, 0), (0, 2), (1, 1), (2, 0), (2, 2)] {
            assert!(mean(&|q| q[[i, j]]).abs() < 0.05, "mean of ({i}, {j})");
            assert!((mean(&|q| q[[i, j]].powi(2)) - 1.0 / 3.0).abs() < 0.03, "mean square of ({i}, {j})");
        }
        assert!(mean(&|q| q.diag().sum()).abs() < 0.1);
        assert!((mean(&|q| q.diag().sum().powi(2)) - 1.0).abs() < 0.15);
    }

    #[test]
    fn spectra_span_the_condition() {
        let spectrum = log_spaced(5, 1e4);
        assert!(spectrum.iter().zip([1.0, 10.0, 100.0, 1e3, 1e4]).all(|(a, b)| (a / b - 1.0).abs() < 1e-12));
        assert_eq!(log_spaced(1, 1e4), [1.0]);
    }
}
