//! Errors of masks, mappings, settings and data.

use std::path::Path;

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
    /// A mapping gives no source layer to a layer of the target.
    #[error(
        "layer {layer} of the target ({name}) has no source layer: {reason}; choose another mapping (cyclic, depth \
         ratio) or name the source of every layer"
    )]
    Unmapped {
        /// Index of the layer, from 0.
        layer: usize,
        /// Name of the layer.
        name: String,
        /// The reason.
        reason: String,
    },
    /// A block string is malformed.
    #[error("the block string {given:?} {reason}; write one source layer for each target layer, like \"0 1 0 1\"")]
    Blocks {
        /// What was passed.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A mask does not match the layers of the network.
    #[error("the mask has {mask}, but {network}; create the mask for this network or map it")]
    Layers {
        /// Layers of the mask.
        mask: String,
        /// What the network or the other mask has, as a clause with its subject.
        network: String,
    },
    /// More weights should be kept than the layer has.
    #[error("cannot keep {keep} weights: layer {layer} has only {have}")]
    Count {
        /// Name of the layer.
        layer: String,
        /// Number of weights to keep.
        keep: usize,
        /// Number of weights of the layer.
        have: usize,
    },
    /// A slice has the wrong length for the network.
    #[error("{what} has {given} numbers, but {expected} are needed; create it for this network")]
    Length {
        /// Name of the slice.
        what: &'static str,
        /// Required length.
        expected: usize,
        /// Length of the slice.
        given: usize,
    },
    /// A mask cannot be read or written.
    #[error(
        "the mask {place} cannot be used: {reason}; write it with `Mask::save` or in the format documented at `Mask`"
    )]
    MaskFile {
        /// Path of the file, or "in this text".
        place: String,
        /// The reason.
        reason: String,
    },
    /// Data cannot be used.
    #[error("{place}: {reason}")]
    Data {
        /// File or folder.
        place: String,
        /// The reason and the cure.
        reason: String,
    },
    /// A user's table cannot be read.
    #[error(transparent)]
    Table(#[from] headstart_table::Error),
    /// An error of the network engine.
    #[error(transparent)]
    Network(#[from] headstart_nn::Error),
}

/// Checks the length of a slice.
pub(crate) fn check_length(what: &'static str, expected: usize, given: usize) -> Result<()> {
    if expected == given { Ok(()) } else { Err(Error::Length { what, expected, given }) }
}

/// Returns the error of a file.
pub(crate) fn data(path: &Path, reason: impl Into<String>) -> Error {
    Error::Data { place: path.display().to_string(), reason: reason.into() }
}
