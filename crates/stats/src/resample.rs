//! The random streams of resamples, drawn labels and simulated tests: the only place of this crate that seeds a generator.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The stream of one resample of a bootstrap or one draw of a permutation test. Resamples are independent of each other and
/// of the number of threads.
pub(crate) fn stream(seed: u64, resample: u64) -> ChaCha8Rng {
    let mut hasher = Sha256::new_with_prefix(b"headstart bootstrap v1");
    for number in [seed, resample] {
        let bytes = number.to_le_bytes();
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    ChaCha8Rng::from_seed(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    /// Intervals of past reports can only be repeated while these numbers stay as they are.
    #[test]
    fn streams_differ_and_are_stable() {
        assert_eq!(
            [stream(1, 0).next_u64(), stream(1, 1).next_u64(), stream(2, 0).next_u64()],
            [15_171_675_814_960_081_920, 7_616_667_300_028_518_949, 12_942_901_593_582_984_858,]
        );
    }
}
