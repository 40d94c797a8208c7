//! The loop that BFGS and L-BFGS share: direction, line search, update, and the stopping rules.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::history::{Fallback, History, Stagnation, Tried};
use super::walk::{EvaluatedPoint, Evaluator, Trials, Walk};
use super::{Options, Progress, Solution, Status};
use crate::Error;
use crate::h0::Start;
use crate::objective::Objective;
use crate::pair::Pair;
use crate::vector::{dot, norm, norm_inf};

/// The model of the inverse Hessian that a method keeps.
pub trait Model {
    /// The form in which the run returns its inverse Hessian.
    type Matrix;

    /// Returns H.
    fn into_inverse_hessian(self) -> Self::Matrix;

    /// Returns the number of unknowns.
    fn dim(&self) -> usize;

    /// Returns the length of a vector that does not fit the number of unknowns, as in a damaged file.
    fn unfit(&self) -> Option<usize> {
        None
    }

    /// Returns the search direction -H g.
    fn direction(&self) -> &[f64];

    /// Whether H is still H0.
    fn is_fresh(&self) -> bool;

    /// Returns s and y of the last call of [`advance`](Self::advance).
    fn last_pair(&self) -> (&[f64], &[f64]);

    /// Sets H to H0 and the direction to -H0 g.
    fn restart(&mut self, start: &Start, gradient: &[f64]);

    /// Sets H to `gamma` times the identity, and the direction to -`gamma` g.
    fn restart_plain(&mut self, gamma: f64, gradient: &[f64]);

    /// Updates H by the step from `x` to `x_new`, along which the gradient changed from `g` to `g_new`, and sets the
    /// direction to the new -H g. `rescale` is that of the start. Returns whether the pair had curvature.
    fn advance(&mut self, x: &[f64], x_new: &[f64], g: &[f64], g_new: &[f64], rescale: bool) -> bool;
}

/// A run between two steps. The caller keeps start, options, objective and observer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Descent<M> {
    current: EvaluatedPoint,
    model: M,
    history: History,
    flat: Stagnation,
    fallback: Fallback,
    /// Whether a difference quotient contradicted the gradient at the first failed line search.
    contradicted: Option<bool>,
    /// A point of lower value than the iterate that a line search did not accept.
    lower: Option<EvaluatedPoint>,
    evaluations: u64,
    status: Option<Status>,
    /// Buffers for the points of a line search; not used beyond one step.
    #[serde(skip)]
    trials: Trials,
}

