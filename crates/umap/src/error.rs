//! Errors about data, options, graphs and layouts.

use headstart_check::OutOfRange;
use ndarray::ArrayView2;

/// An error of this crate. Rows and columns count from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data have no rows or no columns.
    #[error("{what} is {rows} x {columns}; at least one row and one column are needed")]
    Empty {
        /// The table.
        what: &'static str,
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
    /// Rows of different lengths.
    #[error("row {row} has {given} entries, row 0 has {expected}; all rows need the same number of entries")]
    Ragged {
        /// The first row that differs.
        row: usize,
        /// Its length.
        given: usize,
        /// The length of row 0.
        expected: usize,
    },
    /// NaN or infinity.
    #[error("entry ({row}, {col}) of {what} is {value}; every entry must be finite: correct it or drop its row")]
    NonFinite {
        /// The table.
        what: &'static str,
        /// Row of the first such entry.
        row: usize,
        /// Its column.
        col: usize,
        /// Its value.
        value: f32,
    },
    /// Numbers so large that squared distances overflow single precision.
    #[error(
        "entry ({row}, {col}) of {what} is {value:e}; absolute values must be at most 1e15: divide the data by a \
         constant"
    )]
    TooLarge {
        /// The table.
        what: &'static str,
        /// Row of the first such entry.
        row: usize,
        /// Its column.
        col: usize,
        /// Its value.
        value: f32,
    },
    /// A number of neighbours that is out of range for the data.
    #[error(
        "{k} neighbours of {n} points: the number includes the point itself and must be at least 2 and less than the \
         number of points; choose from 2 to {}",
        n.saturating_sub(1)
    )]
    Neighbours {
        /// The number of neighbours, the point itself included.
        k: usize,
        /// The number of points.
        n: usize,
    },
    /// More points than a 32-bit index can address.
    #[error("{n} points are too many: at most {} are allowed; use a sample", u32::MAX)]
    TooManyPoints {
        /// The number of points.
        n: usize,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// An array of the wrong shape.
    #[error("{what} is {} x {}, but must be {} x {}", given.0, given.1, expected.0, expected.1)]
    Shape {
        /// Which array.
        what: &'static str,
        /// Its shape.
        given: (usize, usize),
        /// The shape needed.
        expected: (usize, usize),
    },
    /// An invalid neighbour graph.
    #[error("row {row} of the neighbour graph, entry {entry}: {what}")]
    Graph {
        /// The first invalid row.
        row: usize,
        /// The invalid entry of the row.
        entry: usize,
        /// The fault and what is allowed.
        what: &'static str,
    },
    /// An invalid edge.
    #[error("edge {edge}: {what}; correct or remove it")]
    Edge {
        /// Its index in the list.
        edge: usize,
        /// The fault.
        what: &'static str,
    },
    /// A start or measure that needs the data when only a graph was given.
    #[error(
        "{what} needs the data, but only a neighbour graph was given; call `fit` with the data, or use another start"
    )]
    NeedsData {
        /// The start or measure.
        what: &'static str,
    },
    /// Too few points for a measure.
    #[error("{what} needs more than {least} points and got {n}; pass more points, or a smaller k")]
    TooFew {
        /// The measure.
        what: &'static str,
        /// The largest number of points that is too small.
        least: usize,
        /// Number of points passed.
        n: usize,
    },
    /// Points or distances that do not vary, so that they define neither order nor scale.
    #[error("{what} does not vary, so {measure} is undefined; pass points that differ")]
    Constant {
        /// The constant quantity.
        what: &'static str,
        /// The measure that cannot be computed.
        measure: &'static str,
    },
    /// The layout diverged.
    #[error("the layout diverged (not finite) in epoch {epoch}; lower `learning_rate`, or start from a smaller layout")]
    Diverged {
        /// Number of epochs done.
        epoch: usize,
    },
    /// A matrix decomposition failed.
    #[error("a matrix decomposition failed")]
    Decomposition(#[from] headstart_linalg::Error),
}

/// Beyond this, sums of squares of a thousand entries overflow single precision.
const LARGEST: f32 = 1e15;

/// Refuses empty tables, NaN, infinities and numbers whose squares would overflow.
pub(crate) fn table(what: &'static str, data: &ArrayView2<'_, f32>) -> Result<(), Error> {
    let (rows, columns) = data.dim();
    if rows == 0 || columns == 0 {
        return Err(Error::Empty { what, rows, columns });
    }
    if rows > u32::MAX as usize {
        return Err(Error::TooManyPoints { n: rows });
    }
    match data.indexed_iter().find(|(_, value)| !(value.abs() <= LARGEST)) {
        None => Ok(()),
        Some(((row, col), &value)) if value.is_finite() => Err(Error::TooLarge { what, row, col, value }),
        Some(((row, col), &value)) => Err(Error::NonFinite { what, row, col, value }),
    }
}

/// Refuses an array of the wrong shape.
pub(crate) fn shape(what: &'static str, given: (usize, usize), expected: (usize, usize)) -> Result<(), Error> {
    if given == expected { Ok(()) } else { Err(Error::Shape { what, given, expected }) }
}
