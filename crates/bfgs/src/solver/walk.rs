//! One line search: evaluations, the observer, and the rules that stop a run between two iterates.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{Options, Progress, Status};
use crate::Error;
use crate::differences::STEP;
use crate::error::Point;
use crate::line_search::{LineSearch, Next, Outcome};
use crate::objective::Objective;
use crate::vector::{all_finite, dot, norm, norm_inf, plus_scaled};

/// A slope that differs from a difference quotient by more than this fraction contradicts it, if rounding can be excluded.
const MISMATCH: f64 = 0.1;
/// A descent along a line beyond this multiple of the distance from the origin (at least 1) has no end.
const FAR: f64 = 1e20;
/// Rounding errors of values, in units of the last place, that are not taken for a difference.
const NOISE: f64 = 100.0;

/// A point with its value and gradient.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct EvaluatedPoint {
    pub(crate) x: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
}

impl EvaluatedPoint {
    pub(super) fn is_finite(&self) -> bool {
        self.value.is_finite() && all_finite(&self.gradient)
    }
}

/// The outcome of the search along one direction.
pub(super) enum Walk {
    /// [`Trials::trial`] is the next iterate.
    Accepted,
    /// No step improved on the current iterate.
    NoProgress,
    /// The value was not finite even at the shortest step.
    NonFinite,
    /// A stopping rule ended the run, at the better of trial and current iterate.
    Stopped(Status),
}

/// The points of a line search.
#[derive(Clone, Debug, Default)]
pub(super) struct Trials {
    /// The point evaluated last.
    pub(super) trial: EvaluatedPoint,
    /// The best point of the search so far, unless that is the trial.
    best: EvaluatedPoint,
    /// The point of lowest value that was not accepted; its value is infinite as long as none was evaluated.
    lowest: EvaluatedPoint,
}

impl Trials {
    /// Buffers for points like `x`; the first evaluation is at `x`.
    pub(super) fn at(x: &[f64]) -> Self {
        let place = EvaluatedPoint { x: x.to_vec(), value: f64::NAN, gradient: vec![0.0; x.len()] };
        Self { trial: place.clone(), best: place.clone(), lowest: EvaluatedPoint { value: f64::INFINITY, ..place } }
    }

    /// Returns the rejected point of lowest value of the last search, if it is lower than `value`.
    pub(super) fn rejected_below(&self, value: f64) -> Option<&EvaluatedPoint> {
        Some(&self.lowest).filter(|lowest| lowest.value < value)
    }

    fn note_rejected(&mut self) {
        if self.trial.value < self.lowest.value {
            self.lowest.x.copy_from_slice(&self.trial.x);
            self.lowest.gradient.copy_from_slice(&self.trial.gradient);
            self.lowest.value = self.trial.value;
        }
    }

    /// Makes the rejected point of lowest value the trial if it is lower than `value`. Returns whether it is.
    fn take_lowest(&mut self, value: f64) -> bool {
        let is_lower = self.lowest.value < value;
        if is_lower {
            std::mem::swap(&mut self.trial, &mut self.lowest);
            self.lowest.value = f64::INFINITY;
        }
        is_lower
    }

    fn swap(&mut self) {
        std::mem::swap(&mut self.trial, &mut self.best);
    }
}

/// Counts and reports evaluations.
pub(super) struct Evaluator<'a, O, F> {
    pub(super) objective: &'a O,
    pub(super) observer: &'a mut F,
    pub(super) options: &'a Options,
    pub(super) evaluations: &'a mut u64,
    pub(super) trials: &'a mut Trials,
}

