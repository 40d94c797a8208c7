//! A short site sampler (C. E. Lawrence et al., Science 262 (1993) 208).

use headstart_check::check;
use headstart_simd::Portable;
use rand::{Rng, RngExt};

use super::Start;
use crate::em::pass::Pass;
use crate::windows::Span;
use crate::{Error, Model, Pwm, Windows};

/// Pseudocount: weight of the background in the matrix of the other sites.
const PSEUDOCOUNT: f64 = 1.0;

/// Returns the matrix of the best alignment in `sweeps` sweeps of a site sampler.
///
/// Every sequence has one site, initially at a random position. A sweep visits the sequences in turn and redraws each
/// site from its probability under the matrix of all other sites; it costs one iteration. Alignments are compared by
/// their relative entropy to the background.
///
/// Errors: 0 sweeps.
pub fn gibbs<R: Rng>(windows: &Windows, sweeps: usize, rng: &mut R) -> Result<Start, Error> {
    check(sweeps > 0, "the number of sweeps", 0.0, "at least 1")?;
    let letters = windows.background().letters();
    let spans: Vec<Span> = windows.spans().iter().copied().filter(|span| span.valid > 0).collect();
    let mut counts = vec![[0.0; 4]; windows.width()];
    let mut sites = Vec::with_capacity(spans.len());
    for span in &spans {
        let begins: Vec<usize> = (0..span.slots).filter(|slot| windows.begins(span.start + slot)).collect();
        let at = span.start + begins[rng.random_range(0..begins.len())];
        let site = (at, rng.random_range(0..windows.sides()) == 1);
        add(windows, &mut counts, site, 1.0);
        sites.push(site);
    }
    let mut pass = Pass::new(windows, Model::Oops);
    let (mut best, mut most) = (counts.clone(), f64::NEG_INFINITY);
    let mut windows_scored = 0;
    for _ in 0..sweeps {
        for (span, site) in spans.iter().zip(&mut sites) {
            add(windows, &mut counts, *site, -1.0);
            pass.set(&Pwm::from_counts(&counts, PSEUDOCOUNT, letters), 1.0);
            let term = pass.sequence(span);
            windows_scored += (span.valid * windows.sides()) as u64;
            let mut left = rng.random::<f64>();
            let mut drawn = None;
            'sides: for (side, ratios) in pass.ratios.iter().enumerate() {
                for (slot, &ratio) in ratios.iter().take(span.slots).enumerate().filter(|(_, ratio)| **ratio > 0.0) {
                    left -= term.scale * f64::from(ratio);
                    // If rounding leaves a remainder, the last window with positive probability is taken.
                    drawn = Some((span.start + slot, side == 1));
                    if left < 0.0 {
                        break 'sides;
                    }
                }
            }
            *site = drawn.unwrap_or(*site);
            add(windows, &mut counts, *site, 1.0);
        }
        let n = spans.len() as f64;
        let entropy = |c: f64, p: f64| if c > 0.0 { c * (c / (n * p)).portable_ln() } else { 0.0 };
        let score = counts.iter().map(|column| (0..4).map(|a| entropy(column[a], letters[a])).sum::<f64>()).sum();
        if score > most {
            most = score;
            best.clone_from(&counts);
        }
    }
    Ok(Start { seeds: vec![Pwm::from_counts(&best, PSEUDOCOUNT, letters)], windows_scored })
}

/// Adds a site's letters to the counts, with this weight.
fn add(windows: &Windows, counts: &mut [[f64; 4]], (at, reverse): (usize, bool), weight: f64) {
    let width = counts.len();
    for (k, &code) in windows.window(at).iter().enumerate() {
        let (column, code) = if reverse { (width - 1 - k, 3 - code) } else { (k, code) };
        counts[column][usize::from(code)] += weight;
    }
}
