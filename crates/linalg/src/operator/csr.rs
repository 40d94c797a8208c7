//! A sparse symmetric matrix as an operator.

use super::SymmetricOperator;
use crate::Error;

/// A symmetric matrix in compressed sparse rows. Both triangles are stored; repeated entries are added.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

impl Csr {
    /// Creates a matrix. Row i has `values[starts[i]..starts[i + 1]]` in the columns of the same range; `starts` has n
    /// + 1 entries.
    ///
    /// Symmetry is not checked here; a solver returns an error if it notices asymmetry.
    ///
    /// Errors: inconsistent lengths, descending starts, a column out of range, an entry that is not finite.
    pub fn new(starts: Vec<usize>, columns: Vec<u32>, values: Vec<f64>) -> Result<Self, Error> {
        let refuse = |what: String| Err(Error::BadSparse { what });
        let Some(n) = starts.len().checked_sub(1) else {
            return refuse("starts is empty; for a matrix without rows it must hold one 0".into());
        };
        if starts[0] != 0 || starts[n] != values.len() || columns.len() != values.len() {
            return refuse(format!(
                "starts runs from {} to {}, with {} columns and {} values; it must run from 0 to the number \
                 of values, and every value needs a column",
                starts[0],
                starts[n],
                columns.len(),
                values.len()
            ));
        }
        if let Some(row) = starts.windows(2).position(|pair| pair[1] < pair[0]) {
            return refuse(format!("row {row} ends before it starts"));
        }
        for row in 0..n {
            for at in starts[row]..starts[row + 1] {
                if columns[at] as usize >= n {
                    return refuse(format!("row {row} has column {}, which is out of range (0..{n})", columns[at]));
                }
                if !values[at].is_finite() {
                    return Err(Error::NonFinite { row, col: columns[at] as usize, value: values[at] });
                }
            }
        }
        Ok(Self { starts, columns, values })
    }
}

impl SymmetricOperator for Csr {
    fn dim(&self) -> usize {
        self.starts.len() - 1
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        for (bounds, out) in self.starts.windows(2).zip(y) {
            let range = bounds[0]..bounds[1];
            let entries = self.columns[range.clone()].iter().zip(&self.values[range]);
            *out = entries.map(|(&column, value)| value * x[column as usize]).sum();
        }
    }
}
