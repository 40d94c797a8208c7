//! What can be wrong with tensors, settings and data.

use headstart_check::OutOfRange;

/// What the functions of this crate return.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A tensor of another shape than the initialiser is for.
    #[error("{initialiser} needs {needs}, but the tensor {tensor} has shape {shape:?}; use another initialiser there")]
    Shape {
        /// The initialiser.
        initialiser: &'static str,
        /// What it needs.
        needs: &'static str,
        /// Name of the tensor.
        tensor: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A matrix that is not a covariance.
    #[error("the covariance {reason}; pass the covariance of the inputs, symmetric and with a row for each of them")]
    Covariance {
        /// What is wrong with it.
        reason: String,
    },
    /// The network engine refused something.
    #[error(transparent)]
    Network(#[from] headstart_nn::Error),
    /// A decomposition failed.
    #[error(transparent)]
    Decomposition(#[from] headstart_linalg::Error),
}
