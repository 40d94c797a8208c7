//! The vector types of argmin that a problem may be written in.

use std::borrow::Cow;

use headstart_bfgs::{Error, InitialInverseHessian};
use ndarray::{Array1, Array2};

/// A vector type of argmin: `Vec<f64>` or ndarray's `Array1<f64>`.
pub trait Parameters: Clone {
    /// What argmin's own BFGS takes as inverse Hessian beside such a vector.
    type Matrix;

    /// The vector with these entries.
    fn from_entries(entries: &[f64]) -> Self;

    /// Its entries.
    fn entries(&self) -> Cow<'_, [f64]>;

    /// The matrix as H0, shape (n, n); refused if not square, finite, symmetric and positive definite.
    fn h0(matrix: &Self::Matrix) -> Result<InitialInverseHessian, Error>;
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
}
