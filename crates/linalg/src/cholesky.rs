//! The Cholesky decomposition of a symmetric positive definite matrix, and solutions with it.

use ndarray::{Array2, ArrayView2};

use crate::backend::chosen::Chosen;
use crate::backend::library::Backend;
use crate::{Error, error, scale};

/// Returns the lower triangular L with A = L L', shape (n, n). Only the lower triangle of A is read; the upper one of L
/// is zero.
///
/// Errors: not square, an entry that is not finite, not positive definite.
pub fn cholesky(a: ArrayView2<'_, f64>) -> Result<Array2<f64>, Error> {
    cholesky_with::<Chosen>(a)
}

/// [`cholesky`] with a given library.
pub fn cholesky_with<B: Backend>(a: ArrayView2<'_, f64>) -> Result<Array2<f64>, Error> {
    let size = error::square(&a)?;
    error::finite(&a)?;
    if size == 0 {
        return Ok(Array2::zeros((0, 0)));
    }
    // Without scaling: no product exceeds the largest entry, and a common unit would lose the small entries of a matrix
    // with 1e-300 and 1e300 on its diagonal.
    B::cholesky(&a).map_err(|pivot| Error::NotPositiveDefinite { pivot, size })
}

/// Returns X with L L' X = B, for the factor L from [`cholesky`], shape (n, n), and B of shape (n, k). X has the shape
/// of B.
///
/// Only the lower triangle of L is read. For one vector pass a B with one column: `b.insert_axis(Axis(1))`.
///
/// Errors: L not square, a different number of rows in B, an entry that is not finite, a diagonal entry of L that is
/// not positive, a result beyond the largest double.
pub fn cholesky_solve(l: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Result<Array2<f64>, Error> {
    cholesky_solve_with::<Chosen>(l, b)
}

/// [`cholesky_solve`] with a given library.
pub fn cholesky_solve_with<B: Backend>(l: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Result<Array2<f64>, Error> {
    let size = error::square(&l)?;
    error::shape("the right-hand side", b.dim(), (size, b.ncols()))?;
    error::finite(&l)?;
    error::finite(&b)?;
    if let Some(pivot) = l.diag().iter().position(|entry| !(*entry > 0.0)) {
        return Err(Error::NotPositiveDefinite { pivot, size });
    }
    if b.is_empty() {
        return Ok(Array2::zeros(b.dim()));
    }
    let x = B::cholesky_solve(&l, &b).ok_or(Error::NoConvergence { what: "triangular solve", shape: l.dim() })?;
    scale::in_range(&x)?;
    Ok(x)
}
