//! The line search of Moré & Thuente: finds a step that satisfies the strong Wolfe conditions.
//!
//! J. J. Moré & D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20 (1994) 286.
//! With φ(t) = f(x + t d), a step t is accepted when
//!
//! - φ(t) <= φ(0) + c1 t φ'(0) (sufficient decrease) and
//! - |φ'(t)| <= c2 |φ'(0)| (curvature).
//!
//! The search asks for evaluations instead of calling a function ("reverse communication"), so that the caller can
//! count evaluations, observe them and stop. It adds two rules to the paper. A step where φ is not finite is shortened.
//! Where φ changes by no more than its rounding, the slope alone decides (Hager & Zhang, SIAM J. Optim. 16 (2005) 170).

mod interpolate;

use headstart_check::check;
use serde::{Deserialize, Serialize};

use crate::Error;
use interpolate::{End, next_step};

/// Options of the line search.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineSearchOptions {
    /// Constant of the sufficient decrease condition, in (0, 1/2).
    pub c1: f64,
    /// Constant of the curvature condition, in [c1, 1). 0.1 is close to an exact search; 0.9 suits quasi-Newton
    /// directions.
    pub c2: f64,
    /// Maximum number of evaluations of one search.
    pub max_evaluations: u32,
}

impl Default for LineSearchOptions {
    fn default() -> Self {
        Self { c1: 1e-4, c2: 0.9, max_evaluations: 100 }
    }
}

impl LineSearchOptions {
    pub(crate) fn check(&self) -> Result<(), Error> {
        check(self.c1 > 0.0 && self.c1 < 0.5, "c1", self.c1, "between 0 and 1/2")?;
        check(self.c2 >= self.c1 && self.c2 < 1.0, "c2", self.c2, "at least c1 and below 1")?;
        check(self.max_evaluations > 0, "the line search's max_evaluations", 0.0, "at least 1")?;
        Ok(())
    }
}

/// The next action of the search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Evaluate φ and φ' at this step and report them.
    Evaluate(f64),
    /// The search has ended.
    Done(Outcome),
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The last reported step satisfies the strong Wolfe conditions.
    Wolfe,
    /// Rounding, a bound on the step or the limit of evaluations ended the search; [`LineSearch::best_step`] is the
    /// best step seen.
    NoFurtherProgress,
    /// φ was not finite even at the shortest step.
    NonFinite,
}

/// Steps grow by at most this factor while no minimum is bracketed.
const GROWTH: f64 = 4.0;
/// A bracket that does not shrink to this fraction in two trials is halved.
const SHRINK: f64 = 0.66;
/// Where φ is not finite, the distance to the best step is cut to this fraction.
const BACK_OFF: f64 = 0.1;
/// A bracket narrower than this fraction of its upper end is dominated by rounding.
const NARROW: f64 = 1e-15;
/// Values closer than this fraction of their size count as equal: a sum of many terms has a rounding error above eps.
const ROUNDING: f64 = 1e-13;

/// A line search along one direction.
#[derive(Clone, Debug)]
pub struct LineSearch {
    options: LineSearchOptions,
    value0: f64,
    slope0: f64,
    /// The best step so far: one end of the interval.
    best: End,
    /// The other end, meaningful once `bracketed`.
    other: End,
    bracketed: bool,
    /// The first stage looks for a step where ψ(t) = φ(t) - φ(0) - c1 t φ'(0) is <= 0 with φ' >= 0.
    first_stage: bool,
    step: f64,
    lower: f64,
    upper: f64,
    /// Upper limit of the step, lowered whenever φ is not finite.
    wall: f64,
    width: f64,
    width_before: f64,
    evaluations: u32,
}

impl LineSearch {
    /// Starts a search from φ(0) = `value` and φ'(0) = `slope` < 0, with the first trial at `step` > 0.
    pub fn new(value: f64, slope: f64, step: f64, options: LineSearchOptions) -> Result<Self, Error> {
        options.check()?;
        check(slope < 0.0 && slope.is_finite(), "the slope", slope, "negative and finite")?;
        check(step > 0.0 && step.is_finite(), "the first step", step, "positive and finite")?;
        let start = End { step: 0.0, value, slope };
        Ok(Self {
            options,
            value0: value,
            slope0: slope,
            best: start,
            other: start,
            bracketed: false,
            first_stage: true,
            step,
            lower: 0.0,
            upper: step + GROWTH * step,
            wall: f64::MAX,
            width: f64::MAX,
            width_before: f64::MAX,
            evaluations: 0,
        })
    }

