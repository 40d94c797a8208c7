//! The interface of a library.

use ndarray::{Array2, ArrayView2};

use crate::factors::{Eigh, Qr, Svd};

/// The decompositions of a library, without checks, scaling or sign conventions.
///
/// All matrices are finite and have at least one row and one column.
pub trait Backend {
    /// Returns eigenvalues (ascending) and eigenvectors of a matrix with both triangles; `None` if the iteration does
    /// not converge.
    fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh>;

    /// Returns the thin singular value decomposition, values descending; `None` if the iteration does not converge.
    fn svd(a: &ArrayView2<'_, f64>) -> Option<Svd>;

    /// Returns the thin QR decomposition, R with any signs; `None` if the library fails.
    fn qr(a: &ArrayView2<'_, f64>) -> Option<Qr>;

    /// Returns the lower factor from the lower triangle; the error is the index of the pivot that was not positive.
    fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize>;

    /// Returns X with L L' X = B, for a lower triangle L without a zero on its diagonal; `None` if the library fails.
    fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Option<Array2<f64>>;
}
