//! Expectation maximisation from given matrices.

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

/// How many sites a sequence has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Model {
    /// One: LLR = sum over sequences of `log((1/m) sum_j r_j)`, with m windows and their ratios r.
    #[default]
    Oops,
    /// None or one: LLR = sum over sequences of `log((1 - g) + (g/m) sum_j r_j)`; g is estimated.
    Zoops,
    /// Any number: LLR = sum over windows of `log((1 - l) + l r_j)`; l is estimated. A pseudo-likelihood, since windows
    /// that overlap count as independent.
    Tcm,
}

/// The solver's options.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Em {
    /// How many sites a sequence has.
    pub model: Model,
    /// Weight of the prior: `beta p_a` is added to the count of letter a in every column.
    pub beta: f64,
    /// A climb has converged where no entry of the matrix moves by more than this.
    pub tolerance: f64,
    /// Most iterations of a climb between two phase shifts.
    pub iterations: u64,
    /// On convergence the motif is moved by up to so many columns either way (and at most by its width); 0 for
    /// never.
    pub shift: usize,
    /// Where g or l begins; without it g at 1/2, and l at one site a sequence.
    pub fraction: Option<f64>,
}

impl Default for Em {
    fn default() -> Self {
        Self { model: Model::Oops, beta: 0.01, tolerance: 1e-5, iterations: 50, shift: 3, fraction: None }
    }
}

/// What an observer hears after every iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Passes over the windows so far, of all matrices together.
    pub iterations: u64,
    /// Log-likelihood ratio of the matrix that this pass scored, in nats.
    pub llr: f64,
    /// The largest so far.
    pub best: f64,
    /// `llr` and the logarithm of the prior: what never decreases within a climb.
    pub penalised: f64,
    /// Which of the start's matrices is at work, from 0.
    pub seed: usize,
}

/// Why the best climb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// The matrix stands still, and no phase shift is better.
    Converged,
    /// All iterations were used.
    Iterations,
    /// The observer broke off.
    Stopped,
}

/// Where EM came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// The matrix with the largest log-likelihood ratio.
    pub pwm: Pwm,
    /// Share of the sequences (ZOOPS) or windows (TCM) with a site; 1 for OOPS.
    pub fraction: f64,
    /// Log-likelihood ratio, nats.
    pub llr: f64,
    /// Passes over the windows, of all matrices, scoring of phase shifts included.
    pub iterations: u64,
    /// Which of the start's matrices led here, from 0.
    pub seed: usize,
    /// Why its climb ended.
    pub status: Status,
}

/// What is known of a point of a climb.
#[derive(Clone)]
struct Point {
    pwm: Pwm,
    fraction: f64,
    llr: f64,
    penalised: f64,
}

impl Em {
    /// Climbs from every matrix of a start, one after the other, and keeps the best end.
    ///
    /// `observer` hears of every pass and ends the run by answering `Break`.
    ///
    /// Errors: options outside of what they may be, no matrix, a matrix of another width than the windows.
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

    /// As [`Self::fit`] on all of rayon's threads, without an observer; the result is the same to the bit.
    ///
    /// Errors: as of [`Self::fit`].
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

    /// The log-likelihood ratio of a matrix as it stands, in nats. `fraction` is g or l; OOPS has none.
    ///
    /// Errors: another width, a fraction outside of 0 to 1.
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

    /// The fraction to begin with.
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
                // Nothing better: the point that was scored last, not the one it would move to.
                ControlFlow::Continue(None) => {
                    break (point, if converged { Status::Converged } else { Status::Iterations });
                }
            }
        };
        Fit { pwm: point.pwm, fraction: point.fraction, llr: point.llr, iterations: passes, seed, status }
    }

    /// The best of the phase shifts, if it has a larger penalised likelihood (C. E. Lawrence et al., Science 262 (1993)
    /// 208, on sites that are out of phase). Scoring each is one pass.
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
            // More than rounding, so that two phases cannot hand over to each other for ever.
            let bar = best.as_ref().map_or(from.penalised + 1e-4 * (1.0 + from.penalised.abs()), |best| best.penalised);
            if penalised > bar {
                best = Some(Point { pwm, fraction: from.fraction, llr, penalised });
            }
        }
        ControlFlow::Continue(best)
    }
}

/// The better of two ends; the earlier one if they are equal.
fn better(best: Option<Fit>, fit: Fit) -> Fit {
    match best {
        Some(best) if best.llr >= fit.llr => best,
        _ => fit,
    }
}
