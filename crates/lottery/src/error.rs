//! What can be wrong with masks, mappings, settings and data.

use std::path::Path;

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
    /// A layer of the target to which a mapping gives no layer of the source.
    #[error(
        "layer {layer} of the target ({name}) has no layer of the source: {reason}; choose another mapping (cyclic, depth \
         ratio) or name the source of every layer"
    )]
    Unmapped {
        /// Place of the layer, from 0.
        layer: usize,
        /// Its name.
        name: String,
        /// Why it has none.
        reason: String,
    },
    /// A malformed block string.
    #[error(
        "the block string {given:?} {reason}; write a layer of the source for each of the target, like \"0 1 0 1\""
    )]
    Blocks {
        /// What was passed.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A mask is of other layers than what it shall be used with.
    #[error("the mask has {mask}, but the network {network}; make the mask for this network or map it")]
    Layers {
        /// What the mask has.
        mask: String,
        /// What the network has.
        network: String,
    },
    /// A number of weights to keep that there are not.
    #[error("cannot keep {keep} weights: layer {layer} has only {have}")]
    Count {
        /// Name of the layer.
        layer: String,
        /// How many to keep.
        keep: usize,
        /// How many there are.
        have: usize,
    },
    /// Parameters of another network.
    #[error("{what} holds {given} numbers, but {expected} are needed; pass what was made for this network")]
    Length {
        /// What was passed.
        what: &'static str,
        /// Numbers that are needed.
        expected: usize,
        /// Numbers that were passed.
        given: usize,
    },
    /// A file of a mask that cannot be used.
    #[error(
        "the mask {place} cannot be used: {reason}; write it with `Mask::save` or as the documentation of `Mask` says"
    )]
    MaskFile {
        /// Where it is.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Data that cannot be used.
    #[error("{place}: {reason}")]
    Data {
        /// File or folder.
        place: String,
        /// What is wrong, and the cure.
        reason: String,
    },
    /// A user's table that cannot be read.
    #[error(transparent)]
    Table(#[from] headstart_table::Error),
    /// The network engine refused something.
    #[error(transparent)]
    Network(#[from] headstart_nn::Error),
}

/// Refuses a slice of another length.
pub(crate) fn check_length(what: &'static str, expected: usize, given: usize) -> Result<()> {
    if expected == given { Ok(()) } else { Err(Error::Length { what, expected, given }) }
}

/// Refuses a file.
pub(crate) fn data(path: &Path, reason: impl Into<String>) -> Error {
    Error::Data { place: path.display().to_string(), reason: reason.into() }
}
