//! Expectation maximisation (EM) from given matrices.

mod count;
pub(crate) mod kernel;
pub(crate) mod pass;
mod strand;

use std::ops::ControlFlow;

use headstart_check::check;
use rayon::prelude::*;
use serde::Serialize;

use crate::{Error, Pwm, Windows};
use pass::Pass;

/// The number of sites per sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Model {
    /// One site: LLR = sum over sequences of `log((1/m) sum_j r_j)`, with m windows and their ratios r.
    #[default]
    Oops,
    /// Zero or one site: LLR = sum over sequences of `log((1 - g) + (g/m) sum_j r_j)`; g is estimated.
    Zoops,
    /// Any number of sites: LLR = sum over windows of `log((1 - l) + l r_j)`; l is estimated. This is a
    /// pseudo-likelihood, since overlapping windows are treated as independent.
    Tcm,
}

/// The EM solver and its options.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Em {
    /// The number of sites per sequence.
    pub model: Model,
    /// Weight of the prior: `beta p_a` is added to the count of letter a in each column.
    pub beta: f64,
    /// A climb has converged when no entry of the matrix changes by more than this.
    pub tolerance: f64,
    /// Maximum number of iterations of a climb between two phase shifts.
    pub iterations: u64,
    /// On convergence, phase shifts of the motif by up to this many columns in both directions are tried (at most by
    /// its width); 0 for no shifts.
    pub shift: usize,
    /// Initial value of g or l. `None`: 1/2 for g, and one site per sequence for l.
    pub fraction: Option<f64>,
}

impl Default for Em {
    fn default() -> Self {
        Self { model: Model::Oops, beta: 0.01, tolerance: 1e-5, iterations: 50, shift: 3, fraction: None }
    }
}

/// The state after one iteration, as passed to the observer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Passes over the windows so far, over all matrices of the start.
    pub iterations: u64,
    /// Log-likelihood ratio of the matrix that this pass scored, in nats.
    pub llr: f64,
    /// Largest log-likelihood ratio so far.
    pub best: f64,
    /// `llr` plus the logarithm of the prior: the quantity that never decreases within a climb.
    pub penalised: f64,
    /// Index of the current matrix of the start, from 0.
    pub seed: usize,
}

/// Why the best climb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// The matrix has converged, and no phase shift is better.
    Converged,
    /// The maximum number of iterations was reached.
    Iterations,
    /// The observer ended the run.
    Stopped,
}

/// The result of EM.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// The matrix with the largest log-likelihood ratio.
    pub pwm: Pwm,
    /// Share of the sequences (ZOOPS) or windows (TCM) with a site; 1 for OOPS.
    pub fraction: f64,
    /// Log-likelihood ratio in nats.
    pub llr: f64,
    /// Passes over the windows, over all matrices and including those that score phase shifts.
    pub iterations: u64,
    /// Index of the matrix of the start that led to this result, from 0.
    pub seed: usize,
    /// Why its climb ended.
    pub status: Status,
}

/// A point of a climb with its scores.
#[derive(Clone)]
struct Point {
    pwm: Pwm,
    fraction: f64,
    llr: f64,
    penalised: f64,
}

impl Em {
    /// Climbs from every matrix of a start in turn, and returns the best result.
    ///
    /// `observer` is called after every pass; returning `Break` ends the run.
    ///
    /// Errors: options out of range, no matrix, a matrix whose width differs from that of the windows.
    pub fn fit<F>(&self, windows: &Windows, seeds: &[Pwm], observer: &mut F) -> Result<Fit, Error>
    where
        F: FnMut(&Progress) -> ControlFlow<()>,
    {
        self.check(windows, seeds)?;
        let mut pass = Pass::new(windows, self.model);
        let (mut iterations, mut most) = (0, f64::NEG_INFINITY);
        let mut best: Option<Fit> = None;
        for (seed, pwm) in seeds.iter().enumerate() {
            let mut told = |llr: f64, penalised: f64| {
                iterations += 1;
                most = most.max(llr);
                observer(&Progress { iterations, llr, best: most, penalised, seed })
            };
            let fit = self.climb(windows, &mut pass, pwm, seed, &mut told);
            let stopped = fit.status == Status::Stopped;
            best = Some(better(best, fit));
            if stopped {
                break;
            }
        }
        best.map(|best| Fit { iterations, ..best }).ok_or(Error::NoSeeds)
    }

    /// Does the same as [`Self::fit`] on all rayon threads, without an observer. The result has the same bits.
    ///
    /// Errors: those of [`Self::fit`].
    pub fn fit_parallel(&self, windows: &Windows, seeds: &[Pwm]) -> Result<Fit, Error> {
        self.check(windows, seeds)?;
        let climb = |(seed, pwm): (usize, &Pwm)| {
            let mut silent = |_, _| ControlFlow::Continue(());
            self.climb(windows, &mut Pass::new(windows, self.model), pwm, seed, &mut silent)
        };
        let fits: Vec<Fit> = seeds.par_iter().enumerate().map(climb).collect();
        let iterations = fits.iter().map(|fit| fit.iterations).sum();
        let best = fits.into_iter().fold(None, |best, fit| Some(better(best, fit)));
        best.map(|best| Fit { iterations, ..best }).ok_or(Error::NoSeeds)
    }

