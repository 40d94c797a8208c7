//! The singular value decomposition, full or truncated.

use headstart_simd::Portable;
use ndarray::{Array1, Array2, ArrayView2, s};

use crate::backend::chosen::Chosen;
use crate::backend::library::Backend;
use crate::factors::Svd;
use crate::{Error, error, scale, sign};

/// Which singular values to keep: the fewest that satisfy `tolerance`, but at most `rank`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truncation {
    /// Maximum number of values; [`usize::MAX`] leaves the choice to `tolerance`.
    pub rank: usize,
    /// Largest error in the Frobenius norm, relative to the norm of A: the square root of the discarded weight of the
    /// density matrix renormalisation group. 0 keeps every value that is not exactly 0.
    pub tolerance: f64,
}

/// Decomposes a matrix of any shape (m, n).
///
/// Errors: an entry that is not finite, a singular value beyond the largest double, no convergence. Entries may have
/// any scale from 1e-300 to 1e300.
pub fn svd(a: ArrayView2<'_, f64>) -> Result<Svd, Error> {
    svd_with::<Chosen>(a)
}

/// [`svd`] with a given library.
pub fn svd_with<B: Backend>(a: ArrayView2<'_, f64>) -> Result<Svd, Error> {
    error::finite(&a)?;
    let (m, n) = a.dim();
    let p = m.min(n);
    let largest = scale::largest(&a);
    if largest == 0.0 {
        // Also the empty matrix.
        let eye = |shape| Array2::from_shape_fn(shape, |(row, col)| f64::from(u8::from(row == col)));
        return Ok(Svd { u: eye((m, p)), values: Array1::zeros(p), vt: eye((p, n)) });
    }
    let unit = scale::unit(largest);
    let mut found =
        B::svd(&(&a / unit).view()).ok_or(Error::NoConvergence { what: "singular values", shape: (m, n) })?;
    found.values *= unit;
    scale::in_range(&found.values)?;
    for (mut left, mut right) in found.u.columns_mut().into_iter().zip(found.vt.rows_mut()) {
        if sign::is_turned(left.view()) {
            left.mapv_inplace(|entry| -entry);
            right.mapv_inplace(|entry| -entry);
        }
    }
    Ok(found)
}

/// Returns the best approximation of lower rank (Eckart and Young 1936), and the Frobenius norm of its error.
///
/// It computes all values first, which is accurate but expensive if only few of many are kept. In that case,
/// [`highest_eigenpairs`](crate::highest_eigenpairs) of A A' gives the values well above 1e-8 of the largest.
///
/// Errors: those of [`svd`], and a tolerance that is negative or not finite.
pub fn svd_truncated(a: ArrayView2<'_, f64>, keep: Truncation) -> Result<(Svd, f64), Error> {
    if !(keep.tolerance >= 0.0 && keep.tolerance.is_finite()) {
        return Err(Error::BadTolerance { value: keep.tolerance });
    }
    let full = svd(a)?;
    // tails[r] is the norm of the error at rank r, divided by the largest value so that squares do not overflow.
    let largest = full.values.first().copied().unwrap_or(0.0);
    let mut tails = vec![0.0; full.values.len() + 1];
    for (rank, value) in full.values.iter().enumerate().rev().filter(|(_, value)| **value > 0.0) {
        tails[rank] = (value / largest).portable_hypot(tails[rank + 1]);
    }
    let allowed = keep.tolerance * tails[0];
    let rank = tails.iter().position(|tail| *tail <= allowed).unwrap_or(full.values.len()).min(keep.rank);
    let cut = Svd {
        u: full.u.slice(s![.., ..rank]).to_owned(),
        values: full.values.slice(s![..rank]).to_owned(),
        vt: full.vt.slice(s![..rank, ..]).to_owned(),
    };
    Ok((cut, tails[rank] * largest))
}
