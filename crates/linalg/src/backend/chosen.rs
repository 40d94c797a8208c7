//! The library used by the functions at the crate's root.

#[cfg(not(feature = "lapack"))]
use super::fixed::FixedOrder;
#[cfg(feature = "lapack")]
use super::lapack::Lapack;

/// The library used by the functions at the crate's root: [`FixedOrder`], or `Lapack` with the feature `lapack`.
#[cfg(not(feature = "lapack"))]
pub type Chosen = FixedOrder;
/// The library used by the functions at the crate's root: [`FixedOrder`], or [`Lapack`] with the feature `lapack`.
#[cfg(feature = "lapack")]
pub type Chosen = Lapack;