    /// Returns the log-likelihood ratio of a matrix, without EM steps, in nats. `fraction` is g or l; OOPS ignores it.
    ///
    /// Errors: a width that differs from that of the windows, a fraction outside of 0 to 1.
    pub fn llr(&self, windows: &Windows, pwm: &Pwm, fraction: f64) -> Result<f64, Error> {
        self.check(windows, std::slice::from_ref(pwm))?;
        check((0.0..=1.0).contains(&fraction), "the share of sites", fraction, "0 to 1")?;
        let mut pass = Pass::new(windows, self.model);
        pass.set(pwm, fraction);
        Ok(pass.likelihood())
    }

    fn check(&self, windows: &Windows, seeds: &[Pwm]) -> Result<(), Error> {
        check(self.beta > 0.0 && self.beta.is_finite(), "beta", self.beta, "positive and finite")?;
        check(self.tolerance >= 0.0, "tolerance", self.tolerance, "zero or positive")?;
        check(self.iterations > 0, "iterations", 0.0, "at least 1")?;
        let width = windows.width();
        if let Some(fraction) = self.fraction {
            check(fraction > 0.0 && fraction < 1.0, "fraction", fraction, "between 0 and 1")?;
        }
        match seeds.iter().find(|seed| seed.width() != width) {
            Some(seed) => Err(Error::Width { given: seed.width(), expected: width }),
            None if seeds.is_empty() => Err(Error::NoSeeds),
            None => Ok(()),
        }
    }

    /// The initial fraction.
    pub(crate) fn first_fraction(&self, windows: &Windows) -> f64 {
        match self.model {
            Model::Oops => 1.0,
            Model::Zoops => self.fraction.unwrap_or(0.5),
            Model::Tcm => self.fraction.unwrap_or((windows.searched() as f64 / windows.len() as f64).min(0.5)),
        }
    }

    fn climb(
        &self,
        windows: &Windows,
        pass: &mut Pass<'_>,
        seed_pwm: &Pwm,
        seed: usize,
        told: &mut impl FnMut(f64, f64) -> ControlFlow<()>,
    ) -> Fit {
        let letters = windows.background().letters();
        let mut passes = 0;
        let (mut pwm, mut fraction) = (seed_pwm.clone(), self.first_fraction(windows));
        let (point, status) = 'climb: loop {
            let mut left = self.iterations;
            let (point, converged) = loop {
                pass.set(&pwm, fraction);
                let (llr, counts) = pass.counts();
                let penalised = llr + self.beta * pwm.log_prior(letters);
                passes += 1;
                left -= 1;
                let next = Pwm::from_counts(&counts.letters, self.beta, letters);
                let still = next.distance(&pwm) < self.tolerance;
                let point = Point { pwm: std::mem::replace(&mut pwm, next), fraction, llr, penalised };
                fraction = match self.model {
                    Model::Oops => 1.0,
                    Model::Zoops => counts.sites / windows.searched() as f64,
                    Model::Tcm => counts.sites / windows.len() as f64,
                };
                if told(llr, penalised).is_break() {
                    break 'climb (point, Status::Stopped);
                }
                if still || left == 0 {
                    break (point, still);
                }
            };
            match self.shifted(windows, pass, &point, &mut passes, told) {
                ControlFlow::Break(()) => break (point, Status::Stopped),
                ControlFlow::Continue(Some(shifted)) => (pwm, fraction) = (shifted.pwm, shifted.fraction),
                // No shift is better: return the point that was scored last, not its successor.
                ControlFlow::Continue(None) => {
                    break (point, if converged { Status::Converged } else { Status::Iterations });
                }
            }
        };
        Fit { pwm: point.pwm, fraction: point.fraction, llr: point.llr, iterations: passes, seed, status }
    }

    /// Returns the best phase shift, if its penalised likelihood is larger (C. E. Lawrence et al., Science 262 (1993)
    /// 208, on sites that are out of phase). Scoring a shift takes one pass.
    fn shifted(
        &self,
        windows: &Windows,
        pass: &mut Pass<'_>,
        from: &Point,
        passes: &mut u64,
        told: &mut impl FnMut(f64, f64) -> ControlFlow<()>,
    ) -> ControlFlow<(), Option<Point>> {
        let (letters, width) = (windows.background().letters(), windows.width());
        pass.set(&from.pwm, from.fraction);
        let most = self.shift.min(width);
        let wide = if most == 0 { Vec::new() } else { pass.wide_counts(most) };
        let mut best: Option<Point> = None;
        for by in (0..=2 * most).filter(|by| *by != most) {
            let pwm = Pwm::from_counts(&wide[by..by + width], self.beta, letters);
            pass.set(&pwm, from.fraction);
            let llr = pass.likelihood();
            let penalised = llr + self.beta * pwm.log_prior(letters);
            *passes += 1;
            if told(llr, penalised).is_break() {
                return ControlFlow::Break(());
            }
            // The gain must exceed rounding, so that two phases cannot alternate forever.
            let bar = best.as_ref().map_or(from.penalised + 1e-4 * (1.0 + from.penalised.abs()), |best| best.penalised);
            if penalised > bar {
                best = Some(Point { pwm, fraction: from.fraction, llr, penalised });
            }
        }
        ControlFlow::Continue(best)
    }
}

/// Returns the better of two results; the earlier one if they are equal.
fn better(best: Option<Fit>, fit: Fit) -> Fit {
    match best {
        Some(best) if best.llr >= fit.llr => best,
        _ => fit,
    }
}
