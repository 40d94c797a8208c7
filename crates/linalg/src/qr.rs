//! The QR decomposition.

use ndarray::{Array2, ArrayView2, Axis};

use crate::backend::chosen::Chosen;
use crate::backend::library::Backend;
use crate::factors::Qr;
use crate::{Error, error, scale};

/// Decomposes a matrix of any shape (m, n), without pivoting.
///
/// The diagonal of R is not negative, which makes the result unique if A has full rank. The accuracy of each column is
/// relative to its own size, not to that of the others.
///
/// Errors: an entry that is not finite, an entry of R beyond the largest double.
pub fn qr(a: ArrayView2<'_, f64>) -> Result<Qr, Error> {
    qr_with::<Chosen>(a)
}

/// [`qr`] with a given library.
pub fn qr_with<B: Backend>(a: ArrayView2<'_, f64>) -> Result<Qr, Error> {
    error::finite(&a)?;
    let (m, n) = a.dim();
    if m == 0 || n == 0 {
        return Ok(Qr { q: Array2::zeros((m, 0)), r: Array2::zeros((0, n)) });
    }
    // A D = Q (R D) for diagonal D, so every column can have its own unit.
    let mut scaled = a.to_owned();
    let mut units = Vec::with_capacity(n);
    for mut column in scaled.columns_mut() {
        let unit = scale::unit(scale::largest(&column));
        column /= unit;
        units.push(unit);
    }
    let mut found = B::qr(&scaled.view()).ok_or(Error::NoConvergence { what: "QR", shape: (m, n) })?;
    for (mut column, unit) in found.r.columns_mut().into_iter().zip(units) {
        column *= unit;
    }
    scale::in_range(&found.r)?;
    for i in 0..m.min(n) {
        if found.r[[i, i]] < 0.0 {
            found.r.index_axis_mut(Axis(0), i).mapv_inplace(|entry| -entry);
            found.q.index_axis_mut(Axis(1), i).mapv_inplace(|entry| -entry);
        }
    }
    Ok(found)
}
