//! Data tables from rows.

use ndarray::Array2;

use crate::Error;

/// Builds a table of shape (n, p) from n rows of p entries each.
///
/// Errors: no rows, no columns, and [`Error::Ragged`] if a row differs in length from the first.
pub fn from_rows<R: AsRef<[f32]>>(rows: &[R]) -> Result<Array2<f32>, Error> {
    let columns = rows.first().map_or(0, |row| row.as_ref().len());
    if columns == 0 {
        return Err(Error::Empty { what: "the data", rows: rows.len(), columns });
    }
    if let Some(row) = rows.iter().position(|row| row.as_ref().len() != columns) {
        return Err(Error::Ragged { row, given: rows[row].as_ref().len(), expected: columns });
    }
    Ok(Array2::from_shape_fn((rows.len(), columns), |(row, col)| rows[row].as_ref()[col]))
}
