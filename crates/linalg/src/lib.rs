//! Dense decompositions and a few eigenpairs of large symmetric operators, over [`ndarray`] views.
//!
//! Callers name this crate and never the library that does the work, so that the library can be changed without
//! touching a solver. Matrices are real, in double precision; a symmetric matrix is read from its lower triangle.
//! No input makes a function panic: what is wrong comes back as an [`Error`].
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
//! # What does the work
//!
//! This crate's own decompositions by default. Their sums have one order, so every processor gives the same bits, and they
//! need nothing from the system. The feature `lapack` takes LAPACK from the system's `OpenBLAS` instead, which is worth it
//! for matrices of a thousand rows and more; its bits differ between processors. It finds `OpenBLAS` through `pkg-config`:
//!
//! | system | what to install |
//! |---|---|
//! | Debian, Ubuntu | `apt-get install libopenblas-dev pkg-config` |
//! | Fedora, RHEL | `dnf install openblas-devel pkgconf-pkg-config` |
//! | macOS | `brew install openblas pkg-config`, then `export PKG_CONFIG_PATH="$(brew --prefix openblas)/lib/pkgconfig"` |
//! | conda | `conda install -c conda-forge openblas pkg-config`, then `export PKG_CONFIG_PATH="$CONDA_PREFIX/lib/pkgconfig" LD_LIBRARY_PATH="$CONDA_PREFIX/lib"` |
//! | cluster | `module load openblas`; where `pkg-config --exists openblas` fails, point `PKG_CONFIG_PATH` at the directory of its `openblas.pc`; the library must hold LAPACK too (most builds do) |
//!
//! `OpenBLAS` takes all cores unless `OPENBLAS_NUM_THREADS=1` says otherwise: set it where trials run side by side. Its
//! build picks a kernel for the CPU when it starts; on a CPU newer than the build it may pick a slow one, which
//! `OPENBLAS_CORETYPE` (for example `SkylakeX`) puts right and `OPENBLAS_VERBOSE=2` shows. `just test-lapack` runs the
//! tests that hold both libraries together.

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

/// The program of the README, run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
