//! Random streams by tensor and purpose.

use headstart_nn::SplitMix64;
use rand::Rng;

/// Independent random streams for the tensors of a network, all derived from one draw of the caller's generator. A
/// tensor's numbers do not depend on the other tensors, so two networks that differ in one layer agree in the rest.
#[derive(Clone, Debug)]
pub struct Streams {
    key: u64,
}

impl Streams {
    /// Draws one key from `rng` and derives all streams from it.
    pub fn new(rng: &mut impl Rng) -> Self {
        Self { key: rng.next_u64() }
    }

    /// Returns the stream for the tensor at this index and a purpose (0 for its values).
    pub fn of(&self, tensor: usize, purpose: u64) -> SplitMix64 {
        let place = SplitMix64::mixed(SplitMix64::mixed(self.key).wrapping_add(tensor as u64)).wrapping_add(purpose);
        SplitMix64::new(SplitMix64::mixed(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_purposes_differ() {
        let streams = Streams::new(&mut SplitMix64::new(1));
        let mut seen: Vec<u64> =
            (0..50).flat_map(|i| (0..4).map(move |p| (i, p))).map(|(i, p)| streams.of(i, p).next_u64()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 200);
        assert_eq!(streams.of(3, 1).next_u64(), streams.of(3, 1).next_u64());
    }
}