    /// Returns the step to evaluate next.
    pub fn step(&self) -> f64 {
        self.step
    }

    /// Returns the best step reported so far, or 0 if none improved on φ(0).
    pub fn best_step(&self) -> f64 {
        self.best.step
    }

    /// Returns whether the last reported step is the best one, no minimum is bracketed, and the search goes on to longer steps.
    pub fn is_extrapolating(&self) -> bool {
        !self.bracketed && self.step > self.best.step && self.best.step > 0.0
    }

    /// Reports φ and φ' at [`step`](LineSearch::step). Pass NaN if either is not finite.
    pub fn report(&mut self, value: f64, slope: f64) -> Next {
        self.evaluations += 1;
        if value.is_finite() && slope.is_finite() {
            self.finite(End { step: self.step, value, slope })
        } else {
            self.back_off()
        }
    }

    fn finite(&mut self, now: End) -> Next {
        let decrease = self.options.c1 * self.slope0;
        let enough = self.value0 + now.step * decrease;
        if self.first_stage && now.value <= enough && now.slope >= 0.0 {
            self.first_stage = false;
        }
        let flat = (now.value - self.value0).abs() <= ROUNDING * self.value0.abs().max(now.value.abs());
        if (now.value <= enough || flat) && now.slope.abs() <= self.options.c2 * -self.slope0 {
            return Next::Done(Outcome::Wolfe);
        }

        // The first stage builds the interval on ψ, except where that would hide a decrease of φ.
        let step = if self.first_stage && now.value <= self.best.value && now.value > enough {
            let [mut best, mut other, tilted] = [self.best, self.other, now].map(|end| end.tilted(-decrease));
            let step = next_step(&mut best, &mut other, tilted, &mut self.bracketed, self.lower, self.upper);
            (self.best, self.other) = (best.tilted(decrease), other.tilted(decrease));
            step
        } else {
            next_step(&mut self.best, &mut self.other, now, &mut self.bracketed, self.lower, self.upper)
        };
        self.narrow(step, now)
    }

    /// Applies bounds and safeguards to the step that interpolation proposed after the trial `now`.
    fn narrow(&mut self, mut step: f64, now: End) -> Next {
        let (best, other) = (self.best.step, self.other.step);
        if self.bracketed {
            let width = (other - best).abs();
            if width >= SHRINK * self.width_before {
                step = best + 0.5 * (other - best);
            }
            (self.width_before, self.width) = (self.width, width);
            (self.lower, self.upper) = (best.min(other), best.max(other));
        }
        step = step.min(self.wall);
        if !step.is_finite() {
            step = 0.5 * (self.lower + self.upper);
        }
        if !self.bracketed {
            self.lower = (step + 1.1 * (step - best)).min(self.wall);
            self.upper = (step + GROWTH * (step - best)).min(self.wall);
        }
        let collapsed = self.bracketed
            && (step <= self.lower || step >= self.upper || self.upper - self.lower <= NARROW * self.upper);
        if collapsed
            || (best == 0.0 && self.is_lost(step))
            || step == now.step
            || self.evaluations >= self.options.max_evaluations
        {
            return Next::Done(Outcome::NoFurtherProgress);
        }
        self.step = step;
        Next::Evaluate(step)
    }

    fn back_off(&mut self) -> Next {
        let best = self.best.step;
        if self.step > best {
            self.wall = self.wall.min(best + 0.5 * (self.step - best));
            self.upper = self.upper.min(self.wall);
        }
        let step = best + BACK_OFF * (self.step - best);
        let hopeless = if best > 0.0 { step == best || step == self.step } else { self.is_lost(step) };
        if hopeless || self.evaluations >= self.options.max_evaluations {
            return Next::Done(if best > 0.0 { Outcome::NoFurtherProgress } else { Outcome::NonFinite });
        }
        self.step = step;
        Next::Evaluate(step)
    }

