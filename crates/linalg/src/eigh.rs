//! Eigenvalues and eigenvectors of a symmetric matrix.

use ndarray::{Array1, Array2, ArrayView2};

use crate::{Error, backend, error};

/// A = V diag(values) V' with V orthogonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigh {
    /// Eigenvalues, ascending, shape (n).
    pub values: Array1<f64>,
    /// Eigenvectors as columns, in the order of the values, shape (n, n).
    pub vectors: Array2<f64>,
}

/// Decomposes a symmetric matrix of shape (n, n); only its lower triangle is read.
///
/// Exact whatever the units of the entries, from 1e-300 to 1e300.
pub fn eigh(a: ArrayView2<'_, f64>) -> Result<Eigh, Error> {
    let size = error::square(&a)?;
    error::finite(&a)?;
    let largest = a.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()));
    if largest == 0.0 {
        // Also the empty matrix, which faer 0.24 cannot take.
        return Ok(Eigh { values: Array1::zeros(size), vectors: Array2::eye(size) });
    }
    // The reduction to tridiagonal form squares entries, and faer 0.24 answers a matrix of entries near 1e-200 with
    // wrong vectors and no error. A power of two takes the entries near 1 without rounding.
    let unit = largest.log2().floor().clamp(-1000.0, 1000.0).exp2();
    let mut found = backend::eigh(&(&a / unit).view()).ok_or(Error::NoConvergence { size })?;
    found.values *= unit;
    Ok(found)
}
