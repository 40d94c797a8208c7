//! Text files as cells, and cells as numbers.

mod layout;

use std::path::Path;

use ndarray::Array1;

use crate::Error;
use crate::file::{self, Content};
pub use layout::Layout;

/// Largest size of a number: squares of larger ones would overflow.
pub(crate) const LARGEST: f64 = 1e150;

/// Least similarity (Jaro and Winkler) of a suggested name.
const ALIKE: f64 = 0.7;

/// Marks of a missing value: those of pandas, and that of the UCI repository. Upper and lower case are equal here, but
/// not in [`MISSING_EXACTLY`].
const MISSING: [&str; 8] = ["", "na", "n/a", "#n/a", "<na>", "null", "nan", "#na"];
const MISSING_EXACTLY: [&str; 2] = ["None", "?"];

/// A table with named columns: at least two rows and two columns, all rows of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Names of the columns, from the header line. The name of an unnamed column is its position, counted from 1. In a
    /// file without a header line, all columns are unnamed.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Notes for the user on how the file was interpreted.
    pub notes: Vec<String>,
}

/// The cells of one row, and its line in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// One cell per column, without the spaces around it.
    pub cells: Vec<String>,
}

impl Table {
    /// Reads UTF-8 text, plain or compressed with gzip, with commas, semicolons or tabs between cells.
    ///
    /// Errors: a file that cannot be opened or is not such text, fewer than two columns or rows, two columns with the
    /// same name, rows of different lengths, an empty cell.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let table = match file::open(path)? {
            Content::Text(text) => Self::of_text(&text, Layout::default())?,
            Content::Array(..) | Content::Unpacked(_) => {
                return Err(Error::Read { reason: "it is an array saved by NumPy".into() });
            }
        };
        for row in &table.rows {
            if let Some(j) = row.cells.iter().position(String::is_empty) {
                return Err(Error::EmptyCell { line: row.line, column: table.header[j].clone() });
            }
        }
        Ok(table)
    }

    /// Splits a text into cells, which may be empty.
    pub(crate) fn of_text(text: &[u8], layout: Layout) -> Result<Self, Error> {
        if text.trim_ascii().is_empty() {
            return Err(Error::Empty);
        }
        if let Err(error) = std::str::from_utf8(text) {
            let line = text[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
            return Err(Error::Read { reason: format!("line {line} is not UTF-8") });
        }
        let delimiter = layout.delimiter.unwrap_or_else(|| layout::delimiter(text));
        // Flexible, so that a row of the wrong length gives `Error::Ragged`.
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text);
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| Error::Read { reason: error.to_string() })?;
            let line = record.position().map_or(0, |position| line(text, position));
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        let width = rows.first().map_or(0, |row| row.cells.len());
        if width < 2 {
            return Err(Error::TooFewColumns { given: width });
        }
        if let Some(row) = rows.iter().find(|row| row.cells.len() != width) {
            return Err(Error::Ragged { line: row.line, given: row.cells.len(), expected: width });
        }
        let (has_names, mut notes) = layout::has_names(&rows, layout.header);
        let mut header = if has_names { rows.remove(0).cells } else { vec![String::new(); width] };
        let has_index = has_names && width > 2 && layout::is_index(&header[0], &rows);
        for (j, name) in header.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
            *name = (j + 1).to_string();
        }
        if has_index {
            header.remove(0);
            for row in &mut rows {
                row.cells.remove(0);
            }
            notes.push("the first column has no name and numbers the rows, so it is left out".into());
        }
        let mut known = std::collections::HashSet::new();
        if let Some((j, name)) = header.iter().enumerate().find(|(_, name)| !known.insert(name.as_str())) {
            return Err(Error::DuplicateColumn { name: name.clone(), column: j + 1 });
        }
        if rows.len() < 2 {
            return Err(Error::TooFewRows { given: rows.len() });
        }
        Ok(Self { header, rows, notes })
    }

    /// The index of the column of this name; the error names the one most like it.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        column(&self.header, name)
    }

    /// Returns column j as finite numbers of at most 1e150 in size.
    ///
    /// # Panics
    ///
    /// If column j does not exist: take j from [`Table::column`], or below the length of `header`.
    pub fn numbers(&self, j: usize) -> Result<Array1<f64>, Error> {
        self.rows.iter().map(|row| self.number(row, j)).collect()
    }

    fn number(&self, row: &Row, j: usize) -> Result<f64, Error> {
        let cell = &row.cells[j];
        let found = number(cell);
        if let Some(found) = found.filter(|found| found.abs() <= LARGEST) {
            return Ok(found);
        }
        let (column, line, value) = (self.header[j].clone(), row.line, cell.clone());
        Err(if is_missing(cell) {
            Error::missing(column, line, value)
        } else if found.is_none() {
            Error::NotANumber { column, line, value }
        } else {
            Error::NotFinite { column, line, value }
        })
    }
}

/// The index of the column of this name; the error names the one most like it.
pub(crate) fn column(header: &[String], name: &str) -> Result<usize, Error> {
    header.iter().position(|column| column == name).ok_or_else(|| {
        let likeness = |column: &String| strsim::jaro_winkler(&name.to_lowercase(), &column.to_lowercase());
        let nearest = header.iter().filter(|column| likeness(column) > ALIKE);
        let nearest = nearest.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        Error::UnknownColumn {
            name: name.to_owned(),
            nearest: nearest.cloned().unwrap_or_default(),
            columns: header.to_vec(),
        }
    })
}

/// Returns the line of a record. The position of the reader is before the empty lines that it skips.
fn line(text: &[u8], position: &csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count();
    position.line() + skipped as u64
}

/// Parses a cell as a number. NaN and infinity count as numbers here; they are refused where the column is used.
pub fn number(cell: &str) -> Option<f64> {
    cell.parse().ok()
}

/// Whether a cell marks a missing value.
pub(crate) fn is_missing(cell: &str) -> bool {
    MISSING.iter().any(|mark| cell.eq_ignore_ascii_case(mark))
        || MISSING_EXACTLY.contains(&cell)
        || number(cell).is_some_and(f64::is_nan)
}

/// Formats a text as a cell of a CSV file (RFC 4180), in quotation marks if it needs them.
pub fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
