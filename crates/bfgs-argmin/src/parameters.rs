//! The argmin vector types that a problem may use.

use std::borrow::Cow;

use headstart_bfgs::{Error, InitialInverseHessian, PackedSymmetric};
use ndarray::{Array1, Array2};

/// A vector type of argmin: `Vec<f64>`, ndarray's `Array1<f64>` or, with the feature `nalgebra`, its `DVector<f64>`.
pub trait Parameters: Clone {
    /// The type of the inverse Hessian that argmin's own BFGS uses with this vector type.
    type Matrix;

    /// Makes a vector with these entries.
    fn from_entries(entries: &[f64]) -> Self;

    /// Returns the entries.
    fn entries(&self) -> Cow<'_, [f64]>;

    /// Converts a matrix of shape (n, n) to H0. Fails unless it is square, finite, symmetric and positive definite.
    fn h0(matrix: &Self::Matrix) -> Result<InitialInverseHessian, Error>;

    /// Converts an inverse Hessian to a matrix of shape (n, n).
    fn matrix(h: &PackedSymmetric) -> Self::Matrix;
}

impl Parameters for Array1<f64> {
    type Matrix = Array2<f64>;

    fn from_entries(entries: &[f64]) -> Self {
        Self::from(entries.to_vec())
    }

    fn entries(&self) -> Cow<'_, [f64]> {
        self.as_slice().map_or_else(|| Cow::Owned(self.to_vec()), Cow::Borrowed)
    }

    fn h0(matrix: &Array2<f64>) -> Result<InitialInverseHessian, Error> {
        InitialInverseHessian::from_dense(matrix.view())
    }

    fn matrix(h: &PackedSymmetric) -> Array2<f64> {
        h.to_dense()
    }
}

impl Parameters for Vec<f64> {
    type Matrix = Vec<Vec<f64>>;

    fn from_entries(entries: &[f64]) -> Self {
        entries.to_vec()
    }

    fn entries(&self) -> Cow<'_, [f64]> {
        Cow::Borrowed(self)
    }

    fn h0(matrix: &Vec<Vec<f64>>) -> Result<InitialInverseHessian, Error> {
        let n = matrix.len();
        if let Some(row) = matrix.iter().find(|row| row.len() != n) {
            return Err(Error::H0NotSquare { rows: n, columns: row.len() });
        }
        InitialInverseHessian::from_dense(Array2::from_shape_fn((n, n), |(i, j)| matrix[i][j]).view())
    }

    fn matrix(h: &PackedSymmetric) -> Vec<Vec<f64>> {
        h.to_dense().outer_iter().map(|row| row.to_vec()).collect()
    }
}

#[cfg(feature = "nalgebra")]
impl Parameters for nalgebra::DVector<f64> {
    type Matrix = nalgebra::DMatrix<f64>;

    fn from_entries(entries: &[f64]) -> Self {
        Self::from_column_slice(entries)
    }

    fn entries(&self) -> Cow<'_, [f64]> {
        Cow::Borrowed(self.as_slice())
    }

    fn h0(matrix: &nalgebra::DMatrix<f64>) -> Result<InitialInverseHessian, Error> {
        let shape = (matrix.nrows(), matrix.ncols());
        InitialInverseHessian::from_dense(Array2::from_shape_fn(shape, |(i, j)| matrix[(i, j)]).view())
    }

    fn matrix(h: &PackedSymmetric) -> nalgebra::DMatrix<f64> {
        let dense = h.to_dense();
        nalgebra::DMatrix::from_fn(dense.nrows(), dense.ncols(), |i, j| dense[[i, j]])
    }
}
