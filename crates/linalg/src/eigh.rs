//! Eigenvalues and eigenvectors of a symmetric matrix.

use ndarray::{Array1, Array2, ArrayView2};

use crate::backend::chosen::Chosen;
use crate::backend::library::Backend;
use crate::factors::Eigh;
use crate::{Error, error, scale, sign};

/// Decomposes a symmetric matrix of shape (n, n); only its lower triangle is read.
///
/// Errors: not square, an entry that is not finite, an eigenvalue beyond the largest double, no convergence. Entries
/// may have any scale from 1e-300 to 1e300.
pub fn eigh(a: ArrayView2<'_, f64>) -> Result<Eigh, Error> {
    eigh_with::<Chosen>(a)
}

/// [`eigh`] with a given library.
pub fn eigh_with<B: Backend>(a: ArrayView2<'_, f64>) -> Result<Eigh, Error> {
    let size = error::square(&a)?;
    error::finite(&a)?;
    // Copies the lower triangle to the upper one. The given upper triangle must not even affect the scale, and
    // ndarray-linalg 0.17 reads it in a row-major matrix although the lower one is requested.
    let mut whole = Array2::from_shape_fn(a.dim(), |(row, col)| a[[row.max(col), row.min(col)]]);
    let largest = scale::largest(&whole);
    if largest == 0.0 {
        // Also the empty matrix.
        return Ok(Eigh { values: Array1::zeros(size), vectors: Array2::eye(size) });
    }
    let unit = scale::unit(largest);
    whole /= unit;
    let mut found = B::eigh(&whole.view()).ok_or(Error::NoConvergence { what: "eigenvalues", shape: a.dim() })?;
    found.values *= unit;
    scale::in_range(&found.values)?;
    for mut vector in found.vectors.columns_mut() {
        if sign::is_turned(vector.view()) {
            vector.mapv_inplace(|entry| -entry);
        }
    }
    Ok(found)
}
