//! Starts: the motifs that they must find, their costs, and valid results for every input with windows.

use std::ops::ControlFlow;

use headstart_motif::start::{self, Start};
use headstart_motif::{Background, Em, Error, Sequences, Strands, Windows, problem, quality, sites};
use problem::{Planted, Size};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

type Make = fn(&Windows, &mut ChaCha8Rng) -> Result<Start, Error>;

const STARTS: [(&str, Make); 9] = [
    ("random", start::random_pwm),
    ("subsequence", start::random_subsequence),
    ("top", start::top_kmer),
    ("top shuffled", start::top_kmer_of_shuffled),
    ("enriched", start::enriched_kmer),
    ("enriched 20", |windows, rng| start::enriched_kmers(windows, 20, rng)),
    ("scan", |windows, rng| start::scan(windows, 10, 500, rng)),
    ("projection", |windows, rng| start::projection(windows, 20, rng)),
    ("gibbs", |windows, rng| start::gibbs(windows, 10, rng)),
];

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn windows(sequences: &Sequences, order: usize, width: usize, strands: Strands) -> Windows {
    let background = Background::fit(sequences, order, strands).unwrap();
    Windows::new(sequences, &background, width, strands).unwrap()
}

fn hits(set: &Planted, windows: &Windows, start: &Start) -> bool {
    let em = Em::default();
    let fit = em.fit(windows, &start.seeds, &mut |_| ControlFlow::Continue(())).unwrap();
    let found: Vec<_> = sites(windows, em.model, &fit).into_iter().map(|found| found.site).collect();
    let width = windows.width();
    quality::performance(&set.sites, width, &found, width, 3) > 0.5
}

/// Every start that considers all words finds a 20-bit motif in every replicate.
#[test]
fn a_strong_motif_is_found_in_every_replicate() {
    for seed in 0..5 {
        let set = problem::pwm(Size::default(), 14, 20.0, &mut rng(seed)).unwrap();
        let windows = windows(&set.sequences, 0, 14, Strands::Given);
        let scan: Make = |windows, rng| start::scan(windows, 1, usize::MAX, rng);
        for (name, make) in [("enriched", STARTS[4].1), ("enriched 20", STARTS[5].1), ("scan", scan)] {
            assert!(hits(&set, &windows, &make(&windows, &mut rng(seed)).unwrap()), "{name}, set {seed}");
        }
        assert!(hits(&set, &windows, &Start::given(vec![set.pwm.clone()])), "oracle, set {seed}");
    }
}

/// A word in every sequence, in every second one on the reverse strand.
#[test]
fn words_are_found_on_both_strands() {
    let set = problem::pwm(Size { sequences: 10, length: 200 }, 12, 22.0, &mut rng(2)).unwrap();
    let turned = set.sequences.reverse_complement();
    let mixed = set.sequences.records().iter().zip(turned.records()).enumerate().map(|(i, (given, turned))| {
        (given.name().to_owned(), if i % 2 == 0 { given.letters() } else { turned.letters() })
    });
    let mixed = Sequences::from_letters(mixed).unwrap();
    let mut truth = set.sites.clone();
    for site in truth.iter_mut().skip(1).step_by(2) {
        (site.at, site.reverse) = (200 - 12 - site.at, true);
    }
    let set = Planted { sequences: mixed, sites: truth, ..set };
    let windows = windows(&set.sequences, 0, 12, Strands::Both);
    for (name, make) in [STARTS[4], STARTS[5], STARTS[6]] {
        assert!(hits(&set, &windows, &make(&windows, &mut rng(1)).unwrap()), "{name}");
    }
}

/// The most frequent word of six letters, counted by hand.
#[test]
fn the_most_frequent_word_is_embedded_at_every_offset() {
    let all = Sequences::from_letters([("a", "GATTACAGATTACA"), ("b", "CCGATTACC")]).unwrap();
    let windows = windows(&all, 0, 8, Strands::Given);
    let start = start::top_kmer(&windows, &mut rng(0)).unwrap();
    // GATTAC three times, ATTACA twice, ATTACC once.
    assert_eq!(start.seeds.len(), 3);
    assert_eq!(&start.seeds[1].consensus()[1..7], "GATTAC");
    assert_eq!(start.windows_scored, 9 + 4);
    // The control has the same letters in another order.
    let control = start::top_kmer_of_shuffled(&windows, &mut rng(0)).unwrap();
    assert_eq!((control.seeds.len(), control.windows_scored), (3, 13));
    assert_ne!(control.seeds, start.seeds);
}

/// Words that the background explains are not enriched; a rarer word in every sequence is.
#[test]
fn enrichment_is_judged_against_the_background() {
    let set = problem::decoys(Size::default(), 14, 20.0, &mut rng(11)).unwrap();
    let word = |order| {
        let windows = windows(&set.sequences, order, 8, Strands::Given);
        let start = start::enriched_kmer(&windows, &mut rng(0)).unwrap();
        start.seeds[0].consensus()
    };
    let decoys = ["AAAAAAAA", "ACACACAC", "CACACACA"];
    let z_of_decoy_at_order_three = word(3);
    assert!(!decoys.contains(&z_of_decoy_at_order_three.as_str()), "{z_of_decoy_at_order_three}");
}

