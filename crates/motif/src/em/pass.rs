//! One pass over the windows: likelihood, responsibilities and expected counts.

use super::Model;
use super::count::{accumulate, unfold};
use super::kernel::products;
use super::strand::{Strand, log_largest, strand};
use crate::windows::LANES;
use crate::windows::{Span, Windows};
use crate::{Pwm, Strands};
use headstart_simd::Portable;

/// If the sum of a sequence is below this, relative to the best possible window, it is recomputed in logarithms.
const SMALLEST_SUM: f64 = 1e-25;

/// For ZOOPS: such a sequence is left as it is if its log-likelihood with a site minus that without one is below this.
const NEGLIGIBLE: f64 = -25.0;

/// Responsibilities below this share of the mean of their sequence are not counted. A sequence loses at most this share
/// in total, which is the rounding of the products (2^-24).
const COUNTED: f64 = 5.960_464_477_539_063e-8;

/// Windows below this probability do not contribute to the proposed phase shifts. All windows contribute to their
/// scores.
const PROPOSED: f64 = 1e-4;

/// Maximum log ratio of a window for which products over a block of windows stay in range.
const LARGEST_LOG: f64 = 40.0;

/// Maximum share of windows with a site. With a share of 1, a window with ratio 0 would have likelihood 0.
pub(crate) const MOST_SITES: f64 = 1.0 - 1e-6;

/// Expected counts of a pass.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    /// For every column, the counts of A, C, G, T.
    pub(crate) letters: Vec<[f64; 4]>,
    /// Expected number of sites.
    pub(crate) sites: f64,
}

/// The result for one sequence. The responsibilities of its windows are `scale * ratios[side][j]`, with the ratios in
/// [`Pass`].
pub(crate) struct Term {
    /// The log-likelihood ratio of the sequence.
    pub(crate) llr: f64,
    pub(crate) scale: f64,
    /// Expected number of sites.
    pub(crate) sites: f64,
    /// Ratios below this are not counted.
    cut: f64,
}

/// A matrix prepared for scoring, and buffers that passes share.
pub(crate) struct Pass<'a> {
    windows: &'a Windows,
    model: Model,
    fraction: f64,
    strands: Vec<Strand>,
    /// The log ratio of a window is the log of its product plus this.
    offset: f64,
    /// Products of the windows of a sequence, by strand.
    pub(crate) ratios: [Vec<f32>; 2],
    histograms: Vec<[f64; 256]>,
    active: Vec<u32>,
}

impl<'a> Pass<'a> {
    pub(crate) fn new(windows: &'a Windows, model: Model) -> Self {
        let most = windows.spans().iter().map(|span| span.slots).max().unwrap_or(0);
        let minus = if windows.strands() == Strands::Both { most } else { 0 };
        Self {
            windows,
            model,
            fraction: 0.0,
            strands: Vec::new(),
            offset: 0.0,
            ratios: [vec![0.0; most], vec![0.0; minus]],
            histograms: vec![[0.0; 256]; windows.width().div_ceil(4) * windows.sides()],
            active: vec![0; most + LANES],
        }
    }

    /// Sets the matrix and the share of sequences or windows with a site.
    pub(crate) fn set(&mut self, pwm: &Pwm, fraction: f64) {
        self.fraction = if self.model == Model::Tcm { fraction.min(MOST_SITES) } else { fraction };
        let letters = self.windows.background().letters();
        let mut matrices = vec![pwm.clone()];
        if self.windows.strands() == Strands::Both {
            matrices.push(pwm.reverse_complement());
        }
        // Both strands use the same offset, so that their ratios can be added. Their largest ratios differ if the
        // background is not symmetric.
        let largest = matrices.iter().map(|pwm| log_largest(pwm, letters)).fold(f64::NEG_INFINITY, f64::max);
        self.offset = largest + self.windows.unit;
        self.strands = matrices.iter().map(|pwm| strand(pwm, letters, largest)).collect();
    }

