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
    /// An argument does not fit the others.
    #[error("{what} is {} x {}, but {} x {} is needed to fit the rest", found.0, found.1, needed.0, needed.1)]
    Shape {
        /// Which argument.
        what: &'static str,
        /// Its rows and columns.
        found: (usize, usize),
        /// What they should be.
        needed: (usize, usize),
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
    /// The answer is beyond the largest double.
    #[error("the answer is beyond the largest double; divide the matrix by its largest entry first")]
    Overflow,
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
    /// A dense decomposition did not settle.
    #[error(
        "{what} of a {} x {} matrix did not converge; no such matrix is known, so please report this one",
        shape.0, shape.1
    )]
    NoConvergence {
        /// What was sought.
        what: &'static str,
        /// Rows and columns of the matrix.
        shape: (usize, usize),
    },
    /// Lanczos ran out of operator applications.
    #[error(
        "{applications} operator applications did not settle the {wanted} eigenpairs (residuals of the pairs still \
         sought: {}); allow more applications or a larger subspace, or ask for less accuracy",
        brief(residuals)
    )]
    Unsettled {
        /// How many eigenpairs were wanted.
        wanted: usize,
        /// How often the operator was applied.
        applications: usize,
        /// Residual norms of the best estimates of the pairs that were still being sought, from the end of the spectrum
        /// inwards.
        residuals: Vec<f64>,
    },
    /// More eigenpairs are wanted than there are.
    #[error("{wanted} eigenpairs are wanted of an operator that has {available} besides the deflated vectors")]
    TooMany {
        /// How many eigenpairs were wanted.
        wanted: usize,
        /// How many there are.
        available: usize,
    },
    /// A tolerance must be finite and not negative.
    #[error("the tolerance is {value}; it must be finite and not negative")]
    BadTolerance {
        /// The tolerance.
        value: f64,
    },
    /// An operator's product has an entry that is NaN or infinite.
    #[error("entry {index} of the operator's product is {value}, although what it was applied to is finite")]
    NonFiniteProduct {
        /// Index of the first such entry.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// An operator turned out not to be symmetric.
    #[error(
        "the operator is not symmetric: x'Ay and y'Ax differ by {gap:.1e} of its norm; make it symmetric, for example \
         as the mean of itself and its transpose"
    )]
    NotSymmetric {
        /// The difference that was seen, relative to the largest eigenvalue estimate.
        gap: f64,
    },
    /// The arrays of a compressed sparse row matrix do not belong together.
    #[error("the arrays of a sparse matrix do not belong together: {what}")]
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

/// The size of a square matrix.
pub(crate) fn square(a: &ArrayView2<'_, f64>) -> Result<usize, Error> {
    let (rows, columns) = a.dim();
    if rows == columns { Ok(rows) } else { Err(Error::NotSquare { rows, columns }) }
}

/// Refuses an argument that does not fit the others.
pub(crate) fn shape(what: &'static str, found: (usize, usize), needed: (usize, usize)) -> Result<(), Error> {
    if found == needed { Ok(()) } else { Err(Error::Shape { what, found, needed }) }
}

/// Refuses NaN and infinity: they would spread through a decomposition without a word.
pub(crate) fn finite(a: &ArrayView2<'_, f64>) -> Result<(), Error> {
    match a.indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some(((row, col), &value)) => Err(Error::NonFinite { row, col, value }),
    }
}
