//! A CSV file as text cells, and the cells as numbers.

use std::path::Path;

use ndarray::Array1;

use crate::Error;

/// Numbers beyond this size would overflow when they are squared.
pub(crate) const LARGEST: f64 = 1e150;
/// The same for single precision, with room for weights.
const LARGEST_SINGLE: f64 = 1e30;

/// Names less alike than this (Jaro and Winkler) are not taken for one another.
const ALIKE: f64 = 0.7;

/// A header and rows of equal length, no cell empty, at least two rows and two columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Names of the columns: those of the first line, or 1, 2, ... where all cells of that line are numbers.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// The cells of one row, and its line in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: u64,
    /// One cell a column, without the spaces around it.
    pub cells: Vec<String>,
}

impl Table {
    /// Reads comma-separated text in UTF-8.
    ///
    /// Errors: a file that cannot be opened or is no such text, fewer than two columns or rows, two columns of one name,
    /// a row of another length, an empty cell.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let file = std::fs::File::open(path)
            .map_err(|error| Error::Open { path: path.display().to_string(), reason: error.to_string() })?;
        // Flexible, so that a row of the wrong length is named by our own error.
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(file);
        let unreadable = |error: csv::Error| Error::Read { reason: error.to_string() };
        let mut records = reader.records();
        let first = records.next().transpose().map_err(unreadable)?.unwrap_or_default();
        let width = first.len();
        if width < 2 {
            return Err(Error::TooFewColumns { given: width });
        }
        let has_names = !first.iter().all(|cell| number(cell).is_some());
        let header: Vec<String> = if has_names {
            first.iter().map(str::to_owned).collect()
        } else {
            (1..=width).map(|column| column.to_string()).collect()
        };
        if let Some((j, name)) = header.iter().enumerate().find(|(j, name)| header[..*j].contains(name)) {
            return Err(Error::DuplicateColumn { name: name.clone(), column: j + 1 });
        }
        let mut rows = Vec::new();
        for record in (!has_names).then_some(Ok(first)).into_iter().chain(records) {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != width {
                return Err(Error::Ragged { line, given: record.len(), expected: width });
            }
            if let Some(j) = record.iter().position(str::is_empty) {
                return Err(Error::EmptyCell { line, column: header[j].clone() });
            }
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        if rows.len() < 2 {
            return Err(Error::TooFewRows { given: rows.len() });
        }
        Ok(Self { header, rows })
    }

    /// The index of the column of this name; the error names the one most like it.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        self.header.iter().position(|column| column == name).ok_or_else(|| {
            let likeness = |column: &String| strsim::jaro_winkler(&name.to_lowercase(), &column.to_lowercase());
            let nearest = self.header.iter().filter(|column| likeness(column) > ALIKE);
            let nearest = nearest.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            Error::UnknownColumn {
                name: name.to_owned(),
                nearest: nearest.cloned().unwrap_or_default(),
                columns: self.header.clone(),
            }
        })
    }

    /// Column j as finite numbers of at most 1e150 in size.
    ///
    /// # Panics
    ///
    /// Where there is no column j: ask [`Table::column`] for it, or `header` for how many there are.
    pub fn numbers(&self, j: usize) -> Result<Array1<f64>, Error> {
        self.rows.iter().map(|row| self.number(row, j)).collect()
    }

    /// Column j in single precision: finite numbers of at most 1e30 in size.
    ///
    /// # Panics
    ///
    /// As [`Table::numbers`].
    pub fn singles(&self, j: usize) -> Result<Vec<f32>, Error> {
        let single = |row: &Row| match self.number(row, j)? {
            x if x.abs() <= LARGEST_SINGLE => Ok(x as f32),
            _ => {
                let (column, value) = (self.header[j].clone(), row.cells[j].clone());
                Err(Error::TooLarge { column, line: row.line, value })
            }
        };
        self.rows.iter().map(single).collect()
    }

    fn number(&self, row: &Row, j: usize) -> Result<f64, Error> {
        let found = number(&row.cells[j]);
        if let Some(found) = found.filter(|found| found.abs() <= LARGEST) {
            return Ok(found);
        }
        let (column, line, value) = (self.header[j].clone(), row.line, row.cells[j].clone());
        Err(if found.is_none() {
            Error::NotANumber { column, line, value }
        } else {
            Error::NotFinite { column, line, value }
        })
    }
}

/// A cell as a number; NaN and infinity count as numbers here, and are refused where the column is used.
pub fn number(cell: &str) -> Option<f64> {
    cell.parse().ok()
}

/// A text as a cell of a CSV file (RFC 4180): in quotation marks where it needs them.
pub fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