    /// Computes the log-likelihood ratio, without counts.
    pub(crate) fn likelihood(&mut self) -> f64 {
        let windows = self.windows;
        windows.spans().iter().filter(|span| span.valid > 0).map(|span| self.sequence(span).llr).sum()
    }

    /// Computes the log-likelihood ratio and the expected counts.
    pub(crate) fn counts(&mut self) -> (f64, Counts) {
        let (windows, width) = (self.windows, self.windows.width());
        for histogram in &mut self.histograms {
            histogram.fill(0.0);
        }
        let quads_wide = width.div_ceil(4);
        let (mut llr, mut sites) = (0.0, 0.0);
        for span in windows.spans().iter().filter(|span| span.valid > 0) {
            let term = self.sequence(span);
            llr += term.llr;
            sites += term.sites;
            let quads = &windows.quads[span.start..];
            for (ratios, histograms) in self.ratios.iter().zip(self.histograms.chunks_exact_mut(quads_wide)) {
                let ratios = &ratios[..span.slots];
                accumulate(ratios, term.cut as f32, term.scale, quads, histograms, &mut self.active);
            }
        }
        let mut letters = vec![[0.0; 4]; width];
        for (side, histograms) in self.histograms.chunks_exact(quads_wide).enumerate() {
            for (k, counts) in unfold(histograms, width).into_iter().enumerate() {
                for (a, count) in counts.into_iter().enumerate() {
                    let (column, letter) = if side == 0 { (k, a) } else { (width - 1 - k, 3 - a) };
                    letters[column][letter] += count;
                }
            }
        }
        (llr, Counts { letters, sites })
    }

    /// Computes products and responsibilities of one sequence.
    pub(crate) fn sequence(&mut self, span: &Span) -> Term {
        let windows = self.windows;
        let count = (span.valid * windows.sides()) as f64;
        let (pairs, weights) = (&windows.pairs[span.start..], &windows.weights[span.start..span.start + span.slots]);
        let mut sum = 0.0;
        for (strand, ratios) in self.strands.iter().zip(&mut self.ratios) {
            sum += products(&strand.tables, pairs, weights, &mut ratios[..span.slots]);
        }
        let mut offset = self.offset;
        let matters = match self.model {
            Model::Oops => true,
            Model::Zoops => {
                offset + SMALLEST_SUM.portable_ln() + (self.fraction / count).portable_ln()
                    > (-self.fraction).portable_ln_1p() + NEGLIGIBLE
            }
            // A window whose ratio is negligible next to the best possible one has no site.
            Model::Tcm => false,
        };
        if sum < SMALLEST_SUM && matters {
            (sum, offset) = self.in_logarithms(span);
        }
        match self.model {
            Model::Oops => Term {
                llr: sum.portable_ln() + offset - count.portable_ln(),
                scale: 1.0 / sum,
                sites: 1.0,
                cut: COUNTED * sum / count,
            },
            Model::Zoops => {
                let with = (self.fraction / count).portable_ln() + sum.portable_ln() + offset;
                let without = (-self.fraction).portable_ln_1p();
                let largest = with.max(without);
                let llr =
                    largest + ((with - largest).portable_exp() + (without - largest).portable_exp()).portable_ln();
                let sites = (with - llr).portable_exp();
                let scale = if sum > 0.0 { sites / sum } else { 0.0 };
                Term { llr, scale, sites, cut: COUNTED * sum / count }
            }
            Model::Tcm => {
                let slots = span.slots;
                let (mut llr, mut sites) = (0.0, 0.0);
                for ratios in self.ratios.iter_mut().filter(|ratios| !ratios.is_empty()) {
                    let (log, expected) = mixture(&mut ratios[..slots], self.fraction, offset);
                    llr += log;
                    sites += expected;
                }
                // Slots without a window have ratio 0 and were counted as background.
                llr -= ((slots * windows.sides()) as f64 - count) * (-self.fraction).portable_ln_1p();
                Term { llr, scale: 1.0, sites, cut: COUNTED * sites / count }
            }
        }
    }

