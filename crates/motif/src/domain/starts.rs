//! The starts. Each is charged for the windows that it scored.

use headstart_domain::{Result, Role, Setup, Start as DomainStart, Stream};
use serde::Serialize;

use super::{Dataset, MotifDomain};
use crate::start::{self, Start};
use crate::{Pwm, Windows};

/// The state of a start: initial matrices for every width.
#[derive(Serialize)]
pub struct Seeds {
    pub(super) ladder: Vec<Vec<Pwm>>,
    /// Whether the matrices are independent draws from one distribution, so that their hits estimate a rate.
    #[serde(skip)]
    pub(super) draws: bool,
    /// The cost of the start in iterations.
    #[serde(skip)]
    pub(super) charge: f64,
}

/// Number of random matrices of random-200.
const MANY: usize = 200;
/// Number of enriched words, of subsequences from the scan, of projections, and of sweeps of the sampler.
const WORDS: usize = 20;
const SCANNED: usize = 10;
const PROJECTIONS: usize = 20;
const SWEEPS: usize = 30;
/// Maximum number of windows that a scan scores: enough for all subsequences of the benchmark's sets, and about half a
/// minute on large ones.
const MOST_SCORED: f64 = 4e9;
const FEWEST_SCANNED: f64 = 1000.0;

pub(super) const STARTS: &[DomainStart<MotifDomain>] = &[
    DomainStart::new(
        "random-pwm",
        "one matrix with columns uniform over all distributions (Dirichlet with parameters 1)",
        |data, setup| each(data, setup, start::random_pwm),
    ),
    DomainStart::new(
        "random-subsequence",
        "the matrix of one random subsequence, 0.5 for each of its letters",
        |data, setup| each(data, setup, start::random_subsequence),
    ),
    // The matrices are those of the baseline. It adds restarts, which are an algorithm around EM.
    DomainStart::new("random-200", "200 matrices as in random-pwm; the best result counts", |data, setup| {
        let seeds = each(data, setup, |windows, stream| start::random_pwms(windows, MANY, stream))?;
        Ok(Seeds { draws: true, ..seeds })
    })
    .role(Role::Algorithm),
    DomainStart::new("top-kmer", "the most frequent word of 6 letters, at every offset in the motif", |data, setup| {
        each(data, setup, start::top_kmer)
    }),
    DomainStart::new(
        "top-kmer-of-shuffled",
        "control: top-kmer after the letters of every sequence were shuffled",
        |data: &Dataset, setup| each(data, setup, start::top_kmer_of_shuffled),
    )
    .role(Role::Control)
    // In sequences with runs of A both often find the same word, which the control is meant to show.
    .may_equal("top-kmer"),
    DomainStart::new(
        "enriched-kmer",
        "the most enriched word of 8 letters (number of sequences that contain it with at most one mismatch, against \
         the background), at every offset in the motif",
        |data, setup| each(data, setup, start::enriched_kmer),
    ),
    DomainStart::new(
        "enriched-kmer-top20",
        "the 20 most enriched words of 8 letters, each at its most likely offset in the motif",
        |data, setup| each(data, setup, |windows, stream| start::enriched_kmers(windows, WORDS, stream)),
    ),
    DomainStart::new(
        "scan",
        "the subsequence whose best matches in all sequences have the best alignment (Bailey and Elkan 1995)",
        |data, setup| scan(data, setup, 1),
    ),
    DomainStart::new("scan-top10", "the 10 best subsequences of scan", |data, setup| scan(data, setup, SCANNED)),
    DomainStart::new(
        "projection",
        "the most overfull bucket of each of 20 random projections (Buhler and Tompa 2002)",
        |data, setup| {
            let seeds = each(data, setup, |windows, stream| start::projection(windows, PROJECTIONS, stream))?;
            Ok(Seeds { draws: true, ..seeds })
        },
    ),
    DomainStart::new(
        "gibbs",
        "the best alignment in 30 sweeps of a site sampler (Lawrence et al. 1993)",
        |data, setup| each(data, setup, |windows, stream| start::gibbs(windows, SWEEPS, stream)),
    ),
    DomainStart::new(
        "oracle",
        "the planted matrix; where other starts end higher, the optimum of the likelihood is not the motif",
        |data: &Dataset, _| {
            let truth =
                data.truth.as_ref().ok_or("the oracle start needs a planted motif, and this data set has none")?;
            Ok(Seeds { ladder: vec![vec![truth.pwm.clone()]], draws: false, charge: 0.0 })
        },
    )
    .needs_truth()
    .role(Role::Oracle),
];

/// Makes a start for every width.
fn each(
    data: &Dataset,
    setup: &mut Setup,
    make: impl Fn(&Windows, &mut Stream) -> std::result::Result<Start, crate::Error>,
) -> Result<Seeds> {
    let (mut ladder, mut charge) = (Vec::with_capacity(data.ladder.len()), 0.0);
    for windows in &data.ladder {
        let start = make(windows, setup.stream())?;
        charge += start.iterations(windows);
        ladder.push(start.seeds);
    }
    setup.charge(charge);
    Ok(Seeds { ladder, draws: false, charge })
}

/// The best seeds of a scan, which scan and scan-top10 share.
fn scan(data: &Dataset, setup: &mut Setup, count: usize) -> Result<Seeds> {
    let scanned = setup.shared("scan", |stream| {
        let (mut ladder, mut iterations) = (Vec::<Vec<Pwm>>::new(), 0.0);
        for windows in &data.ladder {
            let most = (MOST_SCORED / windows.len() as f64).max(FEWEST_SCANNED) as usize;
            let start = start::scan(windows, SCANNED, most, stream)?;
            iterations += start.iterations(windows);
            ladder.push(start.seeds);
        }
        Ok(((ladder, iterations), iterations))
    })?;
    let (ladder, charge) = &*scanned;
    let best = |seeds: &Vec<Pwm>| seeds.iter().take(count).cloned().collect();
    let ladder = ladder.iter().map(best).collect();
    Ok(Seeds { ladder, draws: false, charge: *charge })
}
