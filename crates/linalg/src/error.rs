//! Errors, and the checks of arguments before a decomposition.

use ndarray::ArrayView2;

/// Why a decomposition was refused or failed. Rows and columns are counted from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The matrix has a different number of rows and columns.
    #[error("the matrix is {rows} x {columns}; it must be square")]
    NotSquare {
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
    /// The shape of an argument does not match the others.
    #[error("{what} is {} x {}; it must be {} x {} to match the other arguments", found.0, found.1, needed.0, needed.1)]
    Shape {
        /// The argument.
        what: &'static str,
        /// Its rows and columns.
        found: (usize, usize),
        /// The required rows and columns.
        needed: (usize, usize),
    },
    /// An entry is NaN or infinite.
    #[error("entry ({row}, {col}) is {value}; every entry must be finite: correct or remove it")]
    NonFinite {
        /// Row of the first such entry.
        row: usize,
        /// Column of the first such entry.
        col: usize,
        /// Its value.
        value: f64,
    },
    /// The result is beyond the largest double.
    #[error("the result is beyond the largest double; divide the matrix by its largest entry first")]
    Overflow,
    /// A Cholesky pivot was zero or negative.
    #[error(
        "pivot {pivot} (of 0..{size}) is not positive; the matrix must be positive definite: raise the smallest \
         eigenvalues, for example by adding a small multiple of the identity"
    )]
    NotPositiveDefinite {
        /// The first pivot that failed: the leading block up to and including this row is not positive definite.
        pivot: usize,
        /// Size of the matrix.
        size: usize,
    },
    /// A dense decomposition did not converge.
    #[error(
        "{what} of a {} x {} matrix did not converge; this is not known to happen, so please report the matrix",
        shape.0, shape.1
    )]
    NoConvergence {
        /// The computed quantity.
        what: &'static str,
        /// Rows and columns of the matrix.
        shape: (usize, usize),
    },
    /// Lanczos ran out of operator applications.
    #[error(
        "the {wanted} eigenpairs did not converge in {applications} operator applications (residuals of the unconverged \
         pairs: {}); allow more applications or a larger subspace, or raise the tolerance",
        brief(residuals)
    )]
    Unsettled {
        /// Number of requested eigenpairs.
        wanted: usize,
        /// How often the operator was applied.
        applications: usize,
        /// Residual norms of the best estimates of the unconverged pairs, from the end of the spectrum inwards.
        residuals: Vec<f64>,
    },
    /// More eigenpairs are requested than exist.
    #[error("cannot compute {wanted} eigenpairs: the operator has only {available} besides the deflated vectors")]
    TooMany {
        /// How many eigenpairs were wanted.
        wanted: usize,
        /// Number of eigenpairs that exist.
        available: usize,
    },
    /// A tolerance must be finite and not negative.
    #[error("the tolerance is {value}; it must be finite and not negative")]
    BadTolerance {
        /// The tolerance.
        value: f64,
    },
    /// An operator's product has an entry that is NaN or infinite.
    #[error("entry {index} of the operator's product is {value}; products with finite vectors must be finite")]
    NonFiniteProduct {
        /// Index of the first such entry.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// The operator is not symmetric.
    #[error(
        "the operator is not symmetric: x'Ay and y'Ax differ by {gap:.1e} of its norm; make it symmetric, for example by \
         the mean of the operator and its transpose"
    )]
    NotSymmetric {
        /// The observed difference, relative to the largest eigenvalue estimate.
        gap: f64,
    },
    /// The arrays of a compressed sparse row matrix are inconsistent.
    #[error("the arrays of a sparse matrix are inconsistent: {what}")]
    BadSparse {
        /// What is wrong.
        what: String,
    },
}

fn brief(residuals: &[f64]) -> String {
    let mut words: Vec<String> = residuals.iter().take(5).map(|residual| format!("{residual:.1e}")).collect();
    if residuals.len() > words.len() {
        words.push("...".into());
    }
    words.join(", ")
}

/// Returns the size of a square matrix.
pub(crate) fn square(a: &ArrayView2<'_, f64>) -> Result<usize, Error> {
    let (rows, columns) = a.dim();
    if rows == columns { Ok(rows) } else { Err(Error::NotSquare { rows, columns }) }
}

/// Refuses an argument whose shape does not match the others.
pub(crate) fn shape(what: &'static str, found: (usize, usize), needed: (usize, usize)) -> Result<(), Error> {
    if found == needed { Ok(()) } else { Err(Error::Shape { what, found, needed }) }
}

/// Refuses NaN and infinity, which would silently spread through a decomposition.
pub(crate) fn finite(a: &ArrayView2<'_, f64>) -> Result<(), Error> {
    match a.indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some(((row, col), &value)) => Err(Error::NonFinite { row, col, value }),
    }
}
