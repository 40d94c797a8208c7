//! Weights for correlated inputs.

use headstart_nn::Real;
use headstart_simd::Portable;
use ndarray::{Array1, Array2, ArrayView2};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::Error;

/// The part of the inputs' covariance that the weights undo. All give pre-activations with the same mean variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// Cov w = (scale / n) S^-1: every direction of the inputs contributes equally.
    Mahalanobis,
    /// Cov w = (scale / n) diag(S)^-1: undoes only the variances.
    Diagonal,
    /// Cov w = (scale / tr S) I: undoes only the sum of the variances.
    Isotropic,
}

/// Draws normal weights (`n x outputs`, row-major) for inputs with covariance S (n x n), such that pre-activations w x
/// have mean variance `scale` (2 before a ReLU). Directions with variance below 1e-12 of the largest get no weight; the
/// other directions share the variance. Returns the number of directions used.
pub fn mahalanobis<T: Real>(
    weights: &mut [T],
    covariance: ArrayView2<'_, f64>,
    scaling: Scaling,
    scale: f64,
    rng: &mut impl Rng,
) -> Result<usize, Error> {
    let n = covariance.nrows();
    let wrong = |reason: String| Error::Covariance { reason };
    if n == 0 || covariance.ncols() != n || !weights.len().is_multiple_of(n) {
        return Err(wrong(format!("is {n} x {}, but there are {} weights", covariance.ncols(), weights.len())));
    }
    if let Some(odd) = covariance.iter().find(|x| !x.is_finite()) {
        return Err(wrong(format!("contains {odd}")));
    }
    if let Some(((i, j), _)) =
        covariance.indexed_iter().find(|((i, j), x)| (*x - covariance[[*j, *i]]).abs() > 1e-8 * (1.0 + x.abs()))
    {
        return Err(wrong(format!("is not symmetric at row {i}, column {j}")));
    }
    let variances = covariance.diag().to_owned();
    // The weights are `factor` times a matrix z of independent standard normal numbers.
    let (factor, rank): (Array2<f64>, usize) = match scaling {
        Scaling::Isotropic => {
            let deviation = (scale / variances.sum()).sqrt();
            (Array2::from_diag(&Array1::from_elem(n, deviation)), n)
        }
        Scaling::Diagonal => scaled(&Array2::eye(n), &variances, scale),
        Scaling::Mahalanobis => {
            let decomposed = headstart_linalg::eigh(covariance)?;
            scaled(&decomposed.vectors, &decomposed.values, scale)
        }
    };
    if rank == 0 || !factor.iter().all(|x| x.is_finite()) {
        return Err(wrong("has no variance in any direction".to_owned()));
    }
    let outputs = weights.len() / n;
    for j in 0..outputs {
        let z = Array1::from_shape_simple_fn(n, || StandardNormal.sample(rng));
        for (i, weight) in factor.dot(&z).iter().enumerate() {
            weights[i * outputs + j] = T::of(*weight);
        }
    }
    Ok(rank)
}

/// Divides the directions by the square roots of their variances. Also returns how many have any variance.
fn scaled(directions: &Array2<f64>, variances: &Array1<f64>, scale: f64) -> (Array2<f64>, usize) {
    let least = 1e-12 * variances.fold(0.0, |most: f64, x| most.max(*x));
    let rank = variances.iter().filter(|x| **x > least).count();
    let deviation = |x: &f64| if *x > least { (scale / (rank as f64 * x)).sqrt() } else { 0.0 };
    (directions * &variances.map(deviation), rank)
}

/// Returns the effective rank of a covariance: exp of the entropy of its normalised eigenvalues (Roy & Vetterli 2007).
pub fn effective_rank(covariance: ArrayView2<'_, f64>) -> Result<f64, Error> {
    let values = headstart_linalg::eigh(covariance)?.values;
    let sum: f64 = values.iter().map(|x| x.max(0.0)).sum();
    let terms = values.iter().map(|x| x.max(0.0) / sum).filter(|p| *p > 0.0).map(|p| -p * p.portable_ln());
    Ok(terms.sum::<f64>().portable_exp())
}
