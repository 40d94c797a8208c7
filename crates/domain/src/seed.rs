//! The only place where random streams are derived.
//!
//! A stream comes from a list of labelled parts (suite seed, domain, problem, replicate, role). What every start of a
//! replicate must share leaves the start out of that list, so pairing is structural and not a habit of the authors.

use std::convert::Infallible;

use rand::{SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// A deterministic random stream: `ChaCha` with 8 rounds, whose values are the same on every platform and release.
///
/// It implements [`rand::Rng`], so solvers take `&mut impl Rng` and need not know this type.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.try_fill_bytes(bytes)
    }
}

/// The parts of a stream's name that all roles of one replicate have in common.
#[derive(Clone, Debug)]
pub struct Seeds {
    prefix: Sha256,
}

impl Seeds {
    /// Streams of one replicate of one problem.
    pub fn new(suite_seed: u64, domain: &str, problem: &str, replicate: u64) -> Self {
        let mut prefix = Sha256::new_with_prefix(b"headstart stream v1");
        part(&mut prefix, &suite_seed.to_le_bytes());
        part(&mut prefix, domain.as_bytes());
        part(&mut prefix, problem.as_bytes());
        part(&mut prefix, &replicate.to_le_bytes());
        Self { prefix }
    }

    /// The stream of the instance: the same for every start.
    pub fn instance(&self) -> Stream {
        self.role(&["instance"])
    }

    /// The stream of the solver: the same for every start.
    pub fn solver(&self) -> Stream {
        self.role(&["solver"])
    }

    /// The stream of a long run that looks for a reference value: never one that a judged trial uses.
    pub fn reference(&self, attempt: u64) -> Self {
        let mut prefix = self.prefix.clone();
        part(&mut prefix, b"reference");
        part(&mut prefix, &attempt.to_le_bytes());
        Self { prefix }
    }

    /// The streams of a tuning replicate: for instance, solver, starts and order never one that a judged trial uses.
    pub fn tuning(&self) -> Self {
        let mut prefix = self.prefix.clone();
        part(&mut prefix, b"tuning");
        Self { prefix }
    }

    /// The stream of what several starts stand on (a pilot run): without the start, so that all get the same.
    pub fn shared(&self, name: &str) -> Stream {
        self.role(&["shared", name])
    }

    /// The stream of one start: the only one whose name holds the start's.
    pub fn start(&self, start: &str) -> Stream {
        self.role(&["start", start])
    }

    /// The order in which the starts of this replicate are run.
    pub fn order(&self) -> Stream {
        self.role(&["order"])
    }

    fn role(&self, parts: &[&str]) -> Stream {
        let mut hasher = self.prefix.clone();
        for text in parts {
            part(&mut hasher, text.as_bytes());
        }
        Stream(ChaCha8Rng::from_seed(hasher.finalize().into()))
    }
}

/// Length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
fn part(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    fn first(mut stream: Stream) -> u64 {
        stream.next_u64()
    }

    #[test]
    fn only_the_start_stream_depends_on_the_start() {
        let seeds = Seeds::new(1, "d", "p", 0);
        assert_ne!(first(seeds.start("a")), first(seeds.start("b")));
        assert_eq!(first(seeds.solver()), first(seeds.clone().solver()));
        assert_eq!(first(seeds.shared("pilot")), first(Seeds::new(1, "d", "p", 0).shared("pilot")));
    }

    #[test]
    fn every_part_and_role_counts() {
        let streams = [
            Seeds::new(1, "d", "p", 0).instance(),
            Seeds::new(2, "d", "p", 0).instance(),
            Seeds::new(1, "dp", "", 0).instance(),
            Seeds::new(1, "d", "q", 0).instance(),
            Seeds::new(1, "d", "p", 1).instance(),
            Seeds::new(1, "d", "p", 0).solver(),
            Seeds::new(1, "d", "p", 0).shared("solver"),
            Seeds::new(1, "d", "p", 0).start("solver"),
            Seeds::new(1, "d", "p", 0).order(),
            Seeds::new(1, "d", "p", 0).reference(0).solver(),
            Seeds::new(1, "d", "p", 0).reference(1).solver(),
            Seeds::new(1, "d", "p", 0).tuning().instance(),
            Seeds::new(1, "d", "p", 0).tuning().solver(),
            Seeds::new(1, "d", "p", 0).tuning().start("solver"),
            Seeds::new(1, "d", "p", 0).tuning().shared("solver"),
            Seeds::new(1, "d", "p", 0).tuning().order(),
        ];
        let firsts: std::collections::HashSet<u64> = streams.into_iter().map(first).collect();
        assert_eq!(firsts.len(), 16);
    }

    /// Rows of past runs can only be repeated while this number stays as it is.
    #[test]
    fn the_stream_is_stable() {
        assert_eq!(first(Seeds::new(20_261_123, "bfgs", "quadratic", 7).solver()), 14_566_058_355_745_082_186);
    }
}
