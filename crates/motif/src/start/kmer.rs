//! Starts from short words that are frequent, or more frequent than the background explains.

use headstart_simd::Portable;
use std::cmp::Reverse;

use headstart_check::check;
use rand::Rng;

use super::Start;
use crate::em::pass::Pass;
use crate::sequences::{OPEN, shuffled};
use crate::{Error, Model, Pwm, Strands, Windows};

/// Length of the frequent word.
const FREQUENT: usize = 6;
/// Length of the enriched words.
const ENRICHED: usize = 8;
/// Number of length classes into which sequences are grouped to compute expected counts.
const LENGTHS: usize = 16;

/// Returns the most frequent word of 6 letters, once at every offset in the motif: the published seed.
///
/// Counts overlapping occurrences on all searched strands; ties go to the first word in the alphabet. Columns outside
/// of the word have the background's frequencies.
pub fn top_kmer<R: Rng>(windows: &Windows, _: &mut R) -> Result<Start, Error> {
    Ok(most_frequent(windows, windows.spans().iter().map(|span| windows.visible(span).to_vec())))
}

/// Returns [`top_kmer`] of sequences whose letters were shuffled. This is the control: a word that is frequent only
/// because its letters are.
pub fn top_kmer_of_shuffled<R: Rng>(windows: &Windows, rng: &mut R) -> Result<Start, Error> {
    Ok(most_frequent(windows, windows.spans().iter().map(|span| shuffled(windows.visible(span), rng))))
}

/// Returns the most enriched word of 8 letters, once at every offset in the motif. The score is the z-score of the
/// number of sequences that contain the word with at most one mismatch, each counted once, against the background.
///
/// A sequence with m windows contains the word with probability `1 - exp(-m P)`, with P from the background's chain.
pub fn enriched_kmer<R: Rng>(windows: &Windows, _: &mut R) -> Result<Start, Error> {
    let (words, visited) = enriched(windows, 1);
    let seeds = words.iter().flat_map(|word| at_all_offsets(windows, word)).collect();
    Ok(Start { seeds, windows_scored: visited })
}

/// Returns the `count` most enriched words as in [`enriched_kmer`], each at its most likely offset in the motif. That
/// offset has the largest likelihood before EM (zero or one site per sequence, half of the sequences with one). The
/// pass for each offset is charged.
///
/// Errors: a count of 0.
pub fn enriched_kmers<R: Rng>(windows: &Windows, count: usize, _: &mut R) -> Result<Start, Error> {
    check(count > 0, "the number of words", 0.0, "at least 1")?;
    let (words, mut windows_scored) = enriched(windows, count);
    let mut pass = Pass::new(windows, Model::Zoops);
    let mut seeds = Vec::with_capacity(words.len());
    for word in &words {
        let mut best: Option<(f64, Pwm)> = None;
        for seed in at_all_offsets(windows, word) {
            pass.set(&seed, 0.5);
            let llr = pass.likelihood();
            windows_scored += windows.len();
            if best.as_ref().is_none_or(|(most, _)| llr > *most) {
                best = Some((llr, seed));
            }
        }
        seeds.extend(best.map(|(_, seed)| seed));
    }
    Ok(Start { seeds, windows_scored })
}

/// Yields the position of each word's first letter and the word as a number: two bits per letter, the first letter most
/// significant.
fn words(codes: &[u8], k: usize) -> impl Iterator<Item = (usize, usize)> {
    let mask = (1usize << (2 * k)) - 1;
    let (mut word, mut known) = (0, 0);
    codes.iter().enumerate().filter_map(move |(i, &code)| {
        if code == OPEN {
            known = 0;
            return None;
        }
        word = (word << 2 | usize::from(code)) & mask;
        known += 1;
        (known >= k).then(|| (i + 1 - k, word))
    })
}

fn spelled(word: usize, k: usize) -> Vec<u8> {
    (0..k).rev().map(|i| (word >> (2 * i) & 3) as u8).collect()
}

/// The reverse complement of a word.
fn turned(word: usize, k: usize) -> usize {
    (0..k).fold(0, |turned, i| turned << 2 | (3 - (word >> (2 * i) & 3)))
}

/// The matrices of a word at every offset in the motif.
fn at_all_offsets(windows: &Windows, word: &[u8]) -> Vec<Pwm> {
    let seed = Pwm::from_codes(word);
    let letters = windows.background().letters();
    (0..=windows.width() - word.len()).map(|before| seed.embedded(windows.width(), before, letters)).collect()
}

fn most_frequent(windows: &Windows, sequences: impl Iterator<Item = Vec<u8>>) -> Start {
    let k = FREQUENT.min(windows.width());
    let both = windows.strands() == Strands::Both;
    let mut counts = vec![0u32; 1 << (2 * k)];
    let mut visited = 0;
    for codes in sequences {
        for (_, word) in words(&codes, k) {
            // A word and its reverse complement share a count, at the smaller number.
            counts[if both { word.min(turned(word, k)) } else { word }] += 1;
            visited += 1;
        }
    }
    let best = (0..counts.len()).max_by_key(|&word| (counts[word], Reverse(word))).unwrap_or(0);
    Start { seeds: at_all_offsets(windows, &spelled(best, k)), windows_scored: visited }
}

