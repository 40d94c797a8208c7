//! Weights for inputs that are correlated.

use headstart_nn::Real;
use headstart_simd::Portable;
use ndarray::{Array1, Array2, ArrayView2};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::Error;

/// Which part of the inputs' covariance the weights undo. All give pre-activations of the same mean variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// Cov w = (scale / n) S^-1: every direction of the inputs speaks equally.
    Mahalanobis,
    /// Only the variances: Cov w = (scale / n) diag(S)^-1.
    Diagonal,
    /// Only the sum of the variances: Cov w = (scale / tr S) I.
    Isotropic,
}

/// Normal weights (`n x outputs`, row-major) for inputs of this covariance S (n x n), such that pre-activations w x have
/// mean variance `scale` (2 before a ReLU). Directions without variance, below 1e-12 of the largest, get no weight, and
/// those that are left share the variance. Answers their number.
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
        return Err(wrong(format!("is {n} x {}, for {} weights", covariance.ncols(), weights.len())));
    }
    if let Some(odd) = covariance.iter().find(|x| !x.is_finite()) {
        return Err(wrong(format!("holds {odd}")));
    }
    if let Some(((i, j), _)) =
        covariance.indexed_iter().find(|((i, j), x)| (*x - covariance[[*j, *i]]).abs() > 1e-8 * (1.0 + x.abs()))
    {
        return Err(wrong(format!("is not symmetric at row {i}, column {j}")));
    }
    let variances = covariance.diag().to_owned();
    // Weights are factor z with independent normal z.
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

/// Directions over the roots of their variances, and how many have any.
fn scaled(directions: &Array2<f64>, variances: &Array1<f64>, scale: f64) -> (Array2<f64>, usize) {
    let least = 1e-12 * variances.fold(0.0, |most: f64, x| most.max(*x));
    let rank = variances.iter().filter(|x| **x > least).count();
    let deviation = |x: &f64| if *x > least { (scale / (rank as f64 * x)).sqrt() } else { 0.0 };
    (directions * &variances.map(deviation), rank)
}

/// How many directions a covariance has, by its eigenvalues: exp of the entropy of their shares (Roy & Vetterli 2007).
pub fn effective_rank(covariance: ArrayView2<'_, f64>) -> Result<f64, Error> {
    let values = headstart_linalg::eigh(covariance)?.values;
    let sum: f64 = values.iter().map(|x| x.max(0.0)).sum();
    let terms = values.iter().map(|x| x.max(0.0) / sum).filter(|p| *p > 0.0).map(|p| -p * p.portable_ln());
    Ok(terms.sum::<f64>().portable_exp())
}
