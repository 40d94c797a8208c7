//! The grid, and how layers are joined.

use serde::Serialize;

/// Rows and columns of the grid.
pub const SIDE: usize = 5;
/// Numbers at each place.
pub const CHANNELS: usize = 2;
/// Numbers of a signal.
pub const UNITS: usize = SIDE * SIDE * CHANNELS;
/// Weights of the stem, and of the head.
pub(super) const ENDS: usize = UNITS * CHANNELS;

/// How the layers are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Architecture {
    /// One after another.
    Chain {
        /// Locally connected layers.
        layers: usize,
    },
    /// Pairs beside which the signal passes.
    Residual {
        /// Locally connected layers, an even number.
        layers: usize,
    },
}

impl Architecture {
    /// Locally connected layers.
    pub fn layers(self) -> usize {
        match self {
            Self::Chain { layers } | Self::Residual { layers } => layers,
        }
    }

    /// Whether the signal from before the pair is added behind this layer.
    pub(crate) fn adds(self, layer: usize) -> bool {
        matches!(self, Self::Residual { .. }) && layer % 2 == 1
    }
}
