//! The windows of sequences, in the memory layout of the E step.

use headstart_check::check;
use headstart_simd::Portable;

use crate::background::Strands;
use crate::sequences::OPEN;
use crate::{Background, Error, Sequences, Warning};

/// Number of windows in a block. Arrays are padded to a multiple of it.
pub(crate) const LANES: usize = 16;

/// Maximum width of a motif.
const WIDEST: usize = 200;

/// Number of letters that may be read beyond the last sequence, by blocks of the scan and words of four letters.
const PADDING: usize = 64 + 4;

/// Minimum factor that erasing leaves of a window's weight, so that logarithms stay finite.
const LEAST_LEFT: f64 = 1e-10;

/// The range of a sequence in the flat arrays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// Index of the first letter; a multiple of [`LANES`].
    pub(crate) start: usize,
    /// Number of letters.
    pub(crate) length: usize,
    /// Number of positions where a window may begin, rounded up to a multiple of [`LANES`]. Positions past the last
    /// window have weight 0.
    pub(crate) slots: usize,
    /// Number of windows without an ambiguous letter, on one strand.
    pub(crate) valid: usize,
}

/// All windows of one width: the input of the solver and the starts.
///
/// A window with an ambiguous letter (N) is skipped. The ratio of a window is `prod_k theta_k(x_k) / P0(window)`, its
/// probability under the motif divided by that under the background. P0 comes from cumulative sums of the background's
/// logarithms, so that an order above 0 costs one factor per window. The reverse strand uses the same P0, since the
/// background describes the given strand.
#[derive(Clone, Debug)]
pub struct Windows {
    width: usize,
    strands: Strands,
    background: Background,
    /// One code per letter.
    codes: Vec<u8>,
    /// The same codes for the starts, with erased letters replaced by N.
    visible: Vec<u8>,
    /// The codes of two and of four letters from each position on; ambiguous letters count as A.
    pub(crate) pairs: Vec<u8>,
    pub(crate) quads: Vec<u8>,
    /// log(prod p(x) / P0(window)) plus the log factor of erasing, in nats; minus infinity where no window begins.
    pub(crate) log_weights: Vec<f64>,
    /// exp(log weight - unit), and 0 where no window begins.
    pub(crate) weights: Vec<f32>,
    /// The largest log weight.
    pub(crate) unit: f64,
    spans: Vec<Span>,
    valid: usize,
    searched: usize,
    warnings: Vec<Warning>,
}

impl Windows {
    /// Makes the windows of `width` letters.
    ///
    /// Errors: a width of 0 or above 200, no window without ambiguous letters in any sequence.
    pub fn new(sequences: &Sequences, background: &Background, width: usize, strands: Strands) -> Result<Self, Error> {
        check((1..=WIDEST).contains(&width), "the width of the motif", width as f64, "1 to 200")?;
        let (mut spans, mut warnings, mut longest) = (Vec::new(), Vec::new(), 0);
        let mut start = 0;
        for (i, record) in sequences.records().iter().enumerate() {
            let length = record.codes().len();
            let stretches = record.codes().split(|&code| code == OPEN).map(<[u8]>::len);
            let valid = stretches.clone().map(|known| (known + 1).saturating_sub(width)).sum();
            longest = longest.max(stretches.max().unwrap_or(0));
            if valid == 0 {
                let (record, name) = (i + 1, record.name().to_owned());
                warnings.push(Warning::NoWindow { record, name, length, width });
            }
            let slots = (length + 1).saturating_sub(width).next_multiple_of(LANES);
            spans.push(Span { start, length, slots, valid });
            start += length.next_multiple_of(LANES);
        }
        let valid: usize = spans.iter().map(|span| span.valid).sum();
        if valid == 0 {
            return Err(Error::NoWindows { width, longest });
        }
        let size = start + width + PADDING;
        let mut codes = vec![OPEN; size];
        for (record, span) in sequences.records().iter().zip(&spans) {
            codes[span.start..span.start + span.length].copy_from_slice(record.codes());
        }
        let closed = |at: usize| codes.get(at).map_or(0, |&code| if code == OPEN { 0 } else { code });
        let pairs = (0..size).map(|at| closed(at) << 2 | closed(at + 1)).collect();
        let quads =
            (0..size).map(|at| closed(at) << 6 | closed(at + 1) << 4 | closed(at + 2) << 2 | closed(at + 3)).collect();
        let mut log_weights = vec![f64::NEG_INFINITY; start + LANES];
        for (record, span) in sequences.records().iter().zip(&spans) {
            let own = &mut log_weights[span.start..span.start + span.slots];
            weigh(record.codes(), background, width, own);
        }
        let searched = spans.iter().filter(|span| span.valid > 0).count();
        let mut windows = Self {
            width,
            strands,
            background: background.clone(),
            visible: codes.clone(),
            codes,
            pairs,
            quads,
            weights: vec![0.0; log_weights.len()],
            log_weights,
            unit: 0.0,
            spans,
            valid,
            searched,
            warnings,
        };
        windows.rescale();
        Ok(windows)
    }

