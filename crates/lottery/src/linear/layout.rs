//! The grid and the architectures.

use serde::Serialize;

/// Rows and columns of the grid.
pub const SIDE: usize = 5;
/// Channels per position.
pub const CHANNELS: usize = 2;
/// Numbers per signal.
pub const UNITS: usize = SIDE * SIDE * CHANNELS;
/// Number of weights of the stem, and of the head.
pub(super) const ENDS: usize = UNITS * CHANNELS;

/// How the layers are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Architecture {
    /// A sequence of layers.
    Chain {
        /// Number of locally connected layers.
        layers: usize,
    },
    /// Pairs of layers, each with a shortcut around it.
    Residual {
        /// Number of locally connected layers, even.
        layers: usize,
    },
}

impl Architecture {
    /// Number of locally connected layers.
    pub fn layers(self) -> usize {
        match self {
            Self::Chain { layers } | Self::Residual { layers } => layers,
        }
    }

    /// Whether the shortcut is added after this layer.
    pub(crate) fn adds(self, layer: usize) -> bool {
        matches!(self, Self::Residual { .. }) && layer % 2 == 1
    }
}
