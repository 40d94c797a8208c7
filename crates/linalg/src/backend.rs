//! The libraries with the decompositions, each callable by name so that tests and benches can compare them.
//!
//! Other callers use the functions at the crate's root, which are these with [`Chosen`].

pub(crate) mod chosen;
mod fixed;
#[cfg(feature = "lapack")]
mod lapack;
pub(crate) mod library;

pub use self::chosen::Chosen;
pub use self::fixed::FixedOrder;
#[cfg(feature = "lapack")]
pub use self::lapack::Lapack;
pub use self::library::Backend;
pub use crate::cholesky::{cholesky_solve_with, cholesky_with};
pub use crate::eigh::eigh_with;
pub use crate::qr::qr_with;
pub use crate::svd::svd_with;
