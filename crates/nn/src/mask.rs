//! Masks over the parameters of a network.

use serde::{Deserialize, Serialize};

use crate::Real;

/// For every parameter whether it is kept; the others are held at zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    kept: Vec<bool>,
    /// Places of what is cut, in order.
    cut: Vec<u32>,
}

impl Mask {
    /// Of one entry per parameter, in the order of the network's.
    pub fn new(kept: Vec<bool>) -> Self {
        let cut = kept.iter().enumerate().filter(|(_, kept)| !**kept).map(|(at, _)| at as u32).collect();
        Self { kept, cut }
    }

    /// Parameters in all.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether it is of no parameter.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// For each parameter whether it is kept.
    pub fn kept(&self) -> &[bool] {
        &self.kept
    }

    /// Sets what is cut to zero.
    pub fn apply<T: Real>(&self, values: &mut [T]) {
        for &at in &self.cut {
            values[at as usize] = T::zero();
        }
    }

    /// Whether all that is cut is zero.
    pub fn holds<T: Real>(&self, values: &[T]) -> bool {
        self.cut.iter().all(|&at| values[at as usize] == T::zero())
    }
}
