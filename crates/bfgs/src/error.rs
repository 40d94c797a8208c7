//! Errors before and during a run.

use std::fmt;

use headstart_check::OutOfRange;

/// Why a matrix, a start or an option was refused, or why a run failed. Rows and columns count from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A vector or matrix does not have the size of the problem.
    #[error("{what} has {given} entries, but the problem has {expected} unknowns; pass {expected} entries")]
    Dimension {
        /// What was passed.
        what: &'static str,
        /// Its size.
        given: usize,
        /// The number of unknowns.
        expected: usize,
    },
    /// A stored triangle has the wrong length.
    #[error("the packed triangle for {n} unknowns has {given} entries, but needs {expected}; store the matrix again")]
    PackedLength {
        /// The number of unknowns that was stored with it.
        n: usize,
        /// The number of entries.
        given: usize,
        /// The number of entries that it needs, n(n+1)/2.
        expected: usize,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A matrix given as H0 is not square.
    #[error("H0 has shape {rows} x {columns}; it must be square, with one row and one column per unknown")]
    H0NotSquare {
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
    /// A matrix given as H0 holds NaN or infinity.
    #[error("entry ({row}, {col}) of H0 is {value}; every entry must be finite")]
    H0NonFinite {
        /// Row of the first such entry.
        row: usize,
        /// Column of the first such entry.
        col: usize,
        /// Its value.
        value: f64,
    },
    /// A matrix given as H0 is not symmetric, by more than rounding explains.
    #[error(
        "H0 is not symmetric: entry ({row}, {col}) is {lower}, but its mirror entry is {upper}; they may differ by at \
         most 1e-8 of their size: pass (H0 + H0')/2 to use the symmetric part"
    )]
    H0Asymmetric {
        /// Row of the worst entry, below the diagonal.
        row: usize,
        /// Its column.
        col: usize,
        /// The entry.
        lower: f64,
        /// The mirror entry, above the diagonal.
        upper: f64,
    },
    /// A matrix given as H0 has an eigenvalue that is zero or negative.
    #[error(
        "H0 is not positive definite: pivot {pivot} of its Cholesky factorisation is not positive; raise its smallest \
         eigenvalues, for example by adding a small multiple of the identity"
    )]
    H0NotPositiveDefinite {
        /// Index of the pivot.
        pivot: usize,
    },
    /// -H0 g is not a descent direction.
    #[error(
        "the slope along -H0 g is {slope}; it must be negative and finite: choose a positive definite H0, or rescale \
         f if the square of its gradient overflows"
    )]
    NotDescent {
        /// The slope g'd at the starting point.
        slope: f64,
    },
    /// The value or the gradient is not finite at the starting point.
    #[error(
        "the value at the starting point {at} is {value}, or its gradient is not finite; start where both are finite"
    )]
    NonFiniteStart {
        /// The value there.
        value: f64,
        /// The point.
        at: Point,
    },
    /// A pilot made no step with curvature, so no start can be made from it.
    #[error(
        "the pilot run made no step with curvature in {evaluations} evaluations; allow more evaluations, or choose \
         another x0"
    )]
    NoPairs {
        /// Evaluations the pilot used.
        evaluations: u64,
    },
    /// A start needs the pairs of a pilot, and the pilot's run did not keep them.
    #[error("the pilot's run did not keep its pairs (s, y); set `keep_pairs` in its options, or use `pilot_full`")]
    PairsNotKept,
    /// The eigendecomposition of the exact Hessian failed.
    #[error("the exact Hessian could not be inverted")]
    Decomposition(#[from] headstart_linalg::Error),
}

/// A point in an error message; of a long one only the first entries are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Point(pub Vec<f64>);

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 4;
        write!(f, "x = [")?;
        for (i, x) in self.0.iter().take(SHOWN).enumerate() {
            write!(f, "{}{x}", if i == 0 { "" } else { ", " })?;
        }
        if self.0.len() > SHOWN {
            write!(f, ", ... {} more", self.0.len() - SHOWN)?;
        }
        write!(f, "]")
    }
}
