//! The generators: planted sites are at the reported positions and have the right letters.

use headstart_motif::{ALPHABET, Site, problem};
use problem::{Planted, Size};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn letters<'a>(set: &'a Planted, site: &Site, width: usize) -> &'a [u8] {
    &set.sequences.records()[site.sequence].codes()[site.at..site.at + width]
}

fn sets(seed: u64) -> Vec<Planted> {
    let size = Size::default();
    vec![
        problem::pwm(size, 14, 20.0, &mut rng(seed)).unwrap(),
        problem::at_rich(size, 14, 20.0, &mut rng(seed)).unwrap(),
        problem::decoys(size, 14, 18.0, &mut rng(seed)).unwrap(),
        problem::zero_or_one(Size { sequences: 40, length: 300 }, 20, 14, 20.0, &mut rng(seed)).unwrap(),
        problem::two_motifs(size, 14, 18.0, 15.0, &mut rng(seed)).unwrap(),
        problem::planted(size, 15, 4, &mut rng(seed)).unwrap(),
    ]
}

#[test]
fn the_same_seed_gives_the_same_set() {
    assert_eq!(sets(1), sets(1));
    for (a, b) in sets(1).iter().zip(sets(2)) {
        assert_ne!(a.sequences, b.sequences);
    }
}

#[test]
fn sites_are_drawn_from_their_matrix() {
    // Counts of 2000 sites against the matrix, within six standard errors of a proportion.
    for make in [problem::pwm, problem::at_rich, problem::decoys] {
        let set = make(Size { sequences: 2000, length: 240 }, 8, 10.0, &mut rng(4)).unwrap();
        assert_eq!(set.sites.len(), 2000);
        for (k, column) in set.pwm.columns().iter().enumerate() {
            for (a, p) in column.iter().enumerate() {
                let count = set.sites.iter().filter(|site| usize::from(letters(&set, site, 8)[k]) == a).count();
                let error = (p * (1.0 - p) / 2000.0).sqrt();
                assert!((count as f64 / 2000.0 - p).abs() < 6.0 * error, "column {k}, {}", ALPHABET[a]);
            }
        }
    }
}

#[test]
fn words_have_the_exact_number_of_mutations() {
    for (width, mutations) in [(11, 2), (13, 3), (15, 4), (12, 3), (18, 6), (8, 0)] {
        let set = problem::planted(Size::default(), width, mutations, &mut rng(9)).unwrap();
        let word = set.pwm.consensus();
        assert_eq!(set.sites.len(), 20);
        for site in &set.sites {
            let found = letters(&set, site, width);
            let changed = word.chars().zip(found).filter(|(a, b)| *a != ALPHABET[usize::from(**b)]).count();
            assert_eq!(changed, mutations);
        }
    }
}

#[test]
fn half_the_sequences_have_a_site() {
    let set = &sets(3)[3];
    let mut with: Vec<usize> = set.sites.iter().map(|site| site.sequence).collect();
    with.dedup();
    assert_eq!(with.len(), 20);
}

#[test]
fn rivals_and_decoys_do_not_overlap_the_sites() {
    let set = &sets(3)[4];
    assert_eq!(set.rivals.len(), 20);
    for (site, rival) in set.sites.iter().zip(&set.rivals) {
        assert!(site.sequence == rival.sequence && site.at.abs_diff(rival.at) >= 14);
    }
    let decoys = problem::decoys(Size { sequences: 400, length: 600 }, 14, 18.0, &mut rng(3)).unwrap();
    for decoy in ["A".repeat(20), "CA".repeat(10)] {
        let with = decoys.sequences.records().iter().filter(|record| record.letters().contains(&decoy)).count();
        assert_eq!(with, 266);
    }
}

#[test]
fn at_rich_sequences_are_rich_in_a_and_t() {
    let set = problem::at_rich(Size { sequences: 20, length: 5000 }, 14, 20.0, &mut rng(8)).unwrap();
    let (mut rich, mut repeated, mut all) = (0, 0, 0);
    for record in set.sequences.records() {
        for pair in record.codes().windows(2) {
            all += 1;
            rich += usize::from([0, 3].contains(&pair[1]));
            repeated += usize::from(pair[0] == pair[1]);
        }
    }
    // The chain has 0.7 A and T, and equal neighbours with probability 0.35 * (0.50 + 0.44) + 0.15 * (0.15 + 0.15),
    // apart from the planted sites.
    assert!((rich as f64 / f64::from(all) - 0.7).abs() < 0.02);
    assert!((repeated as f64 / f64::from(all) - 0.374).abs() < 0.02);
}

#[test]
fn impossible_sets_are_refused() {
    let tiny = Size { sequences: 1, length: 10 };
    assert!(problem::pwm(tiny, 14, 20.0, &mut rng(1)).is_err());
    assert!(problem::pwm(Size { sequences: 0, length: 100 }, 14, 20.0, &mut rng(1)).is_err());
    assert!(problem::pwm(Size::default(), 14, 40.0, &mut rng(1)).is_err());
    assert!(problem::planted(Size::default(), 0, 0, &mut rng(1)).is_err());
    assert!(problem::planted(Size::default(), 8, 8, &mut rng(1)).is_err());
    assert!(problem::zero_or_one(Size::default(), 21, 14, 20.0, &mut rng(1)).is_err());
    assert!(problem::decoys(Size { sequences: 3, length: 215 }, 14, 18.0, &mut rng(1)).is_err());
}
