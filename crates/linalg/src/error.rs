//! What can be wrong with a matrix, and the checks that find it before a decomposition sees it.

use ndarray::ArrayView2;

/// Why a decomposition was refused or failed. Rows and columns count from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The matrix has a different number of rows and columns.
    #[error("the matrix is {rows} x {columns}; this decomposition takes square ones: pass as many rows as columns")]
    NotSquare {
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
    /// An entry is NaN or infinite.
    #[error("entry ({row}, {col}) is {value}; every entry must be finite: repair or drop it first")]
    NonFinite {
        /// Row of the first such entry.
        row: usize,
        /// Column of the first such entry.
        col: usize,
        /// Its value.
        value: f64,
    },
    /// A Cholesky pivot was zero or negative.
    #[error(
        "pivot {pivot} (of 0..{size}) is not positive; Cholesky takes positive definite matrices: raise the smallest \
         eigenvalues, for example by adding a small multiple of the unit matrix"
    )]
    NotPositiveDefinite {
        /// The first pivot that failed: the leading block up to and with this row is not positive definite.
        pivot: usize,
        /// Size of the matrix.
        size: usize,
    },
    /// The iteration for the eigenvalues did not settle.
    #[error(
        "the eigenvalues of a {size} x {size} matrix did not converge; please report the matrix: none is known that fails"
    )]
    NoConvergence {
        /// Size of the matrix.
        size: usize,
    },
}

/// The size of a square matrix.
pub(crate) fn square(a: &ArrayView2<'_, f64>) -> Result<usize, Error> {
    let (rows, columns) = a.dim();
    if rows == columns { Ok(rows) } else { Err(Error::NotSquare { rows, columns }) }
}

/// Refuses NaN and infinity: they would spread through a decomposition without a word.
pub(crate) fn finite(a: &ArrayView2<'_, f64>) -> Result<(), Error> {
    match a.indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some(((row, col), &value)) => Err(Error::NonFinite { row, col, value }),
    }
}
