//! What a library must offer.

use ndarray::{Array2, ArrayView2};

use crate::factors::{Eigh, Qr, Svd};

/// A library's decompositions, as they are: no check, no scaling, no sign convention.
///
/// Every matrix given is finite and has at least one row and one column.
pub trait Backend {
    /// Eigenvalues (ascending) and eigenvectors of a matrix with both its triangles; `None` where the iteration does not settle.
    fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh>;

    /// The thin singular value decomposition, values descending; `None` where the iteration does not settle.
    fn svd(a: &ArrayView2<'_, f64>) -> Option<Svd>;

    /// The thin QR decomposition, R with any signs; `None` where the library refuses.
    fn qr(a: &ArrayView2<'_, f64>) -> Option<Qr>;

    /// The lower factor from the lower triangle; the error is the index of the pivot that was not positive.
    fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize>;

    /// X with L L' X = B, for a lower triangle L without a zero on its diagonal; `None` where the library refuses.
    fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Option<Array2<f64>>;
}