#[test]
fn costs_are_windows_scored() {
    let set = problem::pwm(Size { sequences: 5, length: 100 }, 10, 15.0, &mut rng(3)).unwrap();
    let windows = windows(&set.sequences, 0, 10, Strands::Given);
    assert_eq!(windows.len(), 5 * 91);
    let cost = |make: Make| make(&windows, &mut rng(1)).unwrap().windows_scored;
    assert_eq!(cost(start::random_pwm), 0);
    assert_eq!(cost(start::random_subsequence), 0);
    assert_eq!(cost(start::top_kmer), 5 * 95);
    // 25 words around each of 93, and 3 places of 20 words in the motif.
    assert_eq!(cost(start::enriched_kmer), 5 * 93 * 25);
    assert_eq!(cost(STARTS[5].1), 5 * 93 * 25 + 60 * 455);
    assert_eq!(cost(|windows, rng| start::projection(windows, 7, rng)), 7 * 455);
    assert_eq!(cost(|windows, rng| start::gibbs(windows, 9, rng)), 9 * 455);
    assert_eq!(cost(|windows, rng| start::scan(windows, 3, 20, rng)), 20 * 455);
    let all = start::scan(&windows, 3, usize::MAX, &mut rng(1)).unwrap();
    // No word of ten letters occurs twice in these sequences.
    assert_eq!((all.windows_scored, all.iterations(&windows)), (455 * 455, 455.0));
    assert_eq!(all.seeds.len(), 3);
}

/// The scan against a direct computation.
#[test]
fn the_scan_ranks_by_relative_entropy() {
    let set = problem::pwm(Size { sequences: 4, length: 60 }, 6, 9.0, &mut rng(6)).unwrap();
    for order in [0, 2] {
        let windows = windows(&set.sequences, order, 6, Strands::Given);
        let background = windows.background().clone();
        let p = background.letters();
        let mut scored: Vec<(f64, Vec<u8>)> = Vec::new();
        let words = set.sequences.records().iter().flat_map(|record| record.codes().windows(6));
        for word in words {
            let mut counts = [[0.0f64; 4]; 6];
            for record in set.sequences.records() {
                let logs = background.log_probabilities(record.codes());
                let ratio = |at: usize| {
                    let letters = (0..6).map(|k| if record.codes()[at + k] == word[k] { 0.5f64 } else { 0.5 / 3.0 });
                    letters.map(f64::ln).sum::<f64>() - logs[at..at + 6].iter().sum::<f64>()
                };
                let best = (0..55).fold(0, |best, at| if ratio(at) > ratio(best) + 1e-5 { at } else { best });
                (0..6).for_each(|k| counts[k][usize::from(record.codes()[best + k])] += 1.0);
            }
            let entropy = |a: usize, c: f64| if c > 0.0 { c * (c / (4.0 * p[a])).ln() } else { 0.0 };
            let score = counts.iter().flat_map(|column| (0..4).map(move |a| entropy(a, column[a]))).sum();
            scored.push((score, word.to_vec()));
        }
        let most = scored.iter().fold(f64::NEG_INFINITY, |most, one| most.max(one.0));
        let found = start::scan(&windows, 1, usize::MAX, &mut rng(0)).unwrap().seeds[0].consensus();
        let code = |letter| "ACGT".find(letter).unwrap() as u8;
        let found: Vec<u8> = found.chars().map(code).collect();
        let own = scored.iter().find(|one| one.1 == found).unwrap().0;
        assert!((own - most).abs() < 1e-9, "order {order}: {own} instead of {most}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_start_answers_every_input(
        text in prop::collection::vec("[ACGTN]{0,40}", 1..5), width in 1..12usize, order in 0..3usize, both in any::<bool>(), seed in any::<u64>(),
    ) {
        let all = Sequences::from_letters(text.iter().map(|letters| ("s", letters))).unwrap();
        let strands = if both { Strands::Both } else { Strands::Given };
        let background = Background::fit(&all, order, strands).unwrap();
        let Ok(windows) = Windows::new(&all, &background, width, strands) else { return Ok(()) };
        for (name, make) in STARTS {
            let start = make(&windows, &mut rng(seed)).unwrap();
            prop_assert_eq!(&start, &make(&windows, &mut rng(seed)).unwrap());
            prop_assert!(!start.seeds.is_empty(), "{}", name);
            let fit = Em { iterations: 3, ..Em::default() }.fit_parallel(&windows, &start.seeds).unwrap();
            prop_assert!(fit.llr.is_finite(), "{}: {:?}", name, fit);
        }
    }
}

#[test]
fn counts_of_zero_are_refused() {
    let set = problem::pwm(Size { sequences: 2, length: 60 }, 8, 9.0, &mut rng(6)).unwrap();
    let windows = windows(&set.sequences, 0, 8, Strands::Given);
    let refused: [Make; 6] = [
        |windows, rng| start::random_pwms(windows, 0, rng),
        |windows, rng| start::enriched_kmers(windows, 0, rng),
        |windows, rng| start::scan(windows, 0, 10, rng),
        |windows, rng| start::scan(windows, 1, 0, rng),
        |windows, rng| start::projection(windows, 0, rng),
        |windows, rng| start::gibbs(windows, 0, rng),
    ];
    for make in refused {
        assert!(matches!(make(&windows, &mut rng(0)), Err(Error::OutOfRange(_))));
    }
}
