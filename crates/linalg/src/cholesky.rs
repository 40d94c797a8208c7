//! The Cholesky factor of a symmetric positive definite matrix.

use ndarray::{Array2, ArrayView2};

use crate::{Error, backend, error};

/// The lower triangular L with A = L L', shape (n, n); only the lower triangle of A is read, the upper one of L is zero.
pub fn cholesky(a: ArrayView2<'_, f64>) -> Result<Array2<f64>, Error> {
    let size = error::square(&a)?;
    error::finite(&a)?;
    if size == 0 {
        return Ok(Array2::zeros((0, 0)));
    }
    backend::cholesky(&a).map_err(|pivot| Error::NotPositiveDefinite { pivot, size })
}
