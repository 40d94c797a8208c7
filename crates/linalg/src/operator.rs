//! Symmetric operators for Lanczos: the trait, and dense and sparse matrices that implement it.

mod csr;
mod dense;

pub use csr::Csr;
pub use dense::DenseSymmetric;

/// A real symmetric matrix, given by its products with vectors.
pub trait SymmetricOperator {
    /// Returns the number of rows and columns.
    fn dim(&self) -> usize;

    /// Writes A x to `y` and overwrites its old contents; both have [`dim`](Self::dim) entries.
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
