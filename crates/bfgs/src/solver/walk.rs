//! One line search: evaluations, the observer, and the rules that stop a run between two iterates.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{Options, Progress, Status};
use crate::Error;
use crate::error::Point;
use crate::line_search::{LineSearch, Next, Outcome};
use crate::objective::Objective;
use crate::vector::{all_finite, dot, norm_inf, plus_scaled};

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
    /// The value was not finite even at the shortest step; the error names the last point.
    NonFinite(Error),
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
}

impl Trials {
    /// Buffers for points like `x`; the first evaluation is at `x`.
    pub(super) fn at(x: &[f64]) -> Self {
        let place = EvaluatedPoint { x: x.to_vec(), value: f64::NAN, gradient: vec![0.0; x.len()] };
        Self { trial: place.clone(), best: place }
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
        loop {
            let step = search.step();
            plus_scaled(&mut self.trials.trial.x, &current.x, step, direction);
            self.evaluate();
            let finite = self.trials.trial.is_finite();
            let slope = if finite { dot(&self.trials.trial.gradient, direction) } else { f64::NAN };
            let next = search.report(self.trials.trial.value, slope);
            if let Some(status) = self.stopped(next == Next::Done(Outcome::Wolfe)) {
                let by_budget = matches!(status, Status::Interrupted | Status::MaxEvaluations);
                if by_budget && has_best && !(self.trials.trial.value <= self.trials.best.value) {
                    self.trials.swap();
                }
                return Ok(Walk::Stopped(status));
            }
            if next == Next::Done(Outcome::Wolfe) {
                return Ok(Walk::Accepted);
            }
            if finite && search.best_step() == step {
                has_best = true;
                self.trials.swap();
            }
            match next {
                Next::Evaluate(_) => {}
                Next::Done(Outcome::NonFinite) => {
                    let at = Point(self.trials.trial.x.clone());
                    return Ok(Walk::NonFinite(Error::NonFinite { value: self.trials.trial.value, step, at }));
                }
                Next::Done(_) if has_best && self.trials.best.value < current.value => {
                    self.trials.swap();
                    return Ok(Walk::Accepted);
                }
                Next::Done(_) => return Ok(Walk::NoProgress),
            }
        }
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
        if accepted && gradient_norm <= self.options.gradient_tolerance {
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