/// Returns the most enriched words, and the number of visited windows: every occurrence and its neighbours.
fn enriched(windows: &Windows, count: usize) -> (Vec<Vec<u8>>, u64) {
    let k = ENRICHED.min(windows.width());
    let both = windows.strands() == Strands::Both;
    let size = 1usize << (2 * k);
    let mut seen = vec![u32::MAX; size];
    let mut counts = vec![0u32; size];
    let mut lengths = Vec::new();
    let mut occurrences = 0u64;
    for (i, span) in windows.spans().iter().enumerate() {
        let mut own = 0u32;
        let mut mark = |word: usize| {
            if seen[word] != i as u32 {
                seen[word] = i as u32;
                counts[word] += 1;
            }
        };
        for (_, word) in words(windows.visible(span), k) {
            own += 1;
            neighbours(word, k, &mut mark);
            if both {
                neighbours(turned(word, k), k, &mut mark);
            }
        }
        occurrences += u64::from(own);
        lengths.push(f64::from(own));
    }
    let expected = probabilities(windows, k);
    let classes = classes(lengths);
    let score = |word: usize| {
        let p = expected[word] + if both { expected[turned(word, k)] } else { 0.0 };
        let (mut mean, mut variance) = (0.0, 0.0);
        for (length, sequences) in &classes {
            let with = -(-length * p).portable_exp_m1();
            mean += sequences * with;
            variance += sequences * with * (1.0 - with);
        }
        // A word that every sequence is certain to contain carries no information.
        if variance > 1e-12 { (f64::from(counts[word]) - mean) / variance.sqrt() } else { 0.0 }
    };
    let candidates = (0..size).filter(|&word| counts[word] > 0 && (!both || word <= turned(word, k)));
    let mut scored: Vec<(f64, usize)> = candidates.map(|word| (score(word), word)).collect();
    let order = |a: &(f64, usize), b: &(f64, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    // The order is strict, so the selection does not depend on the algorithm.
    if count < scored.len() {
        scored.select_nth_unstable_by(count, order);
        scored.truncate(count);
    }
    scored.sort_unstable_by(order);
    // The list is empty if all sequences are shorter than a word, or every word has an ambiguous letter.
    if scored.is_empty() {
        scored.push((0.0, 0));
    }
    let looked_at = occurrences * (1 + 3 * k as u64) * windows.sides() as u64;
    (scored.into_iter().map(|(_, word)| spelled(word, k)).collect(), looked_at)
}

/// Visits a word and all words that differ from it in one letter.
fn neighbours(word: usize, k: usize, each: &mut impl FnMut(usize)) {
    each(word);
    for i in 0..k {
        for change in 1..4 {
            each(word ^ change << (2 * i));
        }
    }
}

/// For every word, the probability that it or a neighbour occurs at a given position.
fn probabilities(windows: &Windows, k: usize) -> Vec<f64> {
    let exact = windows.background().words(k);
    // Sums over the letters of each position in turn. Each sum contains the word itself, hence the factor 1 - k.
    let mut around: Vec<f64> = exact.iter().map(|p| (1.0 - k as f64) * p).collect();
    for i in 0..k {
        let step = 1 << (2 * i);
        for block in (0..exact.len()).step_by(4 * step) {
            for low in block..block + step {
                let sum: f64 = (0..4).map(|a| exact[low + a * step]).sum();
                (0..4).for_each(|a| around[low + a * step] += sum);
            }
        }
    }
    around
}

/// Groups sequences of similar length. Returns the mean number of words and the number of sequences of each group.
fn classes(mut lengths: Vec<f64>) -> Vec<(f64, f64)> {
    lengths.sort_by(f64::total_cmp);
    let size = lengths.len().div_ceil(LENGTHS).max(1);
    let mut classes: Vec<(f64, f64)> = Vec::new();
    for class in lengths.chunks(size) {
        let mean = class.iter().sum::<f64>() / class.len() as f64;
        match classes.last_mut() {
            Some((last, sequences)) if *last == mean => *sequences += class.len() as f64,
            _ => classes.push((mean, class.len() as f64)),
        }
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequences::reverse_complement;
    use crate::{Background, Sequences};

    #[test]
    fn neighbourhood_probabilities_are_sums_over_words() {
        let all = Sequences::from_letters([("a", "ACGGTCATTACGGCATCGACTTTACG")]).unwrap();
        let background = Background::fit(&all, 2, Strands::Given).unwrap();
        let windows = Windows::new(&all, &background, 5, Strands::Given).unwrap();
        let all_words = probabilities(&windows, 5);
        for word in [0, 77, 1023, 500] {
            let mut sum = 0.0;
            neighbours(word, 5, &mut |near| sum += background.word(&spelled(near, 5)));
            assert!((sum - all_words[word]).abs() < 1e-12);
        }
        let total: f64 = (0..1024).map(|word| background.word(&spelled(word, 5))).sum();
        assert!((total - 1.0).abs() < 1e-12);
    }

    #[test]
    fn words_skip_ambiguous_letters_and_can_be_reversed() {
        // A C G T N C G T A.
        let codes = [0, 1, 2, 3, 4, 1, 2, 3, 0];
        let found: Vec<_> = words(&codes, 3).collect();
        assert_eq!(found, [(0, 0b00_01_10), (1, 0b01_10_11), (5, 0b01_10_11), (6, 0b10_11_00)]);
        assert_eq!(spelled(turned(0b00_01_10, 3), 3), reverse_complement(&[0, 1, 2]));
    }

    #[test]
    fn classes_keep_the_number_of_sequences() {
        assert_eq!(classes(vec![593.0; 20]), [(593.0, 20.0)]);
        let lengths: Vec<f64> = (0..100).map(f64::from).collect();
        let classes = classes(lengths);
        assert!(classes.len() <= LENGTHS);
        assert_eq!(classes.iter().map(|class| class.1).sum::<f64>(), 100.0);
        assert_eq!(classes.iter().map(|class| class.0 * class.1).sum::<f64>(), 4950.0);
    }
}
