//! Random numbers by purpose.

use std::convert::Infallible;

use rand::{Rng, TryRng};
use serde::{Deserialize, Serialize};

/// `SplitMix64` (Steele, Lea & Flood 2014): eight bytes of state, so that a checkpoint holds where each stream stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    state: u64,
}

/// The streams of a training, all from one draw of the caller's generator. What one of them gives out does not depend on
/// how often another is asked: the environment draws the same numbers whatever the agent does, and an evaluation leaves
/// the training as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streams {
    /// Resets and transitions.
    pub environment: Stream,
    /// Which transitions are replayed.
    pub replay: Stream,
    /// Whether to explore, and how.
    pub policy: Stream,
    /// Inputs of an anchor.
    pub anchor: Stream,
    /// Resets and transitions of evaluations.
    pub evaluation: Stream,
}

impl Streams {
    /// Draws the key.
    pub fn new(rng: &mut impl Rng) -> Self {
        let key = rng.next_u64();
        let of = |purpose: u64| Stream { state: mixed(mixed(key).wrapping_add(purpose)) };
        Self { environment: of(0), replay: of(1), policy: of(2), anchor: of(3), evaluation: of(4) }
    }
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
    fn purposes_differ() {
        let mut streams = Streams::new(&mut Stream { state: 1 });
        let mut seen = [
            streams.environment.next_u64(),
            streams.replay.next_u64(),
            streams.policy.next_u64(),
            streams.anchor.next_u64(),
            streams.evaluation.next_u64(),
        ];
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
