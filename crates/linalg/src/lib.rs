//! Dense decompositions behind one small face, over [`ndarray`] views.
//!
//! Callers name this crate and never the library that does the work, so that the library can be changed without
//! touching a solver. Matrices are real, in double precision; a symmetric matrix is read from its lower triangle.
//!
//! ```
//! use ndarray::array;
//!
//! let a = array![[2.0, 1.0], [1.0, 2.0]];
//! let eigh = headstart_linalg::eigh(a.view())?;
//! assert!((eigh.values[0] - 1.0).abs() < 1e-14 && (eigh.values[1] - 3.0).abs() < 1e-14);
//! let l = headstart_linalg::cholesky(a.view())?;
//! assert!((l.dot(&l.t()) - &a).iter().all(|gap| gap.abs() < 1e-14));
//! # Ok::<(), headstart_linalg::Error>(())
//! ```

mod backend;
mod cholesky;
mod eigh;
mod error;

pub use cholesky::cholesky;
pub use eigh::{Eigh, eigh};
pub use error::Error;