    fn rescale(&mut self) {
        self.unit = self.log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (weight, log) in self.weights.iter_mut().zip(&self.log_weights) {
            *weight = (log - self.unit).portable_exp() as f32;
        }
    }

    /// Returns the number of letters in a window.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the strands on which sites may lie.
    pub fn strands(&self) -> Strands {
        self.strands
    }

    /// Returns the background.
    pub fn background(&self) -> &Background {
        &self.background
    }

    /// Returns the number of windows that one EM iteration scores: windows without ambiguous letters, on all searched
    /// strands.
    pub fn len(&self) -> u64 {
        (self.valid * self.sides()) as u64
    }

    /// Returns false: there is always at least one window.
    pub fn is_empty(&self) -> bool {
        self.valid == 0
    }

    /// Returns the number of sequences, including those without a window.
    pub fn sequences(&self) -> usize {
        self.spans.len()
    }

    /// Returns the number of sequences with a window.
    pub fn searched(&self) -> usize {
        self.searched
    }

    /// Returns warnings that list the sequences without a window.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    pub(crate) fn sides(&self) -> usize {
        match self.strands {
            Strands::Given => 1,
            Strands::Both => 2,
        }
    }

    pub(crate) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The letters of a sequence.
    pub(crate) fn codes(&self, span: &Span) -> &[u8] {
        &self.codes[span.start..span.start + span.length]
    }

    /// All letters, one sequence after the other, padded with ambiguous letters.
    pub(crate) fn all_codes(&self) -> &[u8] {
        &self.codes
    }

    /// The letters of the window at an index of the flat arrays.
    pub(crate) fn window(&self, at: usize) -> &[u8] {
        &self.codes[at..at + self.width]
    }

    /// Whether a window begins at this index of the flat arrays.
    pub(crate) fn begins(&self, at: usize) -> bool {
        self.log_weights[at] > f64::NEG_INFINITY
    }

    /// The letters of a sequence, with erased letters replaced by N.
    pub(crate) fn visible(&self, span: &Span) -> &[u8] {
        &self.visible[span.start..span.start + span.length]
    }

    /// The indices of all windows without an erased letter, or of all windows if every window has one.
    pub(crate) fn places(&self) -> Vec<usize> {
        let all: Vec<usize> = (0..self.log_weights.len()).filter(|&at| self.begins(at)).collect();
        let is_whole = |at: &&usize| !self.visible[**at..**at + self.width].contains(&OPEN);
        let whole: Vec<usize> = all.iter().filter(is_whole).copied().collect();
        if whole.is_empty() { all } else { whole }
    }

    /// Erases found sites. `left` holds, for each letter of each sequence, the probability that no site covers it. The
    /// weight of a window is multiplied by the smallest such probability of its letters (T. L. Bailey & C. Elkan, ISMB
    /// 1995, section "Finding multiple motifs"). Letters with a probability below 1/2 are hidden from starts.
    pub(crate) fn erase(&mut self, left: &[Vec<f64>]) {
        for (span, left) in self.spans.iter().zip(left) {
            for (at, letters) in left.windows(self.width).enumerate() {
                let least = letters.iter().copied().fold(1.0, f64::min).max(LEAST_LEFT);
                self.log_weights[span.start + at] += least.portable_ln();
            }
            for (visible, left) in self.visible[span.start..].iter_mut().zip(left) {
                if *left < 0.5 {
                    *visible = OPEN;
                }
            }
        }
        self.rescale();
    }
}

/// Computes the log weights of one sequence.
fn weigh(codes: &[u8], background: &Background, width: usize, log_weights: &mut [f64]) {
    let logs = background.log_probabilities(codes);
    let letters = background.letters().map(Portable::portable_ln);
    // The differences are exactly zero for order 0, without rounding.
    let excess = |(&code, log): (&u8, f64)| if code == OPEN { 0.0 } else { letters[usize::from(code)] - log };
    let mut cumulative = vec![0.0];
    let mut open = vec![0usize];
    for (i, pair) in codes.iter().zip(logs).enumerate() {
        cumulative.push(cumulative[i] + excess(pair));
        open.push(open[i] + usize::from(codes[i] == OPEN));
    }
    for at in 0..(codes.len() + 1).saturating_sub(width) {
        if open[at + width] == open[at] {
            log_weights[at] = cumulative[at + width] - cumulative[at];
        }
    }
}
