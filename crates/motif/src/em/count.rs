//! Expected counts of letters: responsibilities summed over words of four letters, since a window of 15 then takes four
//! additions.

use super::kernel::list;

/// Adds every responsibility to the words of four letters that its window consists of.
pub(super) fn accumulate(
    ratios: &[f32],
    cut: f32,
    scale: f64,
    quads: &[u8],
    histograms: &mut [[f64; 256]],
    active: &mut [u32],
) {
    // A cut that underflowed must still leave out the slots without a window.
    let count = list(ratios, cut.max(f32::MIN_POSITIVE), active);
    let active = &active[..count];
    // The usual numbers of words are known when this is compiled, so that their loop is unrolled.
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

/// Counts of letters by column from counts of words of four.
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
