//! Errors of tensors, settings and data.

use headstart_check::OutOfRange;

/// Result type of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The tensor's shape does not suit the initialiser.
    #[error("{initialiser} needs {needs}, but tensor {tensor} has shape {shape:?}; use another initialiser for it")]
    Shape {
        /// Name of the initialiser.
        initialiser: &'static str,
        /// The shape that it needs.
        needs: &'static str,
        /// Name of the tensor.
        tensor: String,
        /// Shape of the tensor.
        shape: Vec<usize>,
    },
    /// A matrix is not a covariance.
    #[error("the covariance {reason}; pass the symmetric covariance matrix of the inputs, with one row per input")]
    Covariance {
        /// The reason; completes the sentence.
        reason: String,
    },
    /// An error of the network engine.
    #[error(transparent)]
    Network(#[from] headstart_nn::Error),
    /// A matrix decomposition failed.
    #[error(transparent)]
    Decomposition(#[from] headstart_linalg::Error),
}
