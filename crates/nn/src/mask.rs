//! Masks over the parameters of a network.

use serde::{Deserialize, Serialize};

use crate::Real;

/// Which parameters are kept; the others are held at zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    kept: Vec<bool>,
    /// Indices of the cut parameters, in ascending order.
    cut: Vec<u32>,
}

impl Mask {
    /// Creates a mask from one entry per parameter, in the order of the network's parameters.
    pub fn new(kept: Vec<bool>) -> Self {
        let cut = kept.iter().enumerate().filter(|(_, kept)| !**kept).map(|(at, _)| at as u32).collect();
        Self { kept, cut }
    }

    /// Number of parameters, kept or cut.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether the mask covers no parameter.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether each parameter is kept.
    pub fn kept(&self) -> &[bool] {
        &self.kept
    }

    /// Sets the cut entries of `values` to zero.
    pub fn apply<T: Real>(&self, values: &mut [T]) {
        for &at in &self.cut {
            values[at as usize] = T::zero();
        }
    }

    /// Returns whether all cut entries of `values` are zero.
    pub fn holds<T: Real>(&self, values: &[T]) -> bool {
        self.cut.iter().all(|&at| values[at as usize] == T::zero())
    }
}
