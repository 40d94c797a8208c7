//! Symmetric operators: what Lanczos asks of a matrix, and two matrices that answer.

mod csr;
mod dense;

pub use csr::Csr;
pub use dense::DenseSymmetric;

/// A real symmetric matrix of which only products with vectors are known.
pub trait SymmetricOperator {
    /// Number of rows and columns.
    fn dim(&self) -> usize;

    /// Writes A x to `y`, whatever `y` holds before; both have [`dim`](Self::dim) entries.
    fn apply(&self, x: &[f64], y: &mut [f64]);
}

impl<T: SymmetricOperator + ?Sized> SymmetricOperator for &T {
    fn dim(&self) -> usize {
        (**self).dim()
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        (**self).apply(x, y);
    }
}