impl<O: Objective, F: FnMut(&Progress<'_>) -> ControlFlow<()>> Evaluator<'_, O, F> {
    /// Evaluates x0, which the trial holds at the start.
    pub(super) fn begin(&mut self) -> Result<Option<Status>, Error> {
        self.evaluate();
        if !self.trials.trial.is_finite() {
            return Err(Error::NonFiniteStart {
                value: self.trials.trial.value,
                at: Point(self.trials.trial.x.clone()),
            });
        }
        Ok(self.stopped(true))
    }

    /// Searches from `current` along `direction` with slope `slope` < 0; `step` is the first trial.
    pub(super) fn walk(
        &mut self,
        current: &EvaluatedPoint,
        direction: &[f64],
        slope: f64,
        step: f64,
    ) -> Result<Walk, Error> {
        let mut search = LineSearch::new(current.value, slope, step, self.options.line_search)?;
        // Whether `best` holds a point of this search.
        let mut has_best = false;
        self.trials.lowest.value = f64::INFINITY;
        let (length, far) = (norm(direction), FAR * norm(&current.x).max(1.0));
        loop {
            let step = search.step();
            plus_scaled(&mut self.trials.trial.x, &current.x, step, direction);
            self.evaluate();
            let finite = self.trials.trial.is_finite();
            let slope = if finite { dot(&self.trials.trial.gradient, direction) } else { f64::NAN };
            let next = search.report(self.trials.trial.value, slope);
            if let Some(status) = self.stopped(next == Next::Done(Outcome::Wolfe)) {
                let by_budget = matches!(status, Status::Interrupted | Status::MaxEvaluations | Status::Unbounded);
                if by_budget && has_best && !(self.trials.trial.value <= self.trials.best.value) {
                    self.trials.swap();
                }
                if by_budget {
                    let value = if finite { self.trials.trial.value } else { current.value };
                    self.trials.take_lowest(value);
                }
                return Ok(Walk::Stopped(status));
            }
            if next == Next::Done(Outcome::Wolfe) {
                return Ok(Walk::Accepted);
            }
            if finite {
                self.trials.note_rejected();
            }
            if finite && search.best_step() == step {
                has_best = true;
                self.trials.swap();
            }
            match next {
                Next::Evaluate(_) if search.is_extrapolating() && search.best_step() * length >= far => {
                    self.trials.swap();
                    return Ok(Walk::Stopped(Status::Unbounded));
                }
                Next::Evaluate(_) => {}
                Next::Done(_) if has_best && self.trials.best.value < current.value => {
                    self.trials.swap();
                    return Ok(Walk::Accepted);
                }
                // A step that decreases f too little for the search is better than none.
                Next::Done(_) if self.trials.take_lowest(current.value) => return Ok(Walk::Accepted),
                Next::Done(Outcome::NonFinite) => return Ok(Walk::NonFinite),
                Next::Done(_) => return Ok(Walk::NoProgress),
            }
        }
    }

    /// Compares the gradients around `current` with central difference quotients along the one there. Returns whether they
    /// differ by more than rounding explains at two step lengths, and the reason if the run was stopped by these evaluations.
    pub(super) fn contradicts(&mut self, current: &EvaluatedPoint) -> (bool, Option<Status>) {
        let size = norm_inf(&current.x);
        let wide = STEP * size.max(1.0);
        // Unknowns may be much smaller than 1, or scaled so differently that the first step is far too long for some.
        let narrow = if size > 0.0 && size < 0.01 { STEP * size } else { 0.01 * wide };
        self.trials.lowest.value = f64::INFINITY;
        for step in [wide, narrow] {
            match self.contradicts_at(current, step) {
                Ok(true) => {}
                Ok(false) => return (false, None),
                Err(status) => return (false, Some(status)),
            }
        }
        (true, None)
    }

    fn contradicts_at(&mut self, current: &EvaluatedPoint, step: f64) -> Result<bool, Status> {
        let slope = norm(&current.gradient);
        let (mut values, mut slopes, mut steepest) = ([0.0; 2], [0.0; 2], slope);
        for (at, sign) in [1.0, -1.0].into_iter().enumerate() {
            plus_scaled(&mut self.trials.trial.x, &current.x, sign * step / slope, &current.gradient);
            self.evaluate();
            values[at] = self.trials.trial.value;
            slopes[at] = dot(&self.trials.trial.gradient, &current.gradient) / slope;
            steepest = steepest.max(norm(&self.trials.trial.gradient));
            if self.trials.trial.is_finite() {
                self.trials.note_rejected();
            }
            // A target is left to the line searches.
            if let Some(status) = self.stopped(false).filter(|status| *status != Status::TargetReached) {
                return Err(status);
            }
        }
        let quotient = (values[0] - values[1]) / (2.0 * step);
        // Rounding errors of the value, and of the point.
        let size = norm_inf(&current.x).max(step);
        let rounding = current.value.abs().max(values[0].abs()).max(values[1].abs()) + steepest * size;
        let noise = f64::EPSILON * rounding / step;
        // Simpson's rule for the integral of the slope: exact for slopes that are cubic along the line.
        let mean = (slopes[0] + 4.0 * slope + slopes[1]) / 6.0;
        let is_known = quotient.is_finite() && mean.is_finite();
        Ok(is_known && (quotient - mean).abs() > MISMATCH * quotient.abs().max(mean.abs()) + NOISE * noise)
    }

    fn evaluate(&mut self) {
        self.trials.trial.value = self.objective.value_gradient(&self.trials.trial.x, &mut self.trials.trial.gradient);
        *self.evaluations += 1;
    }

    /// Reports the trial to the observer and checks the rules that may stop a run at any evaluation.
    fn stopped(&mut self, accepted: bool) -> Option<Status> {
        let progress = Progress {
            evaluations: *self.evaluations,
            x: &self.trials.trial.x,
            value: self.trials.trial.value,
            gradient_norm: norm_inf(&self.trials.trial.gradient),
            accepted,
        };
        let gradient_norm = progress.gradient_norm;
        let interrupted = (self.observer)(&progress).is_break();
        if self.trials.trial.value == f64::NEG_INFINITY {
            Some(Status::Unbounded)
        } else if accepted && gradient_norm <= self.options.gradient_tolerance {
            Some(Status::GradientTolerance)
        } else if self.options.target.is_some_and(|target| self.trials.trial.value <= target) {
            Some(Status::TargetReached)
        } else if interrupted {
            Some(Status::Interrupted)
        } else if *self.evaluations >= self.options.max_evaluations {
            Some(Status::MaxEvaluations)
        } else {
            None
        }
    }
}
