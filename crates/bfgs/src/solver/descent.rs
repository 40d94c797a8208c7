//! The loop that BFGS and L-BFGS share: direction, line search, update, and the stopping rules.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::walk::{EvaluatedPoint, Evaluator, Trials, Walk};
use super::{Options, Progress, Solution, Status};
use crate::Error;
use crate::h0::Start;
use crate::objective::Objective;
use crate::pair::Pair;
use crate::vector::{dot, norm, norm_inf};

/// A run has stalled after this many consecutive iterates without a lower value or a smaller gradient: only rounding is
/// left.
const FLAT_ITERATES: u32 = 20;

/// The model of the inverse Hessian that a method keeps.
pub(crate) trait Model {
    /// Returns the number of unknowns.
    fn dim(&self) -> usize;

    /// Returns the search direction -H g.
    fn direction(&self) -> &[f64];

    /// Whether H is still H0.
    fn is_fresh(&self) -> bool;

    /// Returns s and y of the last call of [`advance`](Self::advance).
    fn last_pair(&self) -> (&[f64], &[f64]);

    /// Sets H to H0 and the direction to -H0 g.
    fn restart(&mut self, start: &Start, gradient: &[f64]);

    /// Updates H by the step from `x` to `x_new`, along which the gradient changed from `g` to `g_new`, and sets the
    /// direction to the new -H g. Returns whether the pair had curvature.
    fn advance(&mut self, x: &[f64], x_new: &[f64], g: &[f64], g_new: &[f64], start: &Start) -> bool;
}

/// A run between two steps. The caller keeps start, options, objective and observer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Descent<M> {
    current: EvaluatedPoint,
    model: M,
    history: History,
    flat: Stagnation,
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
        Ok(Self { current, model, history: History::default(), flat, evaluations, status, trials })
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
                if self.history.iterations == 0 {
                    return Err(Error::NotDescent { slope });
                }
                if self.model.is_fresh() {
                    self.status = Some(Status::Stalled);
                } else {
                    self.reset(start);
                }
                continue;
            }
            let step = first_step(&self.model, start);
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
                Walk::NoProgress if self.model.is_fresh() => self.status = Some(Status::Stalled),
                Walk::NonFinite(error) if self.model.is_fresh() => return Err(error),
                Walk::NoProgress | Walk::NonFinite(_) => self.reset(start),
                Walk::Accepted => {
                    self.accept(start, options);
                    if norm_inf(&self.current.gradient) <= options.gradient_tolerance {
                        self.status = Some(Status::GradientTolerance);
                    } else if self.flat.holds_at(&self.current) {
                        self.status = Some(Status::Stalled);
                    }
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Returns the solution; `inverse_hessian` converts the model to the H that it holds.
    pub(crate) fn finish<H>(self, inverse_hessian: impl FnOnce(M) -> H) -> Solution<H> {
        Solution {
            gradient_norm: norm_inf(&self.current.gradient),
            x: self.current.x,
            value: self.current.value,
            gradient: self.current.gradient,
            evaluations: self.evaluations,
            iterations: self.history.iterations,
            resets: self.history.resets,
            status: self.status.unwrap_or(Status::Interrupted),
            inverse_hessian: inverse_hessian(self.model),
            pairs: self.history.pairs,
            first_pair: self.history.first_pair,
            longest_step: self.history.longest_step,
        }
    }

    fn reset(&mut self, start: &Start) {
        self.history.resets += 1;
        self.model.restart(start, &self.current.gradient);
    }

    /// Makes the trial the current iterate and updates the model by the step.
    fn accept(&mut self, start: &Start, options: &Options) {
        let (current, next) = (&self.current, &self.trials.trial);
        let learnt = self.model.advance(&current.x, &next.x, &current.gradient, &next.gradient, start);
        let (s, y) = self.model.last_pair();
        self.history.note(s, y, learnt, options.keep_pairs);
        std::mem::swap(&mut self.current, &mut self.trials.trial);
    }

    /// Checks the sizes: a run read from a file may be damaged or belong to another objective.
    pub(crate) fn fit(&mut self, n: usize) -> Result<(), Error> {
        let (place, model) = (&self.current, &self.model);
        for (what, given) in [
            ("the iterate of the stored run", place.x.len()),
            ("its gradient", place.gradient.len()),
            ("its direction", model.direction().len()),
            ("its inverse Hessian", model.dim()),
        ] {
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

/// The first trial step: 1, as usual for a quasi-Newton method, or less while H is still H0 and the start bounds the
/// length.
fn first_step(model: &impl Model, start: &Start) -> f64 {
    match start.first_step_at_most {
        Some(length) if model.is_fresh() => (length / norm(model.direction())).min(1.0),
        _ => 1.0,
    }
}

/// What a run records of its steps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct History {
    iterations: u64,
    resets: u64,
    pairs: Vec<Pair>,
    first_pair: Option<Pair>,
    longest_step: f64,
}

impl History {
    fn note(&mut self, s: &[f64], y: &[f64], learnt: bool, keep: bool) {
        self.iterations += 1;
        self.longest_step = self.longest_step.max(norm(s));
        let pair = || Pair { s: s.to_vec(), y: y.to_vec() };
        if learnt && self.first_pair.is_none() {
            self.first_pair = Some(pair());
        }
        if learnt && keep {
            self.pairs.push(pair());
        }
    }
}

/// Counts iterates that bring neither a lower value nor a smaller gradient.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stagnation {
    value: f64,
    gradient_norm: f64,
    count: u32,
}

impl Stagnation {
    fn new(place: &EvaluatedPoint) -> Self {
        Self { value: place.value, gradient_norm: norm_inf(&place.gradient), count: 0 }
    }

    fn holds_at(&mut self, place: &EvaluatedPoint) -> bool {
        let gradient_norm = norm_inf(&place.gradient);
        if place.value < self.value || gradient_norm < self.gradient_norm {
            self.count = 0;
        } else {
            self.count += 1;
        }
        self.value = self.value.min(place.value);
        self.gradient_norm = self.gradient_norm.min(gradient_norm);
        self.count >= FLAT_ITERATES
    }
}
