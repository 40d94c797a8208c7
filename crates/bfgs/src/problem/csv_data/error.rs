//! What can be wrong with a table as a regression problem.

use crate::problem::ProblemError;

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The file is no table of numbers.
    #[error(transparent)]
    Table(#[from] headstart_table::Error),
    /// The target has one value only.
    #[error("the target {column:?} is {value:?} in every row; it must take at least two values: choose another column")]
    ConstantTarget {
        /// Name of the column.
        column: String,
        /// Its value.
        value: String,
    },
    /// The target is text of more than two values.
    #[error(
        "the target {column:?} has more than two values and {value:?} in line {line} is not a number; a target is two \
         values of any kind, or numbers: keep two classes, or encode them as numbers"
    )]
    TextTarget {
        /// Name of the column.
        column: String,
        /// Line of the first cell that is not a number.
        line: u64,
        /// That cell.
        value: String,
    },
    /// No feature varies.
    #[error(
        "besides the target {target:?} no column varies (constant: {}); at least one feature must take two values",
        dropped.join(", ")
    )]
    NoFeatures {
        /// Name of the target.
        target: String,
        /// The constant columns.
        dropped: Vec<String>,
    },
    /// The table was read, and is no problem that can be solved.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}