    /// Recomputes the ratios of a sequence whose products underflowed in single precision, relative to the largest.
    /// Returns their sum and the logarithm of the largest.
    fn in_logarithms(&mut self, span: &Span) -> (f64, f64) {
        let windows = self.windows;
        let logs = |strand: &Strand, at: usize| -> f64 {
            let letters = windows.window(at).iter().zip(&strand.columns);
            windows.log_weights[at] + letters.map(|(&code, column)| column[usize::from(code)]).sum::<f64>()
        };
        let mut found = Vec::with_capacity(2);
        for strand in &self.strands {
            let of = |slot| {
                let at = span.start + slot;
                if windows.begins(at) { logs(strand, at) } else { f64::NEG_INFINITY }
            };
            found.push((0..span.slots).map(of).collect::<Vec<f64>>());
        }
        let largest = found.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sum = 0.0;
        for (ratios, logs) in self.ratios.iter_mut().zip(found) {
            for (ratio, log) in ratios.iter_mut().zip(logs) {
                let relative = (log - largest).portable_exp();
                *ratio = relative as f32;
                sum += relative;
            }
        }
        (sum, largest)
    }

    /// Expected counts at columns from `-beyond` to `width + beyond`, for phase shifts. Positions outside of a sequence
    /// and ambiguous letters count as background.
    pub(crate) fn wide_counts(&mut self, beyond: usize) -> Vec<[f64; 4]> {
        let windows = self.windows;
        let (width, letters) = (windows.width(), windows.background().letters());
        let wide = width + 2 * beyond;
        let mut counts = vec![[0.0; 4]; wide];
        for span in windows.spans().iter().filter(|span| span.valid > 0) {
            let term = self.sequence(span);
            let codes = windows.codes(span);
            for (side, ratios) in self.ratios.iter().enumerate() {
                let sites = ratios.iter().take(span.slots).map(|&ratio| term.scale * f64::from(ratio)).enumerate();
                for (at, z) in sites.filter(|(_, z)| *z >= PROPOSED) {
                    for k in 0..wide {
                        let code = (at + k).checked_sub(beyond).and_then(|at| codes.get(at)).copied();
                        let column = if side == 0 { k } else { wide - 1 - k };
                        match code {
                            Some(code) if code < 4 => {
                                counts[column][usize::from(if side == 0 { code } else { 3 - code })] += z;
                            }
                            _ => (0..4).for_each(|a| counts[column][a] += z * letters[a]),
                        }
                    }
                }
            }
        }
        counts
    }
}

/// The two-component mixture: replaces ratios by responsibilities. Returns the log-likelihood ratio and the sum of the
/// responsibilities.
fn mixture(ratios: &mut [f32], fraction: f64, offset: f64) -> (f64, f64) {
    // Multiplies eight terms, so that eight windows need one logarithm.
    let (without, with) = (1.0 - fraction, fraction * offset.portable_exp());
    let (mut llr, mut sites) = (0.0, 0.0);
    if offset < LARGEST_LOG && without > 0.0 {
        for block in ratios.chunks_exact_mut(LANES / 2) {
            let mut product = 1.0;
            for ratio in block {
                let site = with * f64::from(*ratio);
                let total = without + site;
                product *= total;
                let z = site / total;
                sites += z;
                *ratio = z as f32;
            }
            llr += product.portable_ln();
        }
    } else {
        for ratio in ratios {
            let site = fraction.portable_ln() + f64::from(*ratio).portable_ln() + offset;
            let largest = site.max(without.portable_ln());
            let total = largest
                + ((site - largest).portable_exp() + (without.portable_ln() - largest).portable_exp()).portable_ln();
            llr += total;
            let z = (site - total).portable_exp();
            sites += z;
            *ratio = z as f32;
        }
    }
    (llr, sites)
}
