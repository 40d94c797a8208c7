//! The result of a search.

use ndarray::{Array1, Array2};

/// Eigenpairs from one end of a spectrum.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigenpairs {
    /// Eigenvalues from the end of the spectrum inwards: ascending for the lowest, descending for the highest; shape (k).
    pub values: Array1<f64>,
    /// Orthonormal eigenvectors as columns, in the order of the values, shape (n, k). The largest entry of each (the
    /// first among equals) is positive.
    pub vectors: Array2<f64>,
    /// |A v - value v| for each pair, measured at the end, shape (k).
    pub residuals: Array1<f64>,
    /// Number of operator applications.
    pub applications: usize,
}
