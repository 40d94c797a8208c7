//! What can be wrong with a file, with its line and column. Lines count from 1.

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened.
    #[error("cannot open {path:?}: {reason}; pass the path of a file that can be read")]
    Open {
        /// The path.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// The file is not CSV in UTF-8.
    #[error("cannot read the file as CSV: {reason}; it must be comma-separated text in UTF-8")]
    Read {
        /// What the reader says.
        reason: String,
    },
    /// There are too few columns.
    #[error(
        "the header has {given} columns; at least 2 are needed, separated by commas: a table of two columns or more"
    )]
    TooFewColumns {
        /// Number of columns.
        given: usize,
    },
    /// Two columns have the same name.
    #[error("column {column} is named {name:?} like an earlier one; every column needs a name of its own: rename one")]
    DuplicateColumn {
        /// The name.
        name: String,
        /// Position of the second, from 1.
        column: usize,
    },
    /// A row is shorter or longer than the header.
    #[error("line {line} has {given} cells, the header {expected}; every line must have {expected}")]
    Ragged {
        /// Line of the file.
        line: u64,
        /// Its number of cells.
        given: usize,
        /// That of the header.
        expected: usize,
    },
    /// A cell is empty.
    #[error("the cell of column {column:?} in line {line} is empty; fill it in, or remove the line")]
    EmptyCell {
        /// Line of the file.
        line: u64,
        /// Name of the column.
        column: String,
    },
    /// There are too few rows.
    #[error("the file has {given} rows of data; at least 2 are needed: add rows below the header")]
    TooFewRows {
        /// Number of rows, the header not counted.
        given: usize,
    },
    /// A cell is not a number.
    #[error(
        "column {column:?} holds {value:?} in line {line}; numbers are needed: encode the column as numbers, or remove \
         it"
    )]
    NotANumber {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// A number is NaN, infinite or too large.
    #[error(
        "column {column:?} holds {value:?} in line {line}; numbers must be finite and at most 1e150 in size: fill the \
         value in, or remove the line"
    )]
    NotFinite {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// A number is too large for single precision.
    #[error(
        "column {column:?} holds {value:?} in line {line}; numbers of at most 1e30 in size are needed here: take a larger \
         unit for the column"
    )]
    TooLarge {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// There is no column of that name.
    #[error("there is no column {name:?}{} The columns are {}", meant(nearest), columns.join(", "))]
    UnknownColumn {
        /// What was asked for.
        name: String,
        /// The name most like it; empty where none is.
        nearest: String,
        /// All names.
        columns: Vec<String>,
    },
    /// The file is no array of `NumPy`'s that can be used.
    #[error(
        "cannot read the file as NPY: {reason}; it must be a two-dimensional array of real numbers, saved by numpy.save"
    )]
    Npy {
        /// What is wrong.
        reason: String,
    },
    /// An entry of an array is NaN, infinite or too large. Rows and columns count from 0.
    #[error(
        "entry ({row}, {column}) of the array is {value}; numbers must be finite and at most 1e150 in size: fill the value \
         in, or drop its row"
    )]
    NotFiniteEntry {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The entry.
        value: f64,
    },
}

/// The nearest name as a clause.
fn meant(nearest: &str) -> String {
    if nearest.is_empty() { ".".into() } else { format!("; did you mean {nearest:?}?") }
}
