//! Starts from principal components.

use headstart_linalg::{eigh, product};
use ndarray::{Array2, ArrayView2, Axis, s};
use rand::{Rng, RngExt};

use super::{Input, Start, scaled_with_noise};
use crate::Error;

/// Returns the first principal components of the data, scaled to +-10 with a little noise. Columns beyond the number of
/// features contain only noise.
///
/// Errors: only a graph was given, without data.
pub fn pca<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let (scores, multiply_adds) = scores(input.data_for("a start from principal components")?, input.dim)?;
    Ok(Start { layout: scaled_with_noise(&scores, rng), multiply_adds, health: None })
}

/// Returns the first principal components, scaled to a standard deviation of 1e-4 along the first (Kobak & Berens 2019,
/// for t-SNE).
///
/// Errors: only a graph was given, without data.
pub fn pca_small<R: Rng>(input: &Input<'_>, _: &mut R) -> Result<Start, Error> {
    let (scores, multiply_adds) = scores(input.data_for("a start from principal components")?, input.dim)?;
    let deviation = scores.column(0).std(0.0);
    let factor = if deviation > 0.0 { 1e-4 / deviation } else { 0.0 };
    Ok(Start { layout: scores.mapv(|x| (x * factor) as f32), multiply_adds, health: None })
}

/// Returns [`pca`] of the data with each column shuffled separately, which keeps the variance of every feature and
/// removes all correlations. It is the control of the starts from principal components.
///
/// Errors: only a graph was given, without data.
pub fn pca_of_shuffled_features<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let mut data = input.data_for("a start from principal components")?.to_owned();
    for mut column in data.columns_mut() {
        // Fisher-Yates shuffle.
        for i in (1..column.len()).rev() {
            column.swap(i, rng.random_range(0..=i));
        }
    }
    let (scores, multiply_adds) = scores(data.view(), input.dim)?;
    Ok(Start { layout: scaled_with_noise(&scores, rng), multiply_adds, health: None })
}

/// Scores on the first principal axes, from the smaller of the covariance and the Gram matrix, and their cost.
fn scores(data: ArrayView2<'_, f32>, dim: usize) -> Result<(Array2<f64>, u64), Error> {
    let mut centred = data.mapv(f64::from);
    let means = centred.mean_axis(Axis(0)).unwrap_or_default();
    centred -= &means;
    let (n, p) = centred.dim();
    let kept = dim.min(n).min(p);
    let mut scores = Array2::zeros((n, dim));
    if p <= n {
        let found = eigh(product(&centred.t(), &centred).view())?;
        let axes = found.vectors.slice(s![.., p - kept..;1]);
        // Eigenvalues ascend, so the last column is the first axis.
        scores.slice_mut(s![.., ..kept]).assign(&product(&centred, &axes).slice(s![.., ..;-1]));
    } else {
        let found = eigh(product(&centred, &centred.t()).view())?;
        for axis in 0..kept {
            let at = n - 1 - axis;
            let length = found.values[at].max(0.0).sqrt();
            scores.column_mut(axis).assign(&(&found.vectors.column(at) * length));
        }
    }
    let small = n.min(p);
    Ok((scores, (n * p * (small + kept) + 9 * small * small * small) as u64))
}
