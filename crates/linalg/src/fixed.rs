//! Decompositions that give the same bits on every processor.
//!
//! Every sum has a fixed order, in eight lanes independent of the register width, and no multiply-add is fused. Only
//! [`product`] uses fused multiply-adds, and always. The algorithms are those of EISPACK and LAPACK, without blocking:
//! a matrix of up to some hundred rows stays in the second-level cache, so blocking would gain little.

mod cholesky;
mod eigen;
mod householder;
mod jacobi;
mod product;
mod tridiagonal;
mod vector;

pub(crate) use cholesky::{cholesky, cholesky_solve};
pub(crate) use eigen::eigh;
pub(crate) use householder::qr;
pub(crate) use jacobi::svd;
pub use product::product;

/// Squares below this have lost digits; relative to entries near 1 they count as 0.
const TINY: f64 = 1e-280;
/// Lengths below this have squares below [`TINY`].
const NO_LENGTH: f64 = 1e-140;
