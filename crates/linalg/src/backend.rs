//! The one file that names faer. It is given matrices that are square and finite.

use faer::linalg::solvers::LltError;
use faer::{Mat, MatRef, Side};
use ndarray::{Array1, Array2, ArrayView2};

use crate::Eigh;

/// `None` where the iteration did not converge.
pub(crate) fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh> {
    let found = to_faer(a).self_adjoint_eigen(Side::Lower).ok()?;
    let values = found.S().column_vector();
    Some(Eigh { values: Array1::from_shape_fn(values.nrows(), |i| values[i]), vectors: from_faer(found.U()) })
}

/// The error is the index of the pivot that was not positive.
pub(crate) fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
    match to_faer(a).llt(Side::Lower) {
        Ok(found) => Ok(from_faer(found.L())),
        Err(LltError::NonPositivePivot { index }) => Err(index),
    }
}

fn to_faer(a: &ArrayView2<'_, f64>) -> Mat<f64> {
    Mat::from_fn(a.nrows(), a.ncols(), |row, col| a[[row, col]])
}

fn from_faer(a: MatRef<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), a.ncols()), |(row, col)| a[(row, col)])
}
