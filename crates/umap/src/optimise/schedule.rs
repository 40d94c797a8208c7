//! The schedule of edges: each is drawn an integer number of times, in proportion to its weight.

use std::num::NonZeroU32;

use crate::Graph;

/// How often an edge is drawn relative to the one of largest weight, in units of 2^-32 and minus one unit, so that the
/// largest fits in 32 bits. Relative weights of single precision down to 1/512 are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate(u32);

const UNIT: f64 = (1u64 << 32) as f64;

impl Rate {
    fn new(relative: f32) -> Self {
        Self(((f64::from(relative) * UNIT) as u64).saturating_sub(1).min(u32::MAX.into()) as u32)
    }

    /// The rates of a graph's edges.
    pub(super) fn of(graph: &Graph) -> Vec<Self> {
        let largest = graph.largest();
        graph.weights().iter().map(|weight| Self::new(weight / largest)).collect()
    }

    /// Whether the edge is drawn in an epoch: whether epoch times rate passes an integer. This is umap-learn's
    /// `epoch_of_next_sample` without state. In epoch 0 no edge is drawn.
    #[inline]
    pub(super) fn is_drawn(self, epoch: NonZeroU32) -> bool {
        // The fractional part is less than one step.
        self.0.wrapping_add(1).wrapping_mul(epoch.get()) <= self.0
    }

    /// The integer part of `times` the rate.
    #[inline]
    pub(super) fn times(self, times: u64) -> u64 {
        ((u128::from(times) * (u128::from(self.0) + 1)) >> 32) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::{NonZeroU32, Rate};

    /// The bookkeeping of umap-learn: `epoch_of_next_sample` in steps of `epochs_per_sample`.
    #[test]
    fn edges_are_drawn_when_umap_learn_draws_them() {
        for rate in [1.0f32, 0.75, 0.5, 0.3, 0.137, 0.01, 0.002] {
            let step = 1.0 / f64::from(rate);
            let mut next = step;
            for epoch in (1..500).filter_map(NonZeroU32::new) {
                let due = next <= f64::from(epoch.get()) + 1e-9;
                if due {
                    next += step;
                }
                assert_eq!(Rate::new(rate).is_drawn(epoch), due, "rate {rate}, epoch {epoch}");
            }
        }
    }

    #[test]
    fn integer_parts_agree_with_exact_products() {
        for (rate, times, whole) in [(1.0, 7, 7), (0.5, 7, 3), (0.5, 8, 4), (0.75, 5 * 499, 1871), (0.002, 2500, 5)] {
            assert_eq!(Rate::new(rate).times(times), whole, "{rate} {times}");
        }
    }
}
