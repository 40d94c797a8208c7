//! Dense decompositions and a few eigenpairs of large symmetric operators, over [`ndarray`] views.
//!
//! Callers use this crate and never the underlying library, so that the library can be replaced without changes to a
//! solver. Matrices are real, in double precision. Only the lower triangle of a symmetric matrix is read. Invalid input
//! gives an [`Error`]; only [`product`] panics, if the inner dimensions differ.
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
//!
//! # Libraries
//!
//! By default the decompositions are the crate's own. Their sums have a fixed order, so every processor gives the same
//! bits, and no system library is needed. The feature `lapack` uses LAPACK from the system's `OpenBLAS` instead. It is
//! faster for matrices of a thousand rows and more, but its bits differ between processors. `OpenBLAS` is found through
//! `pkg-config`:
//!
//! | system | what to install |
//! |---|---|
//! | Debian, Ubuntu | `apt-get install libopenblas-dev pkg-config` |
//! | Fedora, RHEL | `dnf install openblas-devel pkgconf-pkg-config` |
//! | macOS | `brew install openblas pkg-config`, then `export PKG_CONFIG_PATH="$(brew --prefix openblas)/lib/pkgconfig"` |
//! | conda | `conda install -c conda-forge openblas pkg-config`, then `export PKG_CONFIG_PATH="$CONDA_PREFIX/lib/pkgconfig" LD_LIBRARY_PATH="$CONDA_PREFIX/lib"` |
//! | cluster | `module load openblas`; where `pkg-config --exists openblas` fails, point `PKG_CONFIG_PATH` at the directory of its `openblas.pc`; the library must hold LAPACK too (most builds do) |
//!
//! `OpenBLAS` uses all cores unless `OPENBLAS_NUM_THREADS=1` is set: set it if trials run in parallel. It picks a
//! kernel for the CPU when it starts. On a CPU newer than the build it may pick a slow one: `OPENBLAS_VERBOSE=2` shows
//! the choice, and `OPENBLAS_CORETYPE` (for example `SkylakeX`) corrects it. `just test-lapack` runs the tests that
//! compare both libraries.

pub mod backend;
mod cholesky;
mod eigh;
mod error;
mod factors;
mod fixed;
mod lanczos;
mod operator;
mod qr;
mod scale;
mod sign;
mod svd;

pub use cholesky::{cholesky, cholesky_solve};
pub use eigh::eigh;
pub use error::Error;
pub use factors::{Eigh, Qr, Svd};
pub use fixed::product;
pub use lanczos::{Eigenpairs, Lanczos, highest_eigenpairs, lowest_eigenpairs};
pub use operator::{Csr, DenseSymmetric, SymmetricOperator};
pub use qr::qr;
pub use svd::{Truncation, svd, svd_truncated};

/// Runs the program of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
