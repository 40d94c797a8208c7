//! Decompositions that give the same bits on every processor.
//!
//! Every sum has its order written down, in eight lanes whatever the registers are, and no product is fused with a sum. Only
//! [`product`] fuses, everywhere. The algorithms are those of EISPACK and LAPACK, without blocking: up to some hundred
//! rows a matrix stays in the second cache, and blocking would gain little.

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

/// Squares below it have lost digits: what is that small beside entries near 1 counts as 0.
const TINY: f64 = 1e-280;
/// Lengths whose squares are that small.
const NO_LENGTH: f64 = 1e-140;
