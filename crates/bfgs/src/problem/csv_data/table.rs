//! A CSV file as text cells, and the cells as numbers.

use std::path::Path;

use ndarray::Array1;

use super::DataError;

/// Numbers beyond this size would overflow when they are squared.
const LARGEST: f64 = 1e150;

/// A header and rows of equal length, no cell empty, at least two rows and two columns.
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// The cells of one row, and its line in the file.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Table {
    pub(super) fn read(path: &Path) -> Result<Self, DataError> {
        let file = std::fs::File::open(path)
            .map_err(|error| DataError::Open { path: path.display().to_string(), reason: error.to_string() })?;
        // Flexible, so that a row of the wrong length is named by our own error.
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
        let unreadable = |error: csv::Error| DataError::Read { reason: error.to_string() };
        let header: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
        if header.len() < 2 {
            return Err(DataError::TooFewColumns { given: header.len() });
        }
        if let Some((j, name)) = header.iter().enumerate().find(|(j, name)| header[..*j].contains(name)) {
            return Err(DataError::DuplicateColumn { name: name.clone(), column: j + 1 });
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != header.len() {
                return Err(DataError::Ragged { line, given: record.len(), expected: header.len() });
            }
            if let Some(j) = record.iter().position(str::is_empty) {
                return Err(DataError::EmptyCell { line, column: header[j].clone() });
            }
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        if rows.len() < 2 {
            return Err(DataError::TooFewRows { given: rows.len() });
        }
        Ok(Self { header, rows })
    }

    /// The index of the column of this name.
    pub(super) fn column(&self, name: &str) -> Result<usize, DataError> {
        self.header.iter().position(|column| column == name).ok_or_else(|| {
            let likeness = |column: &&String| strsim::jaro_winkler(&name.to_lowercase(), &column.to_lowercase());
            let nearest = self.header.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            DataError::UnknownColumn {
                name: name.to_owned(),
                nearest: nearest.cloned().unwrap_or_default(),
                columns: self.header.clone(),
            }
        })
    }

    /// Column j as finite numbers.
    pub(super) fn numbers(&self, j: usize) -> Result<Array1<f64>, DataError> {
        self.rows
            .iter()
            .map(|row| {
                let (column, line, value) = (self.header[j].clone(), row.line, row.cells[j].clone());
                match number(&value) {
                    None => Err(DataError::NotANumber { column, line, value }),
                    Some(found) if !(found.abs() <= LARGEST) => Err(DataError::NotFinite { column, line, value }),
                    Some(found) => Ok(found),
                }
            })
            .collect()
    }
}

/// A cell as a number; NaN and infinity count as numbers here, and are refused where the column is used.
pub(super) fn number(cell: &str) -> Option<f64> {
    cell.parse().ok()
}
