//! The library behind the functions at the crate's root.

#[cfg(not(feature = "lapack"))]
use super::fixed::FixedOrder;
#[cfg(feature = "lapack")]
use super::lapack::Lapack;

/// What the functions at the crate's root call: [`FixedOrder`], or `Lapack` under the feature `lapack`.
#[cfg(not(feature = "lapack"))]
pub type Chosen = FixedOrder;
/// What the functions at the crate's root call: [`FixedOrder`], or [`Lapack`] under the feature `lapack`.
#[cfg(feature = "lapack")]
pub type Chosen = Lapack;
