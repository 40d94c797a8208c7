//! BFGS on the inverse Hessian (Nocedal & Wright, algorithm 6.1) from a given H0.
//!
//! One iteration is one pass over the packed triangle of H, O(n) besides, and the evaluations of a line search. Every
//! rule that ends a run is absolute: a tolerance relative to the first gradient would reward a start for being bad.

mod curvature;
mod report;
mod walk;

use std::ops::ControlFlow;

use crate::Error;
use crate::h0::Start;
use crate::line_search::LineSearchOptions;
use crate::objective::Objective;
use crate::pair::Pair;
use crate::vector::{dot, norm, norm_inf};
use curvature::Curvature;
pub use report::{Progress, Solution, Status};
use walk::{Evaluator, Place, Walk};

/// Iterates in a row without a lower value or a smaller gradient, after which rounding is taken to be all there is.
const FLAT_ITERATES: u32 = 20;

/// When a run ends, and what it keeps.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// End where the largest absolute entry of the gradient is at most this, in units of f per unit of x.
    pub gradient_tolerance: f64,
    /// End where the value is at most this.
    pub target: Option<f64>,
    /// End after so many evaluations.
    pub max_evaluations: u64,
    /// The line search.
    pub line_search: LineSearchOptions,
    /// Keep every pair (s, y) that updated H: 2 n numbers an iteration.
    pub keep_pairs: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gradient_tolerance: 1e-6,
            target: None,
            max_evaluations: 100_000,
            line_search: LineSearchOptions::default(),
            keep_pairs: false,
        }
    }
}

/// Minimises `objective` from `x0`, beginning with the inverse Hessian of `start`.
///
/// `observer` hears of every evaluation, also of those inside a line search, and ends the run by answering `Break`.
/// Nothing is allocated after the first iteration, save for the pairs if they are kept.
pub fn minimize<O, F>(
    objective: &O,
    x0: &[f64],
    start: &Start,
    options: &Options,
    observer: &mut F,
) -> Result<Solution, Error>
where
    O: Objective,
    F: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    let n = objective.dim();
    check(n, x0, start, options)?;
    let mut evaluator = Evaluator::new(objective, observer, options, x0);
    let first_stop = evaluator.begin()?;
    let mut current = evaluator.trial.clone();
    let mut curvature = Curvature::new(n);
    curvature.restart(start, &current.gradient);
    let mut history = History::new(options.keep_pairs);
    let mut flat = Flat::new(&current);

    let status = loop {
        if let Some(status) = first_stop {
            break status;
        }
        let slope = dot(&current.gradient, curvature.direction());
        if !(slope < 0.0 && slope.is_finite()) {
            if history.iterations == 0 {
                return Err(Error::NotDescent { slope });
            }
            if curvature.is_fresh() {
                break Status::Stalled;
            }
            history.resets += 1;
            curvature.restart(start, &current.gradient);
            continue;
        }
        let step = first_step(&curvature, start);
        match evaluator.walk(&current, curvature.direction(), slope, step)? {
            Walk::Stopped(status) => {
                let trial = &evaluator.trial;
                let chosen = matches!(status, Status::GradientTolerance | Status::TargetReached);
                if chosen || (trial.is_finite() && trial.value < current.value) {
                    history.iterations += 1;
                    learn(&mut curvature, &current, trial, start, &mut history);
                    std::mem::swap(&mut current, &mut evaluator.trial);
                }
                break status;
            }
            Walk::NoProgress if curvature.is_fresh() => break Status::Stalled,
            Walk::NonFinite(error) if curvature.is_fresh() => return Err(error),
            Walk::NoProgress | Walk::NonFinite(_) => {
                history.resets += 1;
                curvature.restart(start, &current.gradient);
            }
            Walk::Accepted => {
                history.iterations += 1;
                learn(&mut curvature, &current, &evaluator.trial, start, &mut history);
                std::mem::swap(&mut current, &mut evaluator.trial);
                if norm_inf(&current.gradient) <= options.gradient_tolerance {
                    break Status::GradientTolerance;
                }
                if flat.holds_at(&current) {
                    break Status::Stalled;
                }
            }
        }
    };
    Ok(Solution {
        gradient_norm: norm_inf(&current.gradient),
        x: current.x,
        value: current.value,
        gradient: current.gradient,
        evaluations: evaluator.evaluations,
        iterations: history.iterations,
        resets: history.resets,
        status,
        inverse_hessian: curvature.into_inverse_hessian(),
        pairs: history.pairs,
        first_pair: history.first_pair,
        longest_step: history.longest_step,
    })
}

fn check(n: usize, x0: &[f64], start: &Start, options: &Options) -> Result<(), Error> {
    if x0.len() != n {
        return Err(Error::Dimension { what: "x0", given: x0.len(), expected: n });
    }
    options.line_search.check()?;
    if !(options.gradient_tolerance >= 0.0) {
        let (name, value) = ("gradient_tolerance", options.gradient_tolerance);
        return Err(Error::Option { name, value, allowed: "zero or positive" });
    }
    if options.max_evaluations == 0 {
        return Err(Error::Option { name: "max_evaluations", value: 0.0, allowed: "at least 1" });
    }
    if let Some(value) = start.first_step_at_most.filter(|length| !(*length > 0.0)) {
        return Err(Error::Option { name: "first_step_at_most", value, allowed: "positive, or None" });
    }
    start.h0.check(n)
}

/// 1, the step of a quasi-Newton method, unless H0 is all that is known and the start bounds the step's length.
fn first_step(curvature: &Curvature, start: &Start) -> f64 {
    match start.first_step_at_most {
        Some(length) if curvature.is_fresh() => (length / norm(curvature.direction())).min(1.0),
        _ => 1.0,
    }
}

/// What a run keeps of the way it came.
struct History {
    iterations: u64,
    resets: u64,
    keep_pairs: bool,
    pairs: Vec<Pair>,
    first_pair: Option<Pair>,
    longest_step: f64,
}

impl History {
    fn new(keep_pairs: bool) -> Self {
        Self { iterations: 0, resets: 0, keep_pairs, pairs: Vec::new(), first_pair: None, longest_step: 0.0 }
    }
}

/// Updates the curvature by the step from `current` to `next`.
fn learn(curvature: &mut Curvature, current: &Place, next: &Place, start: &Start, history: &mut History) {
    let rescale = start.rescale_after_first_step;
    let learnt = curvature.advance(&current.x, &next.x, &current.gradient, &next.gradient, rescale);
    let (s, y) = curvature.last_pair();
    history.longest_step = history.longest_step.max(norm(s));
    if learnt {
        let pair = || Pair { s: s.to_vec(), y: y.to_vec() };
        if history.first_pair.is_none() {
            history.first_pair = Some(pair());
        }
        if history.keep_pairs {
            history.pairs.push(pair());
        }
    }
}

/// Counts iterates that bring neither a lower value nor a smaller gradient.
struct Flat {
    value: f64,
    gradient_norm: f64,
    count: u32,
}

impl Flat {
    fn new(place: &Place) -> Self {
        Self { value: place.value, gradient_norm: norm_inf(&place.gradient), count: 0 }
    }

    fn holds_at(&mut self, place: &Place) -> bool {
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
