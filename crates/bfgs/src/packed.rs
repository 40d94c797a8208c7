//! A symmetric matrix, stored as its lower triangle row by row.

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::Error;

/// A symmetric matrix of shape (n, n), stored as its row-wise packed lower triangle of n(n+1)/2 numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct PackedSymmetric {
    n: usize,
    entries: Vec<f64>,
}

/// A matrix as read from a file, before validation.
#[derive(Deserialize)]
struct Stored {
    n: usize,
    entries: Vec<f64>,
}

impl TryFrom<Stored> for PackedSymmetric {
    type Error = Error;

    fn try_from(Stored { n, entries }: Stored) -> Result<Self, Error> {
        let expected = n.checked_add(1).and_then(|m| n.checked_mul(m)).map_or(usize::MAX, |double| double / 2);
        if entries.len() == expected {
            Ok(Self { n, entries })
        } else {
            Err(Error::PackedLength { n, given: entries.len(), expected })
        }
    }
}

impl PackedSymmetric {
    /// Returns the zero matrix of shape (n, n).
    pub fn zeros(n: usize) -> Self {
        Self { n, entries: vec![0.0; n * (n + 1) / 2] }
    }

    /// Returns `gamma` times the identity of shape (n, n).
    pub fn scaled_unit(n: usize, gamma: f64) -> Self {
        let mut packed = Self::zeros(n);
        for i in 0..n {
            packed.row_mut(i)[i] = gamma;
        }
        packed
    }

    /// Returns the symmetric part (A + A')/2 of the leading square block of `a`.
    pub fn symmetric_part(a: ArrayView2<'_, f64>) -> Self {
        let n = a.nrows().min(a.ncols());
        let mut packed = Self::zeros(n);
        for i in 0..n {
            for (j, entry) in packed.row_mut(i).iter_mut().enumerate() {
                // Halves first: the sum of two large numbers could overflow.
                *entry = 0.5 * a[[i, j]] + 0.5 * a[[j, i]];
            }
        }
        packed
    }

    /// Returns the number of rows.
    pub fn dim(&self) -> usize {
        self.n
    }

    /// Returns the row-wise packed lower triangle, n(n+1)/2 numbers.
    pub fn as_slice(&self) -> &[f64] {
        &self.entries
    }

    /// Returns entry (i, j) of the full matrix, or `None` if an index is out of range.
    pub fn get(&self, i: usize, j: usize) -> Option<f64> {
        let (i, j) = (i.max(j), i.min(j));
        if i < self.n { Some(self.entries[i * (i + 1) / 2 + j]) } else { None }
    }

    /// Returns the full matrix, shape (n, n).
    pub fn to_dense(&self) -> Array2<f64> {
        Array2::from_shape_fn((self.n, self.n), |(i, j)| {
            let (i, j) = (i.max(j), i.min(j));
            self.entries[i * (i + 1) / 2 + j]
        })
    }

    /// Returns H v. Fails unless `v` holds n numbers.
    pub fn multiply(&self, v: &[f64]) -> Result<Vec<f64>, Error> {
        if v.len() != self.n {
            return Err(Error::Dimension { what: "the vector", given: v.len(), expected: self.n });
        }
        Ok(self.product(v))
    }

    /// H v, for a vector of n numbers.
    pub(crate) fn product(&self, v: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.n];
        let mut rest = self.entries.as_slice();
        for i in 0..self.n {
            let (row, tail) = rest.split_at(i + 1);
            rest = tail;
            for (j, h) in row.iter().enumerate() {
                product[i] += h * v[j];
                if j < i {
                    product[j] += h * v[i];
                }
            }
        }
        product
    }

    /// Row i of the lower triangle, i + 1 numbers.
    pub(crate) fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.entries[i * (i + 1) / 2..][..=i]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_row_and_column() {
        let packed = PackedSymmetric::symmetric_part(ndarray::array![[1.0, 2.0], [4.0, 5.0]].view());
        assert_eq!(packed.as_slice(), [1.0, 3.0, 5.0]);
        assert_eq!((packed.get(0, 1), packed.get(1, 0), packed.get(2, 0)), (Some(3.0), Some(3.0), None));
        let stored = |text| serde_json::from_str::<PackedSymmetric>(text).map_err(|error| error.to_string());
        assert_eq!(stored(r#"{"n": 2, "entries": [1.0, 3.0, 5.0]}"#), Ok(packed));
        assert!(stored(r#"{"n": 3, "entries": [1.0]}"#).unwrap_err().contains("1 entries"));
        assert_eq!(PackedSymmetric::scaled_unit(3, 2.0).to_dense(), Array2::<f64>::eye(3) * 2.0);
    }
}
