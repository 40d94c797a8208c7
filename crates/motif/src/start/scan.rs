//! Scans all subsequences as seeds and scores the alignment of their best matches in all sequences.

use headstart_check::check;
use headstart_simd::Portable;
use rand::{Rng, RngExt};

use super::Start;
use crate::pwm::ON_THE_LETTER;
use crate::sequences::reverse_complement;
use crate::windows::Span;
use crate::{Error, Pwm, Strands, Windows};

/// Number of windows compared at once.
const BLOCK: usize = 64;

/// Returns the `top` best subsequences as matrices with 0.5 for their letters.
///
/// Subsequences are scored as in T. L. Bailey & C. Elkan (ISMB 1995, section "Finding good starting points"). The
/// matrix of the subsequence selects the window with the largest ratio in every sequence. The score is the relative
/// entropy of the alignment of these windows to the background. From more than `most` subsequences, `most` are drawn at
/// random. Equal words count once. Every subsequence costs one iteration.
///
/// Errors: `top` or `most` is 0.
pub fn scan<R: Rng>(windows: &Windows, top: usize, most: usize, rng: &mut R) -> Result<Start, Error> {
    check(top > 0, "the number of seeds", 0.0, "at least 1")?;
    check(most > 0, "the number of subsequences", 0.0, "at least 1")?;
    let mut places = windows.places();
    if places.len() > most {
        for i in 0..most {
            let other = rng.random_range(i..places.len());
            places.swap(i, other);
        }
        places.truncate(most);
        places.sort_unstable();
    }
    let mut words: Vec<&[u8]> = places.iter().map(|&at| windows.window(at)).collect();
    words.sort_unstable();
    words.dedup();
    let mut scan = Scan::new(windows);
    let mut scored: Vec<(f64, &[u8])> = words.iter().map(|word| (scan.score(word), *word)).collect();
    // The sort is stable, so ties stay in alphabetical order.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let windows_scored = words.len() as u64 * windows.len();
    Ok(Start { seeds: scored.iter().take(top).map(|(_, word)| Pwm::from_codes(word)).collect(), windows_scored })
}

/// Data that all seeds share.
struct Scan<'a> {
    windows: &'a Windows,
    /// log of each window's ratio if no letter matches.
    bases: Vec<f32>,
    /// Sequences with a window.
    spans: Vec<Span>,
    scores: Vec<f32>,
    /// `c log c` for integers c.
    logs: Vec<f64>,
}

impl<'a> Scan<'a> {
    fn new(windows: &'a Windows) -> Self {
        let letters = windows.background().letters().map(Portable::portable_ln);
        let mismatch = ((1.0 - ON_THE_LETTER) / 3.0).portable_ln();
        let base = |(at, log): (usize, &f64)| {
            if *log == f64::NEG_INFINITY {
                return f32::NEG_INFINITY;
            }
            let ratio = |&code: &u8| mismatch - letters[usize::from(code)];
            (log + windows.window(at).iter().map(ratio).sum::<f64>()) as f32
        };
        let spans: Vec<Span> = windows.spans().iter().copied().filter(|span| span.valid > 0).collect();
        let most = spans.iter().map(|span| span.slots).max().unwrap_or(0);
        let logs = (0..=spans.len()).map(|c| if c == 0 { 0.0 } else { c as f64 * (c as f64).portable_ln() }).collect();
        let mut bases: Vec<f32> = windows.log_weights.iter().enumerate().map(base).collect();
        // Blocks may reach beyond the last sequence.
        bases.resize(bases.len() + BLOCK, f32::NEG_INFINITY);
        Self { windows, bases, spans, scores: vec![0.0; most.next_multiple_of(BLOCK)], logs }
    }

    /// Relative entropy of the alignment of the best windows, in nats: sum over columns of `sum_a c_a log(c_a / (n
    /// p_a))`.
    fn score(&mut self, word: &[u8]) -> f64 {
        let windows = self.windows;
        let other = reverse_complement(word);
        let gain = (ON_THE_LETTER / ((1.0 - ON_THE_LETTER) / 3.0)).portable_ln() as f32;
        let mut counts = vec![[0usize; 4]; word.len()];
        for span in &self.spans {
            let codes = &windows.all_codes()[span.start..];
            let bases = &self.bases[span.start..];
            let (mut at, mut most) = best(word, codes, bases, span.slots, gain, &mut self.scores);
            let mut reverse = false;
            if windows.strands() == Strands::Both {
                let (other_at, other_most) = best(&other, codes, bases, span.slots, gain, &mut self.scores);
                if other_most > most {
                    (at, most, reverse) = (other_at, other_most, true);
                }
            }
            debug_assert!(most > f32::NEG_INFINITY, "a sequence without a window was kept");
            for (k, &code) in windows.window(span.start + at).iter().enumerate() {
                let (column, code) = if reverse { (word.len() - 1 - k, 3 - code) } else { (k, code) };
                counts[column][usize::from(code)] += 1;
            }
        }
        let n = self.spans.len() as f64;
        let expected = windows.background().letters().map(|p| (n * p).portable_ln());
        let letter = |(a, &c): (usize, &usize)| self.logs[c] - c as f64 * expected[a];
        counts.iter().map(|counts| counts.iter().enumerate().map(letter).sum::<f64>()).sum()
    }
}

headstart_simd::wide! {
    /// The index and score of the best window among the slots of a sequence; ties go to the first.
    fn best(word: &[u8], codes: &[u8], bases: &[f32], slots: usize, gain: f32, scores: &mut [f32]) -> (usize, f32) {
        let mut most = [f32::NEG_INFINITY; 16];
        for from in (0..slots).step_by(BLOCK) {
            let mut matches = [0u8; BLOCK];
            for (k, &letter) in word.iter().enumerate() {
                let codes = &codes[from + k..from + k + BLOCK];
                for (matches, &code) in matches.iter_mut().zip(codes) {
                    *matches += u8::from(code == letter);
                }
            }
            let (bases, scores) = (&bases[from..from + BLOCK], &mut scores[from..from + BLOCK]);
            for ((score, base), matches) in scores.iter_mut().zip(bases).zip(matches) {
                *score = base + gain * f32::from(matches);
            }
        }
        // Scores past the slots belong to the next sequence.
        let scores = &scores[..slots];
        for scores in scores.as_chunks::<16>().0 {
            for (most, &score) in most.iter_mut().zip(scores) {
                *most = if score > *most { score } else { *most };
            }
        }
        let largest = most.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for (block, scores) in scores.as_chunks::<16>().0.iter().enumerate() {
            // Counting instead of searching compares the whole block at once.
            let count: u32 = scores.iter().map(|&score| u32::from(score == largest)).sum();
            if count > 0 {
                let lane = scores.iter().position(|&score| score == largest).unwrap_or(0);
                return (16 * block + lane, largest);
            }
        }
        (0, largest)
    }
}
