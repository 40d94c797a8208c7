//! The marginal likelihood of a Gaussian process with one length scale per feature.

use headstart_simd::Portable;
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use serde::Serialize;

use super::linear_model::check_table;
use super::{Function, Instance, ProblemError};
use crate::objective::Objective;

/// The negative log marginal likelihood t'K⁻¹t/2 + log det K/2 + rows/2 log 2π of targets t (C. E. Rasmussen & C. K. I.
/// Williams, "Gaussian Processes for Machine Learning" (2006), eq. 5.8).
///
/// `K_ab = h² exp(-Σ_k (z_ak - z_bk)² / 2 l_k²) + r² δ_ab` for features z. The unknowns are the logarithms of the
/// length scales l, of the height h and of the noise r. Where a length scale is so large that its feature has no
/// effect, f is flat along that unknown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GaussianProcess {
    /// Shape (rows, features).
    features: Array2<f64>,
    targets: Array1<f64>,
}

/// Makes an instance from all rows. x0 suits standardised features and targets: it is normal with standard deviation
/// 1/2 in the logarithms, with length scales around the square root of the number of features, height around 1 and
/// noise around 1/2.
pub fn gaussian_process(
    features: Array2<f64>,
    targets: Array1<f64>,
    rng: &mut impl Rng,
) -> Result<Instance, ProblemError> {
    check_table(&features, &targets)?;
    Ok(Instance::new(Function::GaussianProcess(GaussianProcess { features, targets }), rng))
}

/// The kernel matrix and the results of its factorisation.
struct Posterior {
    /// K without the noise.
    signal: Array2<f64>,
    noise: f64,
    inverse: Array2<f64>,
    /// K⁻¹t.
    alpha: Array1<f64>,
    half_log_det: f64,
}

impl GaussianProcess {
    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        let scale = 0.5 * (self.features.ncols() as f64).portable_ln();
        let centres = (0..self.features.ncols()).map(|_| scale).chain([0.0, 0.5f64.portable_ln()]);
        centres.map(|centre| centre + 0.5 * rng.sample::<f64, _>(StandardNormal)).collect()
    }

    /// `(z_ak - z_bk)² / l_k²` for all pairs (a, b) of rows.
    fn squares(&self, x: &[f64], k: usize) -> Array2<f64> {
        let scaled = self.features.column(k).mapv(|z| z * (-x[k]).portable_exp());
        Array2::from_shape_fn((scaled.len(), scaled.len()), |(a, b)| (scaled[a] - scaled[b]).powi(2))
    }

    /// Returns `None` where K is not positive definite in double precision, or overflows.
    fn posterior(&self, x: &[f64]) -> Option<Posterior> {
        let (rows, features) = self.features.dim();
        let (height, noise) = ((2.0 * x[features]).portable_exp(), (2.0 * x[features + 1]).portable_exp());
        let mut signal = Array2::zeros((rows, rows));
        for k in 0..features {
            signal -= &self.squares(x, k);
        }
        signal.mapv_inplace(|minus| height * (0.5 * minus).portable_exp());
        let mut kernel = signal.clone();
        kernel.diag_mut().mapv_inplace(|entry| entry + noise);
        let factor = headstart_linalg::cholesky(kernel.view()).ok()?;
        let inverse = headstart_linalg::cholesky_solve(factor.view(), Array2::eye(rows).view()).ok()?;
        let targets = self.targets.view().insert_axis(Axis(1));
        let alpha = headstart_linalg::cholesky_solve(factor.view(), targets).ok()?.remove_axis(Axis(1));
        let half_log_det = factor.diag().iter().map(|entry| entry.portable_ln()).sum();
        Some(Posterior { signal, noise, inverse, alpha, half_log_det })
    }

    /// The derivatives of K by each unknown.
    fn slopes(&self, x: &[f64], posterior: &Posterior) -> Vec<Array2<f64>> {
        let Posterior { signal, noise, .. } = posterior;
        let scales = (0..self.features.ncols()).map(|k| signal * &self.squares(x, k));
        scales.chain([signal * 2.0, Array2::eye(signal.nrows()) * (2.0 * noise)]).collect()
    }

    /// `tr(W K_ij)/2 - tr(K⁻¹K_i K⁻¹K_j)/2 + α'K_i K⁻¹ K_j α` with `W = K⁻¹ - αα'` and the derivatives `K_i`, `K_ij` of K.
    /// Infinite where K is not positive definite.
    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let (n, features) = (self.dim(), self.features.ncols());
        let Some(posterior) = self.posterior(x) else {
            return Array2::from_elem((n, n), f64::INFINITY);
        };
        let w = posterior.weights();
        let slopes = self.slopes(x, &posterior);
        let products: Vec<Array2<f64>> =
            slopes.iter().map(|slope| headstart_linalg::product(&posterior.inverse, slope)).collect();
        let along: Vec<Array1<f64>> = slopes.iter().map(|slope| slope.dot(&posterior.alpha)).collect();
        let mut hessian = Array2::zeros((n, n));
        for i in 0..n {
            let squares = if i < features { Some(self.squares(x, i)) } else { None };
            for j in 0..=i {
                let second = match &squares {
                    Some(squares) => &slopes[j] * squares - &slopes[j] * if i == j { 2.0 } else { 0.0 },
                    // The height scales the signal only and the noise the rest only, so their mixed derivative is 0.
                    None if i == j || (i == features && j < features) => &slopes[j] * 2.0,
                    None => Array2::zeros(w.dim()),
                };
                let traces = (&w * &second).sum() - (&products[i] * &products[j].t()).sum();
                hessian[[i, j]] = 0.5 * traces + along[i].dot(&posterior.inverse.dot(&along[j]));
                hessian[[j, i]] = hessian[[i, j]];
            }
        }
        hessian
    }
}

impl Posterior {
    /// K⁻¹ - αα'.
    fn weights(&self) -> Array2<f64> {
        let alpha = self.alpha.view().insert_axis(Axis(1));
        &self.inverse - &headstart_linalg::product(&alpha, &alpha.t())
    }
}

impl Objective for GaussianProcess {
    fn dim(&self) -> usize {
        self.features.ncols() + 2
    }

    /// Infinite where K is not positive definite.
    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let Some(posterior) = self.posterior(x) else {
            gradient.fill(f64::NAN);
            return f64::INFINITY;
        };
        let w = posterior.weights();
        let by_signal = &w * &posterior.signal;
        let features = self.features.ncols();
        for (k, g) in gradient[..features].iter_mut().enumerate() {
            *g = 0.5 * (&by_signal * &self.squares(x, k)).sum();
        }
        gradient[features] = by_signal.sum();
        gradient[features + 1] = posterior.noise * w.diag().sum();
        let rows = self.targets.len() as f64;
        0.5 * self.targets.dot(&posterior.alpha)
            + posterior.half_log_det
            + 0.5 * rows * std::f64::consts::TAU.portable_ln()
    }
}