    /// Whether the first-order change of f over this step is below the rounding of f.
    fn is_lost(&self, step: f64) -> bool {
        step * -self.slope0 <= f64::EPSILON * self.value0.abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OutOfRange;

    /// Runs a search on φ and returns the outcome, the last step and the number of evaluations.
    fn search(phi: impl Fn(f64) -> (f64, f64), step: f64, c1: f64, c2: f64) -> (Outcome, f64, u32) {
        let (value, slope) = phi(0.0);
        let options = LineSearchOptions { c1, c2, ..LineSearchOptions::default() };
        let mut search = LineSearch::new(value, slope, step, options).unwrap();
        let mut evaluations = 0;
        loop {
            let step = search.step();
            let (value, slope) = phi(step);
            evaluations += 1;
            if let Next::Done(outcome) = search.report(value, slope) {
                let step = if outcome == Outcome::Wolfe { step } else { search.best_step() };
                return (outcome, step, evaluations);
            }
        }
    }

    fn near(a: f64, b: f64, within: f64) -> bool {
        (a - b).abs() <= within
    }

    /// Function 5.1 and table I of the paper: evaluations and final steps.
    #[test]
    fn table_one_of_the_paper() {
        let phi = |t: f64| (-t / (t * t + 2.0), (t * t - 2.0) / (t * t + 2.0).powi(2));
        for (first, evaluations, last) in [(1e-3, 6, 1.4), (1e-1, 3, 1.4), (1e1, 1, 10.0), (1e3, 4, 37.0)] {
            let (outcome, step, used) = search(phi, first, 1e-3, 0.1);
            assert_eq!((outcome, used), (Outcome::Wolfe, evaluations), "from {first}");
            assert!(near(step, last, 0.05 * last), "from {first}: {step}");
        }
    }

    /// Function 5.2 and table II.
    #[test]
    fn table_two_of_the_paper() {
        let phi = |t: f64| {
            let u: f64 = t + 0.004;
            (u.powi(5) - 2.0 * u.powi(4), 5.0 * u.powi(4) - 8.0 * u.powi(3))
        };
        for (first, evaluations) in [(1e-3, 12), (1e-1, 8), (1e1, 8), (1e3, 11)] {
            let (outcome, step, used) = search(phi, first, 0.1, 0.1);
            assert_eq!((outcome, used), (Outcome::Wolfe, evaluations), "from {first}");
            assert!(near(step, 1.6, 0.05), "from {first}: {step}");
        }
    }

    #[test]
    fn backs_off_from_where_the_function_is_not_defined() {
        // A barrier at t = 1, minimum at 0.5.
        let phi = |t: f64| {
            let value = if t < 1.0 { -t.ln_1p() - (1.0 - t).ln() - t } else { f64::NAN };
            (value, -1.0 / (1.0 + t) + 1.0 / (1.0 - t) - 1.0)
        };
        for first in [0.9, 1.0, 50.0, 1e12] {
            let (outcome, step, used) = search(phi, first, 1e-4, 0.1);
            assert!(outcome == Outcome::Wolfe && step > 0.0 && step < 1.0 && used < 30, "from {first}: {step}, {used}");
        }
        let (outcome, _, used) = search(|t| (if t == 0.0 { 1.0 } else { f64::INFINITY }, -1.0), 1.0, 1e-4, 0.9);
        assert!(outcome == Outcome::NonFinite && used <= 100);
    }

    #[test]
    fn rounding_ends_a_search() {
        // The slope is negative, but the values never decrease.
        let (outcome, step, used) = search(|t| (1.0 + t, -1.0), 1.0, 1e-4, 0.9);
        assert!(outcome == Outcome::NoFurtherProgress && step == 0.0 && used < 100, "{used}");
    }

    #[test]
    fn invalid_arguments_are_refused() {
        let options = LineSearchOptions::default();
        let error = LineSearch::new(0.0, 0.0, 1.0, options).unwrap_err();
        assert!(matches!(error, Error::OutOfRange(OutOfRange { name: "the slope", .. })));
        assert!(LineSearch::new(0.0, -1.0, 0.0, options).is_err());
        assert!(LineSearch::new(0.0, f64::NAN, 1.0, options).is_err());
        assert!(LineSearch::new(0.0, -1.0, 1.0, LineSearchOptions { c2: 1e-5, ..options }).is_err());
        assert!(LineSearch::new(0.0, -1.0, 1.0, LineSearchOptions { c1: 0.6, ..options }).is_err());
    }
}
