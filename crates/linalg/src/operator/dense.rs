//! A dense symmetric matrix as an operator.

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, CowArray, Ix2, s};

use super::SymmetricOperator;
use crate::{Error, error};

/// A dense symmetric matrix. As everywhere in this crate, only the lower triangle is read.
#[derive(Clone, Debug)]
pub struct DenseSymmetric<'a> {
    /// Row-major, since products run along rows.
    matrix: CowArray<'a, f64, Ix2>,
}

impl<'a> DenseSymmetric<'a> {
    /// Creates an operator from a matrix of shape (n, n), which is copied only if its rows are not contiguous.
    ///
    /// Errors: not square, an entry that is not finite.
    pub fn new(a: ArrayView2<'a, f64>) -> Result<Self, Error> {
        error::square(&a)?;
        error::finite(&a)?;
        let matrix = if a.is_standard_layout() { a.into() } else { a.as_standard_layout().into_owned().into() };
        Ok(Self { matrix })
    }
}

impl SymmetricOperator for DenseSymmetric<'_> {
    fn dim(&self) -> usize {
        self.matrix.nrows()
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        let (x, mut y) = (ArrayView1::from(x), ArrayViewMut1::from(y));
        // Each row of the triangle is used twice, as a row and as a column, since memory bandwidth limits the product.
        for (i, row) in self.matrix.rows().into_iter().enumerate() {
            let row = row.slice_move(s![..i]);
            let diagonal = self.matrix[[i, i]] * x[i];
            y[i] = row.dot(&x.slice(s![..i])) + diagonal;
            y.slice_mut(s![..i]).scaled_add(x[i], &row);
        }
    }
}
