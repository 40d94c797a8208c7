//! What can go wrong before and in a run.

use std::fmt;

use headstart_check::OutOfRange;

/// Why a matrix, a start or an option was refused, or a run broke down. Rows and columns count from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two sizes that must agree do not.
    #[error("{what} has {given} entries and the problem {expected} unknowns; pass {expected} entries")]
    Dimension {
        /// What was passed.
        what: &'static str,
        /// Its size.
        given: usize,
        /// The number of unknowns.
        expected: usize,
    },
    /// A stored triangle has the wrong length.
    #[error("a packed triangle for {n} unknowns has {given} entries; it must have {expected}: store it again")]
    PackedLength {
        /// The number of unknowns it says it is for.
        n: usize,
        /// How many numbers it has.
        given: usize,
        /// n(n+1)/2.
        expected: usize,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A matrix given as H0 is not square.
    #[error("H0 is {rows} x {columns}; it must be square, one row and one column per unknown")]
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
    /// A matrix given as H0 is not symmetric, beyond what rounding explains.
    #[error(
        "H0 is not symmetric: entry ({row}, {col}) is {lower}, its mirror image {upper}; they may differ by 1e-8 of \
         their size: pass (H0 + H0')/2 if that is what you mean"
    )]
    H0Asymmetric {
        /// Row of the worst entry, below the diagonal.
        row: usize,
        /// Its column.
        col: usize,
        /// The entry.
        lower: f64,
        /// Its mirror image.
        upper: f64,
    },
    /// A matrix given as H0 has a direction without curvature or with a negative one.
    #[error(
        "H0 is not positive definite: Cholesky's pivot {pivot} is not positive; raise its smallest eigenvalues, for \
         example by adding a small multiple of the unit matrix"
    )]
    H0NotPositiveDefinite {
        /// Index of the pivot.
        pivot: usize,
    },
    /// -H0 g does not point downhill.
    #[error(
        "the direction -H0 g has slope {slope}; it must be negative and finite: choose a positive definite H0, or rescale \
         f if its gradient is too large to be squared"
    )]
    NotDescent {
        /// g'd at the starting point.
        slope: f64,
    },
    /// The value or the gradient is not finite at the starting point.
    #[error("the value is {value} at the starting point {at}, or its gradient not finite; start where both are")]
    NonFiniteStart {
        /// The value there.
        value: f64,
        /// The point.
        at: Point,
    },
    /// The value or the gradient is not finite however short the step.
    #[error(
        "the value is {value} at {at}, or its gradient not finite, although the step was cut to {step:e} of the \
         direction; make the objective finite around this point, or start elsewhere"
    )]
    NonFinite {
        /// The value there.
        value: f64,
        /// Factor of the search direction.
        step: f64,
        /// The point.
        at: Point,
    },
    /// A pilot took no step, so it has no curvature to pass on.
    #[error("the pilot run made no step with curvature in {evaluations} evaluations; give it more, or another x0")]
    NoPairs {
        /// Evaluations the pilot used.
        evaluations: u64,
    },
    /// A decomposition failed.
    #[error("the exact Hessian could not be inverted")]
    Decomposition(#[from] headstart_linalg::Error),
}

/// A point named by an error; long ones are shown by their first entries.
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
