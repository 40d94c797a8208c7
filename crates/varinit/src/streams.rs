//! Random numbers by layer and purpose.

use std::convert::Infallible;

use rand::{Rng, TryRng};

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
    pub fn of(&self, tensor: usize, purpose: u64) -> Stream {
        let place = mixed(mixed(self.key).wrapping_add(tensor as u64)).wrapping_add(purpose);
        Stream { state: mixed(place) }
    }
}

/// `SplitMix64` (Steele, Lea & Flood 2014).
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
}

/// 2^64 divided by the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output function of `SplitMix64` of the next state: a bijection in which every bit hangs on every other.
fn mixed(state: u64) -> u64 {
    let z = state.wrapping_add(GAMMA);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|x| (x >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let next = mixed(self.state);
        self.state = self.state.wrapping_add(GAMMA);
        Ok(next)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs for seed 1234567 of the authors' C code.
    #[test]
    fn is_splitmix() {
        let mut stream = Stream { state: 1_234_567 };
        let first: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn places_and_purposes_differ() {
        let streams = Streams::new(&mut Stream { state: 1 });
        let mut seen: Vec<u64> =
            (0..50).flat_map(|i| (0..4).map(move |p| (i, p))).map(|(i, p)| streams.of(i, p).next_u64()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 200);
        assert_eq!(streams.of(3, 1).next_u64(), streams.of(3, 1).next_u64());
    }
}
