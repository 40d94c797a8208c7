//! The source of columns: cells of a text, or an array.

use std::io::Cursor;
use std::path::Path;

use ndarray::{Array1, Array2};

use crate::file::{self, Content};
use crate::label::Cells;
use crate::text::{self, Layout, Table, is_missing, number};
use crate::{Error, npy};

/// A table whose columns are not interpreted yet.
pub(super) struct Source {
    pub(super) header: Vec<String>,
    /// Line of each row; for an array, its number counted from 1.
    pub(super) lines: Vec<u64>,
    pub(super) notes: Vec<String>,
    body: Body,
}

enum Body {
    Text(Vec<Vec<String>>),
    Array(Array2<f64>),
}

impl Source {
    pub(super) fn open(path: &Path, layout: Layout) -> Result<Self, Error> {
        match file::open(path)? {
            Content::Text(text) => {
                let table = Table::of_text(&text, layout)?;
                let (lines, cells) = table.rows.into_iter().map(|row| (row.line, row.cells)).unzip();
                Ok(Self { header: table.header, lines, notes: table.notes, body: Body::Text(cells) })
            }
            Content::Array(file, length) => Self::of_array(npy::read(file, length)?),
            Content::Unpacked(bytes) => {
                let length = bytes.len() as u64;
                Self::of_array(npy::read(Cursor::new(bytes), length)?)
            }
        }
    }

    /// Names the columns of an array by their numbers, counted from 1.
    fn of_array(array: Array2<f64>) -> Result<Self, Error> {
        if array.nrows() < 2 {
            return Err(Error::TooFewRows { given: array.nrows() });
        }
        let header = (1..=array.ncols()).map(|column| column.to_string()).collect();
        let lines = (1..=array.nrows() as u64).collect();
        Ok(Self { header, lines, notes: Vec::new(), body: Body::Array(array) })
    }

    pub(super) fn column(&self, name: &str) -> Result<usize, Error> {
        text::column(&self.header, name)
    }

    /// Returns column j as a feature.
    pub(super) fn numbers(&self, j: usize) -> Result<Array1<f64>, Error> {
        let rows = match &self.body {
            Body::Array(array) => return Ok(array.column(j).to_owned()),
            Body::Text(rows) => rows,
        };
        let one = |(row, &line): (&Vec<String>, &u64)| match number(&row[j]) {
            Some(x) if x.abs() <= text::LARGEST => Ok(x),
            found => {
                let (column, value) = (self.header[j].clone(), row[j].clone());
                Err(match found {
                    _ if is_missing(&value) => Error::missing(column, line, value),
                    Some(_) => Error::NotFinite { column, line, value },
                    None => Error::TextFeature { column, line, value },
                })
            }
        };
        rows.iter().zip(&self.lines).map(one).collect()
    }

    /// Calls a function with the cells of column j.
    pub(super) fn with_cells<T>(&self, j: usize, f: impl FnOnce(&Cells<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let written: Vec<String> = match &self.body {
            Body::Array(array) => array.column(j).iter().map(f64::to_string).collect(),
            Body::Text(_) => Vec::new(),
        };
        let rows = match &self.body {
            Body::Array(_) => written.iter().map(String::as_str).collect(),
            Body::Text(rows) => rows.iter().map(|row| row[j].as_str()).collect(),
        };
        f(&Cells { name: &self.header[j], rows, lines: &self.lines })
    }

    /// Returns a note if column j holds numbers but is probably not a feature.
    pub(super) fn doubt(&self, j: usize) -> Option<String> {
        let Body::Text(rows) = &self.body else { return None };
        let name = &self.header[j];
        let whole: Option<Vec<i64>> = rows.iter().map(|row| row[j].parse().ok()).collect();
        let whole = whole?;
        let is_code = |row: &Vec<String>| row[j].len() > 1 && row[j].starts_with('0');
        if let Some(row) = rows.iter().find(|row| is_code(row)) {
            return Some(format!(
                "column {name:?} holds numbers with leading zeros ({:?}): pass --categorical {name:?} or --drop {name:?} if \
                 they are codes",
                row[j]
            ));
        }
        let counts = whole.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
        (counts && whole.len() > 2)
            .then(|| format!("column {name:?} rises by 1 from row to row: pass --drop {name:?} if it numbers the rows"))
    }
}
