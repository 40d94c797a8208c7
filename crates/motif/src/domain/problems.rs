//! The problems: motifs planted in random sequences.

use headstart_domain::{Estimand, Problem, Result, Starts, Stream, Target};

use super::{Dataset, MotifDomain};
use crate::Model;
use crate::problem::{self, Planted, Size};

/// Maximum number of iterations in a trial: 200 climbs of 50.
pub(super) const BUDGET: f64 = 10_000.0;
const USUAL: Size = Size { sequences: 20, length: 600 };
const SHORT: Size = Size { sequences: 40, length: 300 };
/// Within 1 nat of the best log-likelihood ratio of 2000 restarts and the scan: about the difference that a single site
/// makes.
const TARGET: Target<MotifDomain> = Target::Reference { within: 1.0 };

pub(super) const PROBLEMS: &[Problem<MotifDomain>] = &[
    planted(
        "pwm-20",
        "20 sequences of 600 uniform letters, each with one site of a motif of 20 bits, W = 14",
        |stream| oops(problem::pwm(USUAL, 14, 20.0, stream), 0),
    ),
    planted("pwm-16", "as pwm-20, with 16 bits", |stream| oops(problem::pwm(USUAL, 14, 16.0, stream), 0)),
    planted("pwm-14", "as pwm-20, with 14 bits", |stream| oops(problem::pwm(USUAL, 14, 14.0, stream), 0)),
    planted("pwm-12", "as pwm-20, with 12 bits: too few for the motif to be the optimum of the likelihood", |stream| {
        oops(problem::pwm(USUAL, 14, 12.0, stream), 0)
    }),
    planted(
        "at-rich",
        "20 bits, W = 14, in sequences from a chain of order 1 with 70% A and T; background of order 0",
        |stream| oops(problem::at_rich(USUAL, 14, 20.0, stream), 0),
    ),
    planted(
        "decoys",
        "18 bits, W = 14; two thirds of the sequences have a run of A, and two thirds have repeats of CA; background \
         of order 0",
        |stream| oops(problem::decoys(USUAL, 14, 18.0, stream), 0),
    ),
    planted("decoys-order3", "as decoys, with a background of order 3, which explains them", |stream| {
        oops(problem::decoys(USUAL, 14, 18.0, stream), 3)
    }),
    planted("zoops", "20 bits, W = 14, in half of 40 sequences of 300; zero or one site per sequence", |stream| {
        Dataset::planted(problem::zero_or_one(SHORT, 20, 14, 20.0, stream)?, Model::Zoops, 0)
    }),
    planted("two-motifs", "one site per sequence of each of two motifs, 18 and 15 bits, W = 14", |stream| {
        oops(problem::two_motifs(USUAL, 14, 18.0, 15.0, stream), 0)
    }),
    planted(
        "planted-11-2",
        "a word of 11 letters, with 2 letters changed at every site (Pevzner and Sze 2000)",
        |stream| oops(problem::planted(USUAL, 11, 2, stream), 0),
    ),
    planted("planted-13-3", "a word of 13 letters, with 3 letters changed at every site", |stream| {
        oops(problem::planted(USUAL, 13, 3, stream), 0)
    }),
    planted(
        "planted-15-4",
        "a word of 15 letters, with 4 letters changed at every site (challenge problem of Pevzner and Sze 2000)",
        |stream| oops(problem::planted(USUAL, 15, 4, stream), 0),
    ),
    planted("planted-12-3", "a word of 12 letters, with 3 letters changed at every site", |stream| {
        oops(problem::planted(USUAL, 12, 3, stream), 0)
    }),
    planted("planted-18-6", "a word of 18 letters, with 6 letters changed at every site", |stream| {
        oops(problem::planted(USUAL, 18, 6, stream), 0)
    }),
    Problem::new(
        "pwm-16-restarts",
        "as pwm-16, with restarts from random matrices until a trial finds the best known motif",
        |stream| Ok(oops(problem::pwm(USUAL, 14, 16.0, stream), 0)?.with_restarts()),
        TARGET,
    )
    .starts(Starts::Except(&["random-200", "oracle"]))
    .budget(20_000.0)
    .headline(Estimand::Work { charged: true })
    .resolution(0.01)
    .stop_at_target(),
];

const fn planted(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Dataset>,
) -> Problem<MotifDomain> {
    Problem::new(name, about, make, TARGET).resolution(0.01).headline(Estimand::metric("npc")).hard()
}

fn oops(planted: std::result::Result<Planted, crate::Error>, order: usize) -> Result<Dataset> {
    Dataset::planted(planted?, Model::Oops, order)
}
