//! Starts of whole networks. Each writes all parameters, with a separate random stream for every tensor.

mod plain;
mod residual;
mod scaled;
mod tensors;
mod transformer;

pub use self::plain::{forward, normal, orthogonal, rescale, torch_default, xavier};
pub use self::residual::{fixup, zero_residual};
pub use self::scaled::lsuv;
pub use self::tensors::{count, weights};
pub use self::transformer::mimetic;
