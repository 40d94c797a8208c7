//! The library behind the functions at the crate's root.

#[cfg(not(feature = "lapack"))]
use super::faer::Faer;
#[cfg(feature = "lapack")]
use super::lapack::Lapack;

/// What the functions at the crate's root call: [`Faer`], or `Lapack` under the feature `lapack`.
#[cfg(not(feature = "lapack"))]
pub type Chosen = Faer;
/// What the functions at the crate's root call: [`Faer`], or [`Lapack`] under the feature `lapack`.
#[cfg(feature = "lapack")]
pub type Chosen = Lapack;
