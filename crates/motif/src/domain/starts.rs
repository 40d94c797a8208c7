//! The starts, as the harness calls them: each is charged for the windows that it scored.

use headstart_domain::{Result, Role, Setup, Start as DomainStart, Stream};
use serde::Serialize;

use super::{Dataset, MotifDomain};
use crate::start::{self, Start};
use crate::{Pwm, Windows};

/// Where EM begins: matrices for every width.
#[derive(Serialize)]
pub struct Seeds {
    pub(super) ladder: Vec<Vec<Pwm>>,
    /// Whether they are independent draws of one kind, so that their hits are a rate.
    #[serde(skip)]
    pub(super) draws: bool,
    /// What they cost, in iterations.
    #[serde(skip)]
    pub(super) charge: f64,
}

/// Random matrices of the start that keeps the best of many.
const MANY: usize = 200;
/// Words of the enriched start, subsequences of the scan, projections, and sweeps of the sampler.
const WORDS: usize = 20;
const SCANNED: usize = 10;
const PROJECTIONS: usize = 20;
const SWEEPS: usize = 30;
/// Windows that a scan may score: all subsequences of the usual sets; of large ones as many as take half a minute.
const MOST_SCORED: f64 = 4e9;
const FEWEST_SCANNED: f64 = 1000.0;

pub(super) const STARTS: &[DomainStart<MotifDomain>] = &[
    DomainStart::new(
        "random-pwm",
        "one matrix whose columns are drawn evenly from all distributions",
        |data, setup| each(data, setup, start::random_pwm),
    ),
    DomainStart::new(
        "random-subsequence",
        "one subsequence drawn at random, 0.5 on each of its letters",
        |data, setup| each(data, setup, start::random_subsequence),
    ),
    // The matrices are those of the baseline: what it adds is restarts, which are an algorithm around EM.
    DomainStart::new("random-200", "200 matrices as of random-pwm, the best end counts", |data, setup| {
        let seeds = each(data, setup, |windows, stream| start::random_pwms(windows, MANY, stream))?;
        Ok(Seeds { draws: true, ..seeds })
    })
    .role(Role::Algorithm),
    DomainStart::new("top-kmer", "the most frequent word of 6 letters, at every place in the motif", |data, setup| {
        each(data, setup, start::top_kmer)
    }),
    DomainStart::new(
        "top-kmer-of-shuffled",
        "control: the most frequent word of 6 letters after every sequence was shuffled by itself",
        |data: &Dataset, setup| each(data, setup, start::top_kmer_of_shuffled),
    )
    .role(Role::Control)
    // In sequences with runs of A it is often the same word, which is what the control is for.
    .may_equal("top-kmer"),
    DomainStart::new(
        "enriched-kmer",
        "the word of 8 letters that more sequences have, with at most one mismatch, than the background explains; at every \
         place in the motif",
        |data, setup| each(data, setup, start::enriched_kmer),
    ),
    DomainStart::new(
        "enriched-kmer-top20",
        "the 20 most enriched words of 8 letters, each at its most likely place in the motif",
        |data, setup| each(data, setup, |windows, stream| start::enriched_kmers(windows, WORDS, stream)),
    ),
    DomainStart::new(
        "scan",
        "the subsequence whose best matches in all sequences align best (Bailey and Elkan 1995)",
        |data, setup| scan(data, setup, 1),
    ),
    DomainStart::new("scan-top10", "the 10 best subsequences of scan", |data, setup| scan(data, setup, SCANNED)),
    DomainStart::new(
        "projection",
        "the fullest buckets of 20 random projections (Buhler and Tompa 2002)",
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
        "the planted matrix: where it ends below others, the optimum of the likelihood is not the motif",
        |data: &Dataset, _| {
            let truth = data.truth.as_ref().ok_or("nothing is known to be planted here")?;
            Ok(Seeds { ladder: vec![vec![truth.pwm.clone()]], draws: false, charge: 0.0 })
        },
    )
    .needs_truth()
    .role(Role::Oracle),
];

/// A start for every width.
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

/// The best of a scan that all who need one share.
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
