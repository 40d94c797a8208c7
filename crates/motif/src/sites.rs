//! The sites of a motif.

use serde::Serialize;

use crate::em::pass::Pass;
use crate::sequences::{reverse_complement, spelled};
use crate::{Fit, Model, Windows};

/// A position in the sequences. Indices count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Site {
    /// Index of the sequence.
    pub sequence: usize,
    /// Index of the site's first letter on the given strand.
    pub at: usize,
    /// Whether the site is on the reverse strand.
    pub reverse: bool,
}

/// A site found by a fit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundSite {
    /// Position of the site.
    #[serde(flatten)]
    pub site: Site,
    /// Posterior probability of a site at this position.
    pub probability: f64,
    /// Letters of the site, in the direction of the motif.
    pub letters: String,
}

/// Returns the sites of a fitted motif, sorted by sequence and position. OOPS: the most probable window of every
/// sequence. ZOOPS: the same, for sequences that have a site with probability above 1/2. TCM: every window with
/// probability above 1/2; of two that overlap, the more probable one.
pub fn sites(windows: &Windows, model: Model, fit: &Fit) -> Vec<FoundSite> {
    let width = windows.width();
    let mut pass = Pass::new(windows, model);
    pass.set(&fit.pwm, fit.fraction);
    let mut found = Vec::new();
    for (sequence, span) in windows.spans().iter().enumerate().filter(|(_, span)| span.valid > 0) {
        let term = pass.sequence(span);
        let mut likely: Vec<(f64, usize, bool)> = Vec::new();
        for (side, ratios) in pass.ratios.iter().enumerate() {
            let all = ratios.iter().take(span.slots).enumerate().filter(|(slot, _)| windows.begins(span.start + slot));
            likely.extend(all.map(|(at, &ratio)| (term.scale * f64::from(ratio), at, side == 1)));
        }
        // Ties go to the earlier position, then to the given strand.
        likely.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        match model {
            Model::Oops => likely.truncate(1),
            Model::Zoops => likely.truncate(usize::from(term.sites > 0.5)),
            Model::Tcm => likely.retain(|(probability, ..)| *probability > 0.5),
        }
        let mut kept: Vec<(f64, usize, bool)> = Vec::new();
        for one in likely {
            if kept.iter().all(|other| one.1.abs_diff(other.1) >= width) {
                kept.push(one);
            }
        }
        kept.sort_by_key(|(_, at, reverse)| (*at, *reverse));
        for (probability, at, reverse) in kept {
            let codes = windows.window(span.start + at);
            let letters = if reverse { spelled(&reverse_complement(codes)) } else { spelled(codes) };
            found.push(FoundSite { site: Site { sequence, at, reverse }, probability, letters });
        }
    }
    found
}

/// Multiplies, for every letter, the probability `left` that no site covers it by one minus the probability of the most
/// probable site that does.
pub(crate) fn cover(windows: &Windows, model: Model, fit: &Fit, left: &mut [Vec<f64>]) {
    let width = windows.width();
    let mut pass = Pass::new(windows, model);
    pass.set(&fit.pwm, fit.fraction);
    for (span, left) in windows.spans().iter().zip(left).filter(|(span, _)| span.valid > 0) {
        let term = pass.sequence(span);
        let mut covered = vec![0.0f64; span.length];
        for ratios in &pass.ratios {
            for (at, &ratio) in ratios.iter().take(span.slots).enumerate().filter(|(_, ratio)| **ratio > 0.0) {
                let z = (term.scale * f64::from(ratio)).min(1.0);
                for covered in &mut covered[at..at + width] {
                    *covered = covered.max(z);
                }
            }
        }
        for (left, covered) in left.iter_mut().zip(covered) {
            *left *= 1.0 - covered;
        }
    }
}
