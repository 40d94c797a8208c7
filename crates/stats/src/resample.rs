//! The random streams of resamples, drawn permutations and simulated tests: the only place of this crate that seeds a
//! generator.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// Returns the stream of one resample of a bootstrap or one draw of a permutation test. Resamples are independent of
/// each other and do not depend on the number of threads.
pub(crate) fn stream(seed: u64, resample: u64) -> ChaCha8Rng {
    let mut hasher = Sha256::new_with_prefix(b"headstart bootstrap v1");
    for number in [seed, resample] {
        let bytes = number.to_le_bytes();
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    ChaCha8Rng::from_seed(hasher.finalize().into())
}

/// Largest total number of replicates drawn by all resamples of an interval.
const DRAWS: u64 = 20_000_000;

/// Smallest number of resamples: the ends of a 95% interval then have an error of a seventh of a standard error.
const FEWEST: u64 = 400;

/// Returns how many of the requested resamples of `n` replicates are drawn: all, or as many as [`DRAWS`] allows but at
/// least [`FEWEST`]. For example, 2,000 resamples are all drawn for up to 10,000 replicates.
pub(crate) fn affordable(resamples: u64, n: usize) -> u64 {
    resamples.min((DRAWS / (n as u64).max(1)).max(FEWEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    /// If these numbers change, intervals of past reports cannot be reproduced.
    #[test]
    fn streams_differ_and_are_stable() {
        assert_eq!(
            [stream(1, 0).next_u64(), stream(1, 1).next_u64(), stream(2, 0).next_u64()],
            [15_171_675_814_960_081_920, 7_616_667_300_028_518_949, 12_942_901_593_582_984_858,]
        );
    }

    #[test]
    fn all_resamples_are_drawn_unless_there_are_very_many_replicates() {
        for (resamples, n, drawn) in [
            (2000, 0, 2000),
            (2000, 10_000, 2000),
            (2000, 20_000, 1000),
            (2000, 100_000, 400),
            (1000, 100_000, 400),
            (100, 1_000_000, 100),
        ] {
            assert_eq!(affordable(resamples, n), drawn, "{resamples} of {n}");
        }
    }
}
