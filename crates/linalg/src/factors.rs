//! The results of the decompositions.

use ndarray::{Array1, Array2};

/// A = V diag(values) V' with V orthogonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigh {
    /// Eigenvalues, ascending, shape (n).
    pub values: Array1<f64>,
    /// Eigenvectors as columns, in the order of the values, shape (n, n). The largest entry of each (the first among
    /// equals) is positive.
    pub vectors: Array2<f64>,
}

/// A = Q R for A of shape (m, n), with p = min(m, n).
#[derive(Clone, Debug, PartialEq)]
pub struct Qr {
    /// Orthonormal columns, shape (m, p).
    pub q: Array2<f64>,
    /// Upper triangular (upper trapezoidal for m < n), its diagonal not negative, shape (p, n).
    pub r: Array2<f64>,
}

/// A = U diag(values) V' for A of shape (m, n), with p = min(m, n) values, or fewer once truncated.
#[derive(Clone, Debug, PartialEq)]
pub struct Svd {
    /// Left singular vectors as columns, shape (m, p). The largest entry of each (the first among equals) is positive.
    pub u: Array2<f64>,
    /// Singular values, descending, none negative, shape (p).
    pub values: Array1<f64>,
    /// Right singular vectors as rows, shape (p, n).
    pub vt: Array2<f64>,
}
