//! Recovery of a planted motif.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::{Em, Error, Fit, Pwm, Site, Windows};

/// Returns the nucleotide performance coefficient: the number of letters in both planted and found sites, divided by
/// the number of letters in either (P. A. Pevzner & S.-H. Sze, ISMB 2000). A motif that is out of phase is still that
/// motif, so all found sites together may be moved by up to `shift` letters towards either end of the motif; the best
/// shift counts. `width` and `found_width` are the widths of the planted and the found motif.
///
/// The result is 0 if no site was planted and none found.
pub fn performance(planted: &[Site], width: usize, found: &[Site], found_width: usize, shift: usize) -> f64 {
    let covered = |sites: &[Site], width: usize, by: isize| -> HashSet<(usize, isize)> {
        let letters = |site: &Site| {
            let (sequence, by) = (site.sequence, if site.reverse { -by } else { by });
            let first = site.at.cast_signed() + by;
            (first..first + width.cast_signed()).map(move |at| (sequence, at))
        };
        sites.iter().flat_map(letters).collect()
    };
    let truth = covered(planted, width, 0);
    let shift = shift.cast_signed();
    let coefficient = |by: isize| {
        let moved = covered(found, found_width, by);
        let shared = truth.intersection(&moved).count();
        let either = truth.len() + moved.len() - shared;
        if either == 0 { 0.0 } else { shared as f64 / either as f64 }
    };
    (-shift..=shift).map(coefficient).fold(0.0, f64::max)
}

/// Returns the log-likelihood ratio of a fit minus that of a climb from the planted matrix, in nats. If it is positive,
/// the optimum of the likelihood is not the planted motif, and a better optimum does not lead to the motif.
///
/// Errors: those of [`Em::fit`].
pub fn above_oracle(em: &Em, windows: &Windows, fit: &Fit, planted: &Pwm) -> Result<f64, Error> {
    let oracle = em.fit(windows, std::slice::from_ref(planted), &mut |_| ControlFlow::Continue(()))?;
    Ok(fit.llr - oracle.llr)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(sequence: usize, at: usize) -> Site {
        Site { sequence, at, reverse: false }
    }

    #[test]
    fn coefficients_computed_by_hand() {
        let planted = [site(0, 10), site(1, 20)];
        assert_eq!(performance(&planted, 10, &planted, 10, 0), 1.0);
        // Off by two: 16 letters shared of 24.
        let off = [site(0, 12), site(1, 22)];
        assert_eq!(performance(&planted, 10, &off, 10, 0), 16.0 / 24.0);
        assert_eq!(performance(&planted, 10, &off, 10, 1), 18.0 / 22.0);
        assert_eq!(performance(&planted, 10, &off, 10, 3), 1.0);
        // The right place in the wrong sequence, and one site missed.
        assert_eq!(performance(&planted, 10, &[site(2, 10)], 10, 3), 0.0);
        assert_eq!(performance(&planted, 10, &planted[..1], 10, 0), 0.5);
        // A narrower motif inside.
        assert_eq!(performance(&planted, 10, &planted, 5, 0), 0.5);
        assert_eq!(performance(&[], 10, &[], 10, 3), 0.0);
        assert_eq!(performance(&planted, 10, &[], 10, 3), 0.0);
    }

    #[test]
    fn shifts_follow_the_motif_and_not_the_strand() {
        let planted = [site(0, 10), Site { reverse: true, ..site(1, 20) }];
        // Two letters towards the motif's end: up on the given strand, down on the other.
        let moved = [site(0, 12), Site { reverse: true, ..site(1, 18) }];
        assert_eq!(performance(&planted, 10, &moved, 10, 2), 1.0);
        let apart = [site(0, 12), Site { reverse: true, ..site(1, 22) }];
        assert!(performance(&planted, 10, &apart, 10, 2) < 1.0);
    }
}
