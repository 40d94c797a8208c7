//! Global order of distances, and agreement of two layouts.

use headstart_linalg::{product, svd};
use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use crate::counter::{below, key, word};
use crate::{Error, error};

/// Reference for the distances of a layout.
#[derive(Clone, Copy, Debug)]
pub enum Reference<'a> {
    /// Euclidean distances between the rows of a table, shape (n, p).
    Points(ArrayView2<'a, f32>),
    /// Distances, shape (n, n).
    Distances(ArrayView2<'a, f32>),
}

impl Reference<'_> {
    fn check(&self, n: usize) -> Result<(), Error> {
        match self {
            Self::Points(points) => {
                error::table("the reference", points)?;
                error::shape("the reference", points.dim(), (n, points.ncols()))
            }
            Self::Distances(matrix) => {
                error::table("the reference", matrix)?;
                error::shape("the reference", matrix.dim(), (n, n))
            }
        }
    }

    /// A distance or its square; both have the same order.
    fn order(&self, i: usize, j: usize) -> f64 {
        match self {
            Self::Points(points) => squared(points, i, j),
            Self::Distances(matrix) => f64::from(matrix[[i, j]]),
        }
    }
}

fn squared(points: &ArrayView2<'_, f32>, i: usize, j: usize) -> f64 {
    points.row(i).iter().zip(points.row(j)).map(|(&x, &y)| (f64::from(x) - f64::from(y)).powi(2)).sum()
}

/// Returns Spearman's rank correlation of all pairwise distances, from -1 to 1; ties get their mean rank.
///
/// Needs memory for several times n² / 2 pairs: for more than a few thousand points pass a sample of both.
///
/// Errors: tables of different length or not finite, fewer than three points, distances that do not vary.
pub fn spearman(reference: Reference<'_>, layout: ArrayView2<'_, f32>) -> Result<f64, Error> {
    let n = checked(reference, &layout, 2)?;
    let pairs = |order: &(dyn Fn(usize, usize) -> f64 + Sync)| -> Vec<f64> {
        (1..n).into_par_iter().flat_map_iter(|i| (0..i).map(move |j| order(i, j))).collect()
    };
    let given = ranks(&pairs(&|i, j| reference.order(i, j)));
    let found = ranks(&pairs(&|i, j| squared(&layout, i, j)));
    let mean = (given.len() - 1) as f64 / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    let (of_given, of_found) = (product(&given, &given), product(&found, &found));
    for (what, spread) in [("the distances of the reference", of_given), ("the distances of the layout", of_found)] {
        if spread == 0.0 {
            return Err(Error::Constant { what, measure: "a rank correlation" });
        }
    }
    Ok(product(&given, &found) / (of_given * of_found).sqrt())
}

/// Ranks from 0; equal values get the mean of their positions.
fn ranks(values: &[f64]) -> Vec<f64> {
    // Values are sorted with their positions: looking them up in a table of millions would cost more than the sort.
    let mut order: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
    order.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for ties in order.chunk_by(|a, b| a.0 == b.0) {
        let mean = from as f64 + (ties.len() - 1) as f64 / 2.0;
        for &(_, at) in ties {
            ranks[at as usize] = mean;
        }
        from += ties.len();
    }
    ranks
}

/// Returns the fraction of `count` random triplets (i, j, k) for which the layout agrees on which of j and k is nearer
/// to i (Y. Wang et al., JMLR 22 (2021) 201). Chance gives 1/2. Triplets with tied distances in the reference are
/// skipped.
///
/// Errors: tables of different length or not finite, fewer than three points, only ties.
pub fn triplet_accuracy(
    reference: Reference<'_>,
    layout: ArrayView2<'_, f32>,
    count: usize,
    seed: u64,
) -> Result<f64, Error> {
    const PURPOSE: u64 = 0x7219;
    let n = checked(reference, &layout, 2)? as u32;
    let stream = key(&[seed, PURPOSE]);
    let (agreed, judged) = (0..count as u64)
        .into_par_iter()
        .map(|t| {
            // Three different points: the second index skips the first, the third skips both.
            let i = below(n, word(stream, 3 * t));
            let j = below(n - 1, word(stream, 3 * t + 1));
            let j = j + u32::from(j >= i);
            let k = below(n - 2, word(stream, 3 * t + 2));
            let k = k + u32::from(k >= i.min(j));
            let k = k + u32::from(k >= i.max(j));
            let (i, j, k) = (i as usize, j as usize, k as usize);
            let given = reference.order(i, j).total_cmp(&reference.order(i, k));
            let found = squared(&layout, i, j).total_cmp(&squared(&layout, i, k));
            (u64::from(given.is_ne() && given == found), u64::from(given.is_ne()))
        })
        .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    if judged == 0 {
        return Err(Error::Constant { what: "the reference", measure: "the accuracy of triplets" });
    }
    Ok(agreed as f64 / judged as f64)
}

/// Returns the Procrustes disparity of two layouts, from 0 to 1: the squared distance that remains when both are
/// centred and scaled to unit norm and one is rotated, reflected and scaled to fit the other
/// (`scipy.spatial.procrustes`).
///
/// Errors: layouts of different shape or not finite, a layout whose points all coincide.
pub fn procrustes(first: ArrayView2<'_, f32>, second: ArrayView2<'_, f32>) -> Result<f64, Error> {
    error::table("the first layout", &first)?;
    error::table("the second layout", &second)?;
    error::shape("the second layout", second.dim(), first.dim())?;
    let unit = |layout: ArrayView2<'_, f32>, what| -> Result<Array2<f64>, Error> {
        let layout = layout.mapv(f64::from);
        let mean = layout.mean_axis(Axis(0)).unwrap_or_default();
        let centred = layout - &mean;
        let norm = centred.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm == 0.0 { Err(Error::Constant { what, measure: "the disparity" }) } else { Ok(centred / norm) }
    };
    let (first, second) = (unit(first, "the first layout")?, unit(second, "the second layout")?);
    let overlap = svd(product(&first.t(), &second).view())?.values.sum();
    Ok((1.0 - overlap * overlap).max(0.0))
}

fn checked(reference: Reference<'_>, layout: &ArrayView2<'_, f32>, least: usize) -> Result<usize, Error> {
    error::table("the layout", layout)?;
    let n = layout.nrows();
    reference.check(n)?;
    if n <= least { Err(Error::TooFew { what: "a measure of distances", least, n }) } else { Ok(n) }
}
