//! The only place where random streams are derived.
//!
//! A stream is derived from a list of labelled parts (suite seed, domain, problem, replicate, role). Streams shared by
//! all starts of a replicate leave the start out of that list, so starts are always paired, independent of their code.

use std::convert::Infallible;

use rand::{SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// A deterministic random stream: `ChaCha` with 8 rounds, whose values are the same on every platform and release.
///
/// It implements [`rand::Rng`], so solvers can take `&mut impl Rng` instead of this type.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
    replicate: u64,
}

impl Stream {
    /// Returns the number of the replicate, from 0: the member of a problem that is a list
    /// ([`Problem::members`](crate::Problem::members)).
    pub fn replicate(&self) -> u64 {
        self.replicate
    }

    /// Whether a number was drawn.
    pub(crate) fn is_used(&self) -> bool {
        self.generator.get_word_pos() > 0
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.generator.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.generator.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.generator.try_fill_bytes(bytes)
    }
}

/// The seeds of one replicate, from which the streams of all its roles are derived.
#[derive(Clone, Debug)]
pub struct Seeds {
    prefix: Sha256,
    replicate: u64,
}

impl Seeds {
    /// Creates the seeds of one replicate of one problem.
    pub fn new(suite_seed: u64, domain: &str, problem: &str, replicate: u64) -> Self {
        let mut prefix = Sha256::new_with_prefix(b"headstart stream v1");
        part(&mut prefix, &suite_seed.to_le_bytes());
        part(&mut prefix, domain.as_bytes());
        part(&mut prefix, problem.as_bytes());
        part(&mut prefix, &replicate.to_le_bytes());
        Self { prefix, replicate }
    }

    /// Returns the stream of the instance: the same for every start.
    pub fn instance(&self) -> Stream {
        self.role(&["instance"])
    }

    /// Returns the stream of the solver: the same for every start.
    pub fn solver(&self) -> Stream {
        self.role(&["solver"])
    }

    /// Returns the seeds of a long run that searches for a reference value; no judged trial uses them.
    #[must_use]
    pub fn reference(&self, attempt: u64) -> Self {
        let mut prefix = self.prefix.clone();
        part(&mut prefix, b"reference");
        part(&mut prefix, &attempt.to_le_bytes());
        Self { prefix, ..*self }
    }

    /// Returns the seeds of a tuning replicate. Its streams (instance, solver, starts, order) are not used by any
    /// judged trial.
    #[must_use]
    pub fn tuning(&self) -> Self {
        let mut prefix = self.prefix.clone();
        part(&mut prefix, b"tuning");
        Self { prefix, ..*self }
    }

    /// Returns the stream of a result that several starts share (a pilot run). It does not depend on the start.
    pub fn shared(&self, name: &str) -> Stream {
        self.role(&["shared", name])
    }

    /// Returns the stream of one start: the only stream that depends on the start.
    pub fn start(&self, start: &str) -> Stream {
        self.role(&["start", start])
    }

    /// Returns the stream that shuffles the order in which the starts of this replicate are run.
    pub fn order(&self) -> Stream {
        self.role(&["order"])
    }

    fn role(&self, parts: &[&str]) -> Stream {
        let mut hasher = self.prefix.clone();
        for text in parts {
            part(&mut hasher, text.as_bytes());
        }
        Stream { generator: ChaCha8Rng::from_seed(hasher.finalize().into()), replicate: self.replicate }
    }
}

/// Adds a part, prefixed by its length so that ("ab", "c") and ("a", "bc") differ.
fn part(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;
    use crate::recipe::Recipe;
    use crate::workspace::Workspace;
    use crate::{About, Domain, Entry, Problem, Result, Run, Setup, Start, Target};

    fn first(mut stream: Stream) -> u64 {
        stream.next_u64()
    }

    /// Records what each role draws. Its starts draw different amounts, which must change only their own numbers.
    struct Probe;

    impl Domain for Probe {
        type Instance = u64;
        type State = (u64, u64);
        const ABOUT: About = About { name: "probe", ..About::DEFAULTS };
        const PROBLEMS: &'static [Problem<Self>] =
            &[Problem::new("p", "p", |stream| Ok(stream.next_u64()), Target::Known(|_| 0.0))];
        const STARTS: &'static [Start<Self>] = &[
            Start::new("one", "draws once", |_, setup| state(setup, 1)),
            Start::new("many", "draws often", |_, setup| state(setup, 9)),
        ];

        fn solve(_: &u64, (own, shared): (u64, u64), run: &mut Run) -> Result<()> {
            let solver = run.stream().next_u64();
            // A float holds 53 bits.
            for (name, drawn) in [("own", own), ("shared", shared), ("solver", solver)] {
                run.metric(name, (drawn >> 11) as f64);
            }
            let _ = run.observe(1.0, || 1.0);
            Ok(())
        }
    }

    fn state(setup: &mut Setup, draws: usize) -> Result<(u64, u64)> {
        let own = (0..draws).map(|_| setup.stream().next_u64()).last().unwrap_or_default();
        Ok((own, *setup.shared("pilot", |stream| Ok((stream.next_u64(), 0.0)))?))
    }

    #[test]
    fn starts_share_all_random_numbers_but_their_own() {
        let recipe = Recipe {
            domain: "probe".into(),
            version: 1,
            problem: "p".into(),
            starts: vec!["one".into(), "many".into()],
            budget: 10.0,
            trace_points: 10,
            references: None,
            own: None,
            knobs: None,
        };
        let rows = |order: [&str; 2], together: bool| {
            let mut workspace = Workspace::default();
            order.map(|start| {
                if !together {
                    workspace.clear();
                }
                let trial = recipe.trial(7, 3, start, None).unwrap();
                Entry::of::<Probe>().0.run(&trial, &mut workspace, &mut |_| ()).row
            })
        };
        let [one, many] = rows(["one", "many"], true);
        // The same in the other order, and with each start alone.
        let [many_first, one_second] = rows(["many", "one"], true);
        let [one_alone, many_alone] = rows(["one", "many"], false);
        for (again, row) in [(&one_second, &one), (&one_alone, &one), (&many_first, &many), (&many_alone, &many)] {
            assert_eq!((again.digest, &again.metrics), (row.digest, &row.metrics));
        }
        assert_eq!(one.instance, many.instance);
        for role in ["solver", "shared"] {
            assert!(one.metrics.get(role).is_some());
            assert_eq!(one.metrics.get(role), many.metrics.get(role), "{role}");
        }
        assert_ne!(one.metrics.get("own"), many.metrics.get("own"));
        assert_ne!(one.metrics.get("solver"), one.metrics.get("own"));
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

    /// If this number changes, past runs cannot be repeated.
    #[test]
    fn the_stream_is_stable() {
        assert_eq!(first(Seeds::new(20_261_123, "bfgs", "quadratic", 7).solver()), 14_566_058_355_745_082_186);
    }
}
