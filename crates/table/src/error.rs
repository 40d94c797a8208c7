//! Errors in a file, with line and column. Lines are counted from 1.

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened.
    #[error("cannot open {path:?}: {reason}; pass the path of a file that can be read")]
    Open {
        /// The path.
        path: String,
        /// The error of the operating system.
        reason: String,
    },
    /// The file is a gzip stream that cannot be decompressed.
    #[error("the gzip file {reason}")]
    Packed {
        /// What is wrong, and the cure.
        reason: String,
    },
    /// The file is not a table in UTF-8.
    #[error(
        "cannot read the file as a table: {reason}; a table is UTF-8 text with a comma, semicolon or tab between cells"
    )]
    Read {
        /// The error of the reader.
        reason: String,
    },
    /// The file is empty or has only white space.
    #[error("the file is empty; a table needs a header line and at least 2 rows")]
    Empty,
    /// There are too few columns.
    #[error(
        "the header line has {}; at least 2 are needed, separated by commas, semicolons or tabs: check the file, or \
         pass --delimiter", counted(*given, "column")
    )]
    TooFewColumns {
        /// Number of columns.
        given: usize,
    },
    /// Two columns have the same name.
    #[error("column {column} is named {name:?} like an earlier one; column names must be unique: rename one")]
    DuplicateColumn {
        /// The name.
        name: String,
        /// Position of the second, counted from 1.
        column: usize,
    },
    /// A row is shorter or longer than the header.
    #[error(
        "line {line} has {}, but the header line has {expected}; every line must have {expected}", counted(*given, "cell")
    )]
    Ragged {
        /// Line of the file.
        line: u64,
        /// Number of cells in the line.
        given: usize,
        /// Number of cells in the header line.
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
    /// A cell marks a missing value.
    #[error(
        "missing value in column {column:?}: line {line} holds {value:?}; fill it in, or remove the line (if it is the name \
         of a class, rename the class)"
    )]
    Missing {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// There are too few rows.
    #[error("the file has {} of data; at least 2 are needed: add rows below the header line", counted(*given, "row"))]
    TooFewRows {
        /// Number of rows, without the header line.
        given: usize,
    },
    /// A cell is not a number.
    #[error(
        "column {column:?} holds {value:?} in line {line}, which is not a number; encode the column as numbers, or \
         remove it"
    )]
    NotANumber {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// A cell of a feature is not a number.
    #[error("column {column:?} holds {value:?} in line {line}, which is not a number; {}", cure_of_text(column, value))]
    TextFeature {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// A number is infinite or too large.
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
        "column {column:?} holds {value:?} in line {line}; numbers must be at most 1e30 in size here: standardise the \
         features, or choose a larger unit for the column"
    )]
    TooLarge {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The number.
        value: f64,
    },
    /// There is no column of that name.
    #[error("there is no column {name:?}{} The columns are {}", meant(nearest), listed(columns))]
    UnknownColumn {
        /// The requested name.
        name: String,
        /// The most similar name; empty if none is similar.
        nearest: String,
        /// All names.
        columns: Vec<String>,
    },
    /// By the rule the label is a quantity, but a cell is text.
    #[error(
        "the label {column:?} holds {value:?} in line {line}, but its numbers have too many values to be classes; \
         correct the cell or remove the line, or pass --task classification"
    )]
    MixedLabel {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// `--task regression` was given, but a cell of the label is text.
    #[error(
        "the label {column:?} holds {value:?} in line {line}, which is not a number; a regression needs numbers: correct the \
         cell, or pass --task classification"
    )]
    TextQuantity {
        /// Name of the column.
        column: String,
        /// Line of the file.
        line: u64,
        /// The cell.
        value: String,
    },
    /// The label has one value.
    #[error(
        "the label {column:?} is {class:?} in all {rows} rows: there is nothing to learn; name another column with --label"
    )]
    OneClass {
        /// Name of the column.
        column: String,
        /// Its value.
        class: String,
        /// Number of rows.
        rows: usize,
    },
    /// The label has too many classes.
    #[error(
        "the label {column:?} has {classes} classes in {rows} rows; a classifier takes at most {most}, with two rows each on \
         average: name a column of classes with --label"
    )]
    ManyClasses {
        /// Name of the column.
        column: String,
        /// Number of classes.
        classes: usize,
        /// Number of rows.
        rows: usize,
        /// Maximum number of classes.
        most: usize,
    },
    /// A categorical column has too many values.
    #[error(
        "column {column:?} has {levels} different values; at most {most} can be encoded as columns: leave it out with \
         --drop {column:?}"
    )]
    ManyLevels {
        /// Name of the column.
        column: String,
        /// Number of values.
        levels: usize,
        /// Maximum number of values.
        most: usize,
    },
    /// Two options name the same column.
    #[error("--{option} {column}: the column is also {role}; name it in one option only")]
    NamedTwice {
        /// The option.
        option: &'static str,
        /// Name of the column.
        column: String,
        /// Its other role.
        role: &'static str,
    },
    /// An option has an invalid value.
    #[error("--{option} {given}: must be {allowed}")]
    Word {
        /// The option.
        option: &'static str,
        /// The given value.
        given: String,
        /// The allowed values.
        allowed: &'static str,
    },
    /// No feature varies.
    #[error(
        "no feature varies{}; at least one must have two different values: add a column that varies",
        if constant.is_empty() { String::new() } else { format!(" (constant: {})", constant.join(", ")) }
    )]
    NoFeatures {
        /// The constant columns.
        constant: Vec<String>,
    },
    /// The file is not a `NumPy` array that can be used.
    #[error(
        "cannot read the file as NPY: {reason}; it must be a two-dimensional array of real numbers, saved by numpy.save"
    )]
    Npy {
        /// What is wrong.
        reason: String,
    },
    /// An entry of an array is NaN, infinite or too large. Rows and columns are counted from 0.
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

impl Error {
    /// The error for a cell that marks a missing value.
    pub(crate) fn missing(column: String, line: u64, value: String) -> Self {
        if value.is_empty() { Self::EmptyCell { line, column } } else { Self::Missing { column, line, value } }
    }
}

/// Formats the nearest name as a clause.
fn meant(nearest: &str) -> String {
    if nearest.is_empty() { ".".into() } else { format!("; did you mean {nearest:?}?") }
}

/// Lists at most 40 names.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 40;
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    names[..names.len().min(SHOWN)].join(", ") + &more
}

/// Formats a count with its noun.
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The cure for text in a feature column.
fn cure_of_text(column: &str, value: &str) -> String {
    let mut groups = value.trim_start_matches(['-', '+']).split(',');
    let leads = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'));
    if value.contains(',')
        && leads
        && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return "remove the thousands separator, or write a decimal point if the comma is a decimal comma".into();
    }
    if value.contains(',') && value.replacen(',', ".", 1).parse::<f64>().is_ok() {
        return "write a decimal point instead of the comma".into();
    }
    format!(
        "pass --categorical {column:?} to encode the column, --label {column:?} if it is the label, or remove it with --drop \
         {column:?}"
    )
}
