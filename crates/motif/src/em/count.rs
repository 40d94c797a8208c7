//! Expected counts of letters. Responsibilities are summed over words of four letters, so that a window of 15 takes
//! four additions.

use super::kernel::list;

/// Adds every responsibility to the counts of the four-letter words of its window.
pub(super) fn accumulate(
    ratios: &[f32],
    cut: f32,
    scale: f64,
    quads: &[u8],
    histograms: &mut [[f64; 256]],
    active: &mut [u32],
) {
    // A cut that has underflowed must still exclude the slots without a window.
    let count = list(ratios, cut.max(f32::MIN_POSITIVE), active);
    let active = &active[..count];
    // For common numbers of words the number is a compile-time constant, so that the loop is unrolled.
    match histograms.len() {
        2 => add_words::<2>(ratios, scale, quads, histograms, active),
        3 => add_words::<3>(ratios, scale, quads, histograms, active),
        4 => add_words::<4>(ratios, scale, quads, histograms, active),
        5 => add_words::<5>(ratios, scale, quads, histograms, active),
        _ => {
            for &at in active {
                let z = scale * f64::from(ratios[at as usize]);
                for (q, histogram) in histograms.iter_mut().enumerate() {
                    histogram[usize::from(quads[at as usize + 4 * q])] += z;
                }
            }
        }
    }
}

fn add_words<const WORDS: usize>(
    ratios: &[f32],
    scale: f64,
    quads: &[u8],
    histograms: &mut [[f64; 256]],
    active: &[u32],
) {
    let Some(histograms) = histograms.first_chunk_mut::<WORDS>() else { return };
    for &at in active {
        let at = at as usize;
        let z = scale * f64::from(ratios[at]);
        let quads = &quads[at..at + 4 * WORDS];
        for (q, histogram) in histograms.iter_mut().enumerate() {
            histogram[usize::from(quads[4 * q])] += z;
        }
    }
}

/// Converts counts of four-letter words to counts of letters per column.
pub(super) fn unfold(histograms: &[[f64; 256]], width: usize) -> Vec<[f64; 4]> {
    let mut columns = Vec::with_capacity(4 * histograms.len());
    for histogram in histograms {
        let (mut first, mut last) = ([0.0; 16], [0.0; 16]);
        for (high, row) in histogram.chunks_exact(16).enumerate() {
            first[high] = row.iter().sum();
            for (last, count) in last.iter_mut().zip(row) {
                *last += count;
            }
        }
        for pairs in [first, last] {
            columns.push(std::array::from_fn(|a| pairs[4 * a..4 * a + 4].iter().sum()));
            columns.push(std::array::from_fn(|a| (0..4).map(|b| pairs[4 * b + a]).sum()));
        }
    }
    columns.truncate(width);
    columns
}