impl<M: Model> Descent<M> {
    /// Evaluates x0 and sets H to H0.
    pub(crate) fn begin<O, F>(
        mut model: M,
        objective: &O,
        x0: &[f64],
        start: &Start,
        options: &Options,
        observer: &mut F,
    ) -> Result<Self, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        check(objective.dim(), x0, start, options)?;
        let mut trials = Trials::at(x0);
        let mut evaluations = 0;
        let mut evaluator =
            Evaluator { objective, observer, options, evaluations: &mut evaluations, trials: &mut trials };
        let status = evaluator.begin()?;
        let current = trials.trial.clone();
        model.restart(start, &current.gradient);
        let flat = Stagnation::new(&current);
        let (history, fallback) = (History::default(), Fallback::default());
        Ok(Self {
            current,
            model,
            history,
            flat,
            fallback,
            contradicted: None,
            lower: None,
            evaluations,
            status,
            trials,
        })
    }

    pub(crate) fn unfit(&self) -> Option<usize> {
        self.model.unfit()
    }

    pub(crate) fn current(&self) -> &EvaluatedPoint {
        &self.current
    }

    pub(crate) fn evaluations(&self) -> u64 {
        self.evaluations
    }

    pub(crate) fn status(&self) -> Option<Status> {
        self.status
    }

    /// Advances to the next iterate, or to the end of the run.
    pub(crate) fn step<O, F>(
        &mut self,
        objective: &O,
        start: &Start,
        options: &Options,
        observer: &mut F,
    ) -> Result<(), Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        self.fit(objective.dim())?;
        while self.status.is_none() {
            let slope = dot(&self.current.gradient, self.model.direction());
            if !(slope < 0.0 && slope.is_finite()) {
                // A slope of minus infinity is only an overflow.
                if self.history.iterations == 0 && self.history.resets == 0 && slope != f64::NEG_INFINITY {
                    return Err(Error::NotDescent { slope });
                }
                self.fall_back(start, Status::Stalled);
                continue;
            }
            let step = self.first_step(start);
            let (evaluations, trials) = (&mut self.evaluations, &mut self.trials);
            let mut evaluator = Evaluator { objective, observer, options, evaluations, trials };
            match evaluator.walk(&self.current, self.model.direction(), slope, step)? {
                Walk::Stopped(status) => {
                    let trial = &self.trials.trial;
                    let chosen = matches!(status, Status::GradientTolerance | Status::TargetReached);
                    if chosen || (trial.is_finite() && trial.value < self.current.value) {
                        self.accept(start, options);
                    }
                    self.status = Some(status);
                }
                Walk::NoProgress => {
                    if self.contradicted.is_none() {
                        let (contradicts, stopped) = evaluator.contradicts(&self.current);
                        self.contradicted = Some(contradicts);
                        self.status = stopped;
                        if let Some(lower) = self.trials.rejected_below(self.current.value) {
                            self.lower = Some(lower.clone());
                        }
                    }
                    if self.status.is_none() {
                        self.fall_back(start, Status::Stalled);
                    }
                }
                Walk::NonFinite => self.fall_back(start, Status::NonFinite),
                Walk::Accepted => {
                    let before = self.current.value;
                    self.accept(start, options);
                    if !self.model.is_fresh() {
                        self.fallback.forget_after(&self.current);
                    } else if self.fallback.tried == Tried::Gradient && !self.aim_along_the_gradient() {
                        self.status = Some(Status::Stalled);
                    }
                    if norm_inf(&self.current.gradient) <= options.gradient_tolerance {
                        self.status = Some(Status::GradientTolerance);
                    } else if options.is_small_change(before, self.current.value) {
                        self.status = Some(Status::ValueTolerance);
                    } else if self.flat.holds_at(&self.current) {
                        self.flat.count = 0;
                        self.fall_back(start, Status::Stalled);
                    }
                    break;
                }
            }
        }
        if self.status == Some(Status::Stalled) && self.contradicted == Some(true) {
            self.status = Some(Status::GradientMismatch);
        }
        if self.status.is_some_and(|status| !status.is_converged())
            && let Some(lower) = self.lower.take()
        {
            self.current = lower;
        }
        Ok(())
    }

    /// Returns the solution.
    pub(crate) fn finish(self) -> Solution<M::Matrix> {
        Solution {
            gradient_norm: norm_inf(&self.current.gradient),
            x: self.current.x,
            value: self.current.value,
            gradient: self.current.gradient,
            evaluations: self.evaluations,
            iterations: self.history.iterations,
            resets: self.history.resets,
            status: self.status.unwrap_or(Status::Interrupted),
            gradient_mismatch: self.contradicted == Some(true),
            inverse_hessian: self.model.into_inverse_hessian(),
            pairs: self.history.pairs,
            first_pair: self.history.first_pair,
            last_pair: self.history.last_pair,
            longest_step: self.history.longest_step,
        }
    }

    /// Goes on from H0, then along the negative gradient; if both have been tried at this value, ends the run with `status`.
    fn fall_back(&mut self, start: &Start, status: Status) {
        let is_at_h0 = self.model.is_fresh() && self.fallback.tried < Tried::Gradient;
        if self.fallback.tried == Tried::Nothing && !is_at_h0 {
            self.model.restart(start, &self.current.gradient);
            self.fallback.begin(Tried::H0, &self.current);
        } else if self.fallback.tried < Tried::Gradient {
            self.fallback.begin(Tried::Gradient, &self.current);
            if !self.aim_along_the_gradient() {
                self.status = Some(status);
                return;
            }
        } else {
            self.status = Some(status);
            return;
        }
        self.history.resets += 1;
    }

    /// Sets H to a multiple of the identity. Returns false if rounding leaves no scale.
    fn aim_along_the_gradient(&mut self) -> bool {
        // The scale of the last pair; without one, the longest step so far, or a step of length 1.
        let gamma = self.history.last_pair.as_ref().map_or(0.0, Pair::gamma);
        let is_scale = gamma > 0.0 && gamma.is_finite();
        let longest = if self.history.longest_step > 0.0 { self.history.longest_step } else { 1.0 };
        let gamma = if is_scale { gamma } else { longest / norm(&self.current.gradient) };
        let is_usable = gamma > 0.0 && gamma.is_finite();
        if is_usable {
            self.model.restart_plain(gamma, &self.current.gradient);
        }
        is_usable
    }

    /// The first trial step: 1, as usual for a quasi-Newton method, or less while H is still H0 and the start bounds the
    /// length.
    fn first_step(&self, start: &Start) -> f64 {
        let longest = Some(self.history.longest_step).filter(|length| *length > 0.0);
        let bound = if self.fallback.tried == Tried::Gradient { longest } else { start.first_step_at_most };
        match bound {
            Some(length) if self.model.is_fresh() => (length / norm(self.model.direction())).min(1.0),
            _ => 1.0,
        }
    }

    /// Makes the trial the current iterate and updates the model by the step.
    fn accept(&mut self, start: &Start, options: &Options) {
        let (current, next) = (&self.current, &self.trials.trial);
        let rescale = start.rescale_after_first_step || self.fallback.tried == Tried::Gradient;
        let learnt = self.model.advance(&current.x, &next.x, &current.gradient, &next.gradient, rescale);
        let (s, y) = self.model.last_pair();
        self.history.note(s, y, learnt, options.keep_pairs);
        std::mem::swap(&mut self.current, &mut self.trials.trial);
        if self.lower.as_ref().is_some_and(|lower| lower.value >= self.current.value) {
            self.lower = None;
        }
        let least = self.lower.as_ref().map_or(self.current.value, |lower| lower.value);
        if let Some(rejected) = self.trials.rejected_below(least) {
            self.lower = Some(rejected.clone());
        }
    }

    /// Checks the sizes: a run read from a file may be damaged or belong to another objective.
    pub(crate) fn fit(&mut self, n: usize) -> Result<(), Error> {
        let (place, model) = (&self.current, &self.model);
        let lower = self.lower.iter().flat_map(|lower| [&lower.x, &lower.gradient]);
        let pair = self.history.last_pair.iter().flat_map(|pair| [&pair.s, &pair.y]);
        let lengths = [
            ("the iterate of the stored run", place.x.len()),
            ("its gradient", place.gradient.len()),
            ("its direction", model.direction().len()),
            ("its inverse Hessian", model.dim()),
        ];
        let lengths =
            lengths.into_iter().chain(lower.chain(pair).map(|vector| ("a vector of the stored run", vector.len())));
        for (what, given) in lengths {
            if given != n {
                return Err(Error::Dimension { what, given, expected: n });
            }
        }
        if self.trials.trial.x.len() != n {
            self.trials = Trials::at(&self.current.x);
        }
        Ok(())
    }
}

/// Refuses an x0, a start or options that are not valid for n unknowns.
pub(crate) fn check(n: usize, x0: &[f64], start: &Start, options: &Options) -> Result<(), Error> {
    if x0.len() != n {
        return Err(Error::Dimension { what: "x0", given: x0.len(), expected: n });
    }
    options.check()?;
    if let Some(length) = start.first_step_at_most {
        headstart_check::check(length > 0.0, "first_step_at_most", length, "positive, or None")?;
    }
    start.h0.check(n)
}
