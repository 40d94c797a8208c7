//! A table of the user's own as a regression problem.

mod error;

use std::path::Path;

use headstart_table::{Row, Table, number};
use ndarray::{Array1, Array2};
use rand::Rng;

use super::linear_model::{least_squares, logistic, standardise};
use super::{Instance, no_less};
pub use error::DataError;

/// A regression problem and how it was made from a file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CsvData {
    /// Logistic regression for a target of two values, least squares for a numeric one of more.
    pub instance: Instance,
    /// Name of the target column.
    pub target: String,
    /// Names of the feature columns, in the order of the weights.
    pub features: Vec<String>,
    /// Names of the columns left out because all their values are the same.
    pub dropped: Vec<String>,
    /// For logistic regression, the values that stand for -1 and 1.
    pub classes: Option<[String; 2]>,
}

/// Reads a CSV file; `target` is a column's name, or `None` for the last column. Columns have the names of the first line,
/// or 1, 2, ... where that line holds numbers only.
///
/// Features must be numbers; each is standardised (mean 0, standard deviation 1). A target with exactly two distinct
/// values, numbers or text, gives logistic regression: the smaller value (first in the alphabet) is -1. A numeric target
/// with more values is standardised too and gives least squares. `ridge` penalises the weights; rng draws x0.
pub fn read_csv(path: &Path, target: Option<&str>, ridge: f64, rng: &mut impl Rng) -> Result<CsvData, DataError> {
    no_less("the ridge", ridge, 0.0, "zero or positive, and finite")?;
    let table = Table::read(path)?;
    let target_column = match target {
        Some(name) => table.column(name)?,
        None => table.header.len() - 1,
    };
    let target = table.header[target_column].clone();
    let kind = Target::of(&table, target_column)?;

    let (mut features, mut dropped, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    for (j, name) in table.header.iter().enumerate().filter(|(j, _)| *j != target_column) {
        let mut column = table.numbers(j)?;
        if standardise(&mut column.view_mut()) {
            features.push(name.clone());
            columns.push(column);
        } else {
            dropped.push(name.clone());
        }
    }
    if columns.is_empty() {
        return Err(DataError::NoFeatures { target, dropped });
    }
    let matrix = Array2::from_shape_fn((table.rows.len(), columns.len()), |(row, j)| columns[j][row]);

    let (instance, classes) = match kind {
        Target::Classes(labels, classes) => (logistic(matrix, labels, ridge, rng)?, Some(classes)),
        Target::Numbers(values) => (least_squares(matrix, values, ridge, rng)?, None),
    };
    Ok(CsvData { instance, target, features, dropped, classes })
}

/// What is to be predicted.
enum Target {
    /// Labels of -1 and 1, and the values they stand for.
    Classes(Array1<f64>, [String; 2]),
    /// Standardised numbers.
    Numbers(Array1<f64>),
}

impl Target {
    fn of(table: &Table, j: usize) -> Result<Self, DataError> {
        let name = &table.header[j];
        // Numbers are compared as numbers: 1 and 1.0 are one value.
        let numeric = table.rows.iter().all(|row| number(&row.cells[j]).is_some());
        let mut column = if numeric { table.numbers(j)? } else { Array1::zeros(0) };
        let same = |a: usize, b: usize| {
            if numeric { column[a] == column[b] } else { table.rows[a].cells[j] == table.rows[b].cells[j] }
        };
        // The rows where the first two distinct values stand first, and the first row of a third.
        let second = (1..table.rows.len()).find(|row| !same(0, *row));
        let Some(second) = second else {
            return Err(DataError::ConstantTarget { column: name.clone(), value: table.rows[0].cells[j].clone() });
        };
        let third = (1..table.rows.len()).find(|row| !same(0, *row) && !same(second, *row));
        match third {
            None => {
                let text = |row: usize| table.rows[row].cells[j].clone();
                let ascending = if numeric {
                    column[0] < column[second]
                } else {
                    table.rows[0].cells[j] < table.rows[second].cells[j]
                };
                let (low, high) = if ascending { (0, second) } else { (second, 0) };
                let labels = (0..table.rows.len()).map(|row| if same(high, row) { 1.0 } else { -1.0 }).collect();
                Ok(Self::Classes(labels, [text(low), text(high)]))
            }
            Some(_) if numeric => {
                standardise(&mut column.view_mut());
                Ok(Self::Numbers(column))
            }
            Some(_) => {
                let is_text = |row: &&Row| number(&row.cells[j]).is_none();
                let row = table.rows.iter().find(is_text).unwrap_or(&table.rows[0]);
                Err(DataError::TextTarget { column: name.clone(), line: row.line, value: row.cells[j].clone() })
            }
        }
    }
}
