//! Errors of networks, inputs and checkpoints.

use headstart_check::OutOfRange;

/// Errors of this crate.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A layer does not accept its input, or its parts do not match.
    #[error("{layer} needs {needs}, but gets {given}; change one of them")]
    Shape {
        /// Name of the layer.
        layer: &'static str,
        /// What it needs.
        needs: String,
        /// What it gets instead.
        given: String,
    },
    /// A slice has the wrong length.
    #[error(
        "{what} has {given} numbers, but {expected} are needed; check the batch size and the shapes of the network"
    )]
    Length {
        /// Name of the slice.
        what: &'static str,
        /// Required length.
        expected: usize,
        /// Length of the slice.
        given: usize,
    },
    /// A batch is empty.
    #[error("the batch is empty; pass at least one sample")]
    EmptyBatch,
    /// A class index is not below the number of outputs.
    #[error(
        "class {class} of sample {sample} is out of range (0..{classes}); use class indices below the number of outputs"
    )]
    Class {
        /// Index of the sample, from 0.
        sample: usize,
        /// Its class.
        class: u32,
        /// Outputs of the network.
        classes: usize,
    },
    /// A loss got the wrong kind of target.
    #[error("{loss} needs {needs}; pass a matching target or choose another loss")]
    Target {
        /// Name of the loss.
        loss: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// `backward` was called without a matching `forward`.
    #[error(
        "backward was called with a batch of {given}, but the last call of forward had a batch of {last}; call forward \
         first"
    )]
    Order {
        /// Batch size of `backward`.
        given: usize,
        /// Batch size of the last call of `forward`; 0 if it was never called.
        last: usize,
    },
    /// No parameter tensor has this name.
    #[error("unknown parameter tensor {name:?}; the network has: {known}")]
    NoTensor {
        /// The requested name.
        name: String,
        /// The names of all tensors.
        known: String,
    },
    /// A checkpoint cannot be read or does not match the network.
    #[error("the checkpoint cannot be loaded: {reason}; build the same network as when the checkpoint was saved")]
    Checkpoint {
        /// The reason.
        reason: String,
    },
}

/// Checks the length of a slice.
pub(crate) fn check_length(what: &'static str, expected: usize, given: usize) -> Result<(), Error> {
    if expected == given { Ok(()) } else { Err(Error::Length { what, expected, given }) }
}
