//! Independent random streams, one per purpose.

use headstart_nn::SplitMix64;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// The random streams of a training, all derived from one draw of the caller's generator. A stream does not depend on
/// how often the others are used: the environment draws the same numbers under every policy, and evaluation does not
/// disturb training.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streams {
    /// Resets and transitions.
    pub environment: SplitMix64,
    /// Selection of replayed transitions.
    pub replay: SplitMix64,
    /// Exploration: when, and which action.
    pub policy: SplitMix64,
    /// Inputs of the anchor.
    pub anchor: SplitMix64,
    /// Resets and transitions of evaluations.
    pub evaluation: SplitMix64,
}

impl Streams {
    /// Draws one key from `rng` and derives all streams from it.
    pub fn new(rng: &mut impl Rng) -> Self {
        let key = rng.next_u64();
        let of = |purpose: u64| SplitMix64::new(SplitMix64::mixed(SplitMix64::mixed(key).wrapping_add(purpose)));
        Self { environment: of(0), replay: of(1), policy: of(2), anchor: of(3), evaluation: of(4) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_differ() {
        let mut streams = Streams::new(&mut SplitMix64::new(1));
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
