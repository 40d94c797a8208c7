//! The libraries that do the work, each callable by name so that tests and benches can hold them side by side.
//!
//! Everyone else calls the functions at the crate's root, which are these with [`Chosen`].

use ndarray::{Array2, ArrayView2};

use crate::{Eigh, Qr, Svd};

mod faer;
#[cfg(feature = "lapack")]
mod lapack;

pub use self::faer::Faer;
#[cfg(feature = "lapack")]
pub use self::lapack::Lapack;
pub use crate::cholesky::{cholesky_solve_with, cholesky_with};
pub use crate::eigh::eigh_with;
pub use crate::qr::qr_with;
pub use crate::svd::svd_with;

/// What the functions at the crate's root call: [`Faer`], or `Lapack` under the feature `lapack`.
#[cfg(not(feature = "lapack"))]
pub type Chosen = Faer;
/// What the functions at the crate's root call: [`Faer`], or [`Lapack`] under the feature `lapack`.
#[cfg(feature = "lapack")]
pub type Chosen = Lapack;

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
