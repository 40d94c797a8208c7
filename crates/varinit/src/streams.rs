//! Random numbers by layer and purpose.

use headstart_nn::SplitMix64;
use rand::Rng;

/// Independent streams of random numbers for the tensors of a network, all from one draw of the caller's generator: what a
/// tensor gets does not depend on which others there are, so that two networks that differ in one layer agree in the rest.
#[derive(Clone, Debug)]
pub struct Streams {
    key: u64,
}

impl Streams {
    /// Draws the key.
    pub fn new(rng: &mut impl Rng) -> Self {
        Self { key: rng.next_u64() }
    }

    /// The numbers for a tensor, by its place, and a purpose (0 for its values).
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
