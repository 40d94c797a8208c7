//! Starts from random projections (J. Buhler & M. Tompa, Journal of Computational Biology 9 (2002) 225).

use headstart_check::check;
use rand::{Rng, RngExt};

use super::Start;
use crate::sequences::reverse_complement;
use crate::{Error, Pwm, Strands, Windows};

/// Maximum number of letters in a hash: 4^9 buckets.
const MOST_LETTERS: usize = 9;

/// Returns one matrix for each of `trials` projections: that of the windows in the most overfull bucket.
///
/// A projection hashes every window by k randomly chosen positions. k is large enough for at least as many buckets as
/// windows, but at most 9 and at most the width less 2. With E windows expected in a bucket from the background's
/// letters and c found, the bucket with the largest `(c - E) / sqrt(E)` gives the matrix, with one pseudocount. Every
/// projection costs one iteration.
///
/// Errors: 0 trials.
pub fn projection<R: Rng>(windows: &Windows, trials: usize, rng: &mut R) -> Result<Start, Error> {
    check(trials > 0, "the number of projections", 0.0, "at least 1")?;
    let width = windows.width();
    // Smallest exponent k such that 4^k is at least the number of windows.
    let enough = (usize::BITS - windows.len().saturating_sub(1).leading_zeros()).div_ceil(2) as usize;
    let k = enough.min(MOST_LETTERS).min(width.saturating_sub(2)).max(1);
    let letters = windows.background().letters();
    let mut all: Vec<Vec<u8>> = windows.places().iter().map(|&at| windows.window(at).to_vec()).collect();
    if windows.strands() == Strands::Both {
        let others: Vec<Vec<u8>> = all.iter().map(|word| reverse_complement(word)).collect();
        all.extend(others);
    }
    let mut buckets = vec![0u32; 1 << (2 * k)];
    let mut seeds = Vec::with_capacity(trials);
    for _ in 0..trials {
        let mut places: Vec<usize> = (0..width).collect();
        for i in 0..k {
            let other = rng.random_range(i..width);
            places.swap(i, other);
        }
        places.truncate(k);
        let hash = |word: &[u8]| places.iter().fold(0, |hash, &at| hash << 2 | usize::from(word[at]));
        buckets.fill(0);
        for word in &all {
            buckets[hash(word)] += 1;
        }
        let excess = |bucket: usize| {
            let p: f64 = (0..k).map(|i| letters[bucket >> (2 * i) & 3]).product();
            let expected = p * all.len() as f64;
            (f64::from(buckets[bucket]) - expected) / expected.sqrt()
        };
        let full = (0..buckets.len()).filter(|&bucket| buckets[bucket] > 0).map(|bucket| (excess(bucket), bucket));
        // Ties go to the first.
        let best = full.fold((f64::NEG_INFINITY, 0), |best, one| if one.0 > best.0 { one } else { best }).1;
        let mut counts = vec![[0.0; 4]; width];
        for word in all.iter().filter(|word| hash(word) == best) {
            for (counts, &code) in counts.iter_mut().zip(word) {
                counts[usize::from(code)] += 1.0;
            }
        }
        seeds.push(Pwm::from_counts(&counts, 1.0, letters));
    }
    Ok(Start { seeds, windows_scored: trials as u64 * windows.len() })
}
