//! What can be wrong with networks, inputs and checkpoints.

use headstart_check::OutOfRange;

/// Why something was refused.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A layer does not fit what comes before it.
    #[error("{layer} needs {needs}, but what comes before it gives {given}; change one of them")]
    Shape {
        /// The layer.
        layer: &'static str,
        /// What it needs.
        needs: String,
        /// What it would get.
        given: String,
    },
    /// Something has another length than it must.
    #[error("{what} holds {given} numbers, but {expected} are needed; check the batch and the shapes of the network")]
    Length {
        /// What was passed.
        what: &'static str,
        /// Numbers that are needed.
        expected: usize,
        /// Numbers that were passed.
        given: usize,
    },
    /// A batch without a sample.
    #[error("a batch holds no sample; pass at least one")]
    EmptyBatch,
    /// A class beyond the outputs.
    #[error("class {class} of sample {sample} is not below the {classes} outputs; number classes from 0")]
    Class {
        /// The sample, from 0.
        sample: usize,
        /// Its class.
        class: u32,
        /// Outputs of the network.
        classes: usize,
    },
    /// A loss got targets of the other kind.
    #[error("{loss} needs {needs}; pass the other kind of target or choose another loss")]
    Target {
        /// The loss.
        loss: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// A gradient was asked for without what it is of.
    #[error(
        "backward was called for a batch of {given}, but the last call of forward had one of {last}; call forward first"
    )]
    Order {
        /// The batch of backward.
        given: usize,
        /// The batch of the last call of forward, 0 if there was none.
        last: usize,
    },
    /// No layer of this name.
    #[error("no parameter tensor is called {name:?}; the network has: {known}")]
    NoTensor {
        /// What was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A checkpoint that cannot be read.
    #[error("the checkpoint cannot be used: {reason}; build the network as it was when the checkpoint was written")]
    Checkpoint {
        /// What is wrong with it.
        reason: String,
    },
}

/// Refuses a slice of another length.
pub(crate) fn check_length(what: &'static str, expected: usize, given: usize) -> Result<(), Error> {
    if expected == given { Ok(()) } else { Err(Error::Length { what, expected, given }) }
}
