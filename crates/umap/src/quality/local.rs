//! Local quality: preservation of neighbourhoods.

use headstart_check::check;
use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

use crate::{Error, Metric, Neighbours, error};

/// Returns the trustworthiness, from 0 to 1: how rarely points are neighbours in the layout but not in the data (J.
/// Venna & S. Kaski, ICANN 2001; scikit-learn's `trustworthiness`). It is 1 - 2 / (n k (2n - 3k - 1)) times a sum over
/// the `k` nearest in the layout of every point: the amount by which their rank among the Euclidean distances of the
/// data exceeds k.
///
/// Takes time n² p and memory n k.
///
/// Errors: tables of different length or not finite, a k of n/2 or more.
pub fn trustworthiness(data: ArrayView2<'_, f32>, layout: ArrayView2<'_, f32>, k: usize) -> Result<f64, Error> {
    let nearest = neighbourhoods(data, layout, k)?;
    let n = data.nrows();
    let excess: u64 = (0..n)
        .into_par_iter()
        .map(|i| {
            let own = data.row(i);
            let squares: Vec<f64> = data
                .axis_iter(Axis(0))
                .map(|other| own.iter().zip(other).map(|(&x, &y)| (f64::from(x) - f64::from(y)).powi(2)).sum())
                .collect();
            let found = nearest.indices();
            let found = found.row(i);
            // A point nearer than the k-th nearest (after the point itself) has a rank of at most k. Most points are,
            // and need no count.
            let mut ordered = squares.clone();
            let (_, kth, _) = ordered.select_nth_unstable_by(k, f64::total_cmp);
            let kth = *kth;
            let strangers = found.iter().skip(1).map(|&j| j as usize).filter(|&j| squares[j] >= kth);
            let excess = strangers.map(|j| {
                let before =
                    |(other, square): (usize, &f64)| *square < squares[j] || (*square == squares[j] && other < j);
                let rank =
                    1 + squares.iter().enumerate().filter(|(other, _)| *other != i).filter(|&x| before(x)).count();
                rank.saturating_sub(k) as u64
            });
            excess.sum::<u64>()
        })
        .sum();
    let (n, k) = (n as f64, k as f64);
    Ok(1.0 - excess as f64 * 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)))
}

/// Returns the continuity, from 0 to 1: how rarely neighbours in the data are separated in the layout. It is the
/// trustworthiness with the tables exchanged.
///
/// Errors: as for [`trustworthiness`].
pub fn continuity(data: ArrayView2<'_, f32>, layout: ArrayView2<'_, f32>, k: usize) -> Result<f64, Error> {
    trustworthiness(layout, data, k)
}

/// Returns the fraction of the `k` nearest neighbours in the data, excluding the point itself, that are also nearest
/// neighbours in the layout.
///
/// Errors: as for [`trustworthiness`].
pub fn neighbour_recall(data: ArrayView2<'_, f32>, layout: ArrayView2<'_, f32>, k: usize) -> Result<f64, Error> {
    let there = neighbourhoods(data, layout, k)?;
    let here = neighbourhoods(layout, data, k)?;
    let (here, there) = (here.indices(), there.indices());
    let kept = here.rows().into_iter().zip(there.rows()).map(|(here, there)| {
        here.iter().skip(1).filter(|index| there.iter().skip(1).any(|other| other == *index)).count()
    });
    Ok(kept.sum::<usize>() as f64 / (data.nrows() * k) as f64)
}

/// The k nearest neighbours in the second table, after the point itself.
fn neighbourhoods(data: ArrayView2<'_, f32>, layout: ArrayView2<'_, f32>, k: usize) -> Result<Neighbours, Error> {
    error::table("the data", &data)?;
    error::shape("the layout", layout.dim(), (data.nrows(), layout.ncols()))?;
    check(k > 0, "k", 0.0, "at least 1")?;
    if 2 * k >= data.nrows() {
        return Err(Error::TooFew { what: "a measure of neighbourhoods", least: 2 * k, n: data.nrows() });
    }
    Neighbours::exact(layout, k + 1, Metric::Euclidean)
}
