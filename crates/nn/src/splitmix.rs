//! A small random generator for many independent streams.

use std::convert::Infallible;

use rand::TryRng;
use serde::{Deserialize, Serialize};

/// `SplitMix64` (Steele, Lea & Flood 2014). Its state is eight bytes, so every tensor and every purpose can have a
/// separate stream, and a checkpoint can store the state of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitMix64 {
    state: u64,
}

/// 2^64 divided by the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl SplitMix64 {
    /// Creates a generator with this state.
    pub const fn new(state: u64) -> Self {
        Self { state }
    }

    /// Returns the output for the next state: a bijection in which every output bit depends on every input bit. States
    /// derived with it from neighbouring numbers are far apart.
    pub const fn mixed(state: u64) -> u64 {
        let z = state.wrapping_add(GAMMA);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl TryRng for SplitMix64 {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|x| (x >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let next = Self::mixed(self.state);
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
    use rand::Rng;

    use super::*;

    /// The first outputs for seed 1234567 of the authors' C code.
    #[test]
    fn is_splitmix() {
        let mut stream = SplitMix64::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
