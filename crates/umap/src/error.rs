//! What can be wrong with data, options, graphs and layouts.

use headstart_check::OutOfRange;
use ndarray::ArrayView2;

/// Why something was refused, or a decomposition failed. Rows and columns count from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data have no rows or no columns.
    #[error("{what} is {rows} x {columns}; at least one row and one column are needed: pass some data")]
    Empty {
        /// What was passed.
        what: &'static str,
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
    /// Rows of different lengths.
    #[error("row {row} has {given} entries, row 0 has {expected}; give all rows the same number of entries")]
    Ragged {
        /// The first row that differs.
        row: usize,
        /// Its length.
        given: usize,
        /// The length of row 0.
        expected: usize,
    },
    /// NaN or infinity.
    #[error("entry ({row}, {col}) of {what} is {value}; every entry must be finite: repair it or drop its row")]
    NonFinite {
        /// What was passed.
        what: &'static str,
        /// Row of the first such entry.
        row: usize,
        /// Its column.
        col: usize,
        /// Its value.
        value: f32,
    },
    /// Numbers so large that their squared distances leave single precision.
    #[error(
        "entry ({row}, {col}) of {what} is {value:e}; entries must be below 1e15 in size: divide the data by a constant"
    )]
    TooLarge {
        /// What was passed.
        what: &'static str,
        /// Row of the first such entry.
        row: usize,
        /// Its column.
        col: usize,
        /// Its value.
        value: f32,
    },
    /// A number of neighbours that the data do not allow.
    #[error(
        "{k} neighbours are wanted of {n} points; the number counts the point itself and must be at least 2 and less than \
         the number of points: choose from 2 to {}",
        n.saturating_sub(1)
    )]
    Neighbours {
        /// The number of neighbours, the point itself included.
        k: usize,
        /// The number of points.
        n: usize,
    },
    /// More points than a 32-bit index can name.
    #[error("{n} points are too many; at most {} can be indexed: take a sample", u32::MAX)]
    TooManyPoints {
        /// The number of points.
        n: usize,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Two arrays that belong together differ in shape.
    #[error("{what} is {} x {}, but {} x {} is needed to fit the rest", given.0, given.1, expected.0, expected.1)]
    Shape {
        /// Which array.
        what: &'static str,
        /// Its rows and columns.
        given: (usize, usize),
        /// What they should be.
        expected: (usize, usize),
    },
    /// A neighbour graph that is not one.
    #[error("row {row} of the neighbour graph, entry {entry}: {what}")]
    Graph {
        /// The first row that is wrong.
        row: usize,
        /// The entry in it.
        entry: usize,
        /// What is wrong and what is allowed.
        what: &'static str,
    },
    /// An edge that a graph cannot have.
    #[error("edge {edge}: {what}; correct or drop it")]
    Edge {
        /// Its place in the list.
        edge: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// What was asked for is made from the data, and only a graph was given.
    #[error(
        "{what} is made from the data, but only a neighbour graph was given; call `fit` with the data, or another start"
    )]
    NeedsData {
        /// What needs the data.
        what: &'static str,
    },
    /// Too few points for a measure.
    #[error("{what} needs more than {least} points and got {n}; pass more points, or a smaller k")]
    TooFew {
        /// The measure.
        what: &'static str,
        /// One less than what it needs.
        least: usize,
        /// What was passed.
        n: usize,
    },
    /// All pairwise distances are the same, so that they have no order and no scale.
    #[error("{what} does not vary, so that {measure} is not defined; pass points that differ")]
    Constant {
        /// What is constant.
        what: &'static str,
        /// What cannot be computed.
        measure: &'static str,
    },
    /// The layout ran away to infinity.
    #[error(
        "the layout is no longer finite after epoch {epoch}; lower `learning_rate`, or start from a smaller layout"
    )]
    Diverged {
        /// Epochs done.
        epoch: usize,
    },
    /// A decomposition failed.
    #[error("a decomposition failed")]
    Decomposition(#[from] headstart_linalg::Error),
}

/// Beyond this, sums of squares of a thousand entries leave single precision.
const LARGEST: f32 = 1e15;

/// Refuses empty tables, NaN, infinities and numbers whose squares overflow.
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

/// Refuses an array of another shape.
pub(crate) fn shape(what: &'static str, given: (usize, usize), expected: (usize, usize)) -> Result<(), Error> {
    if given == expected { Ok(()) } else { Err(Error::Shape { what, given, expected }) }
}
