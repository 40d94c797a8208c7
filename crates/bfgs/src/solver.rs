//! BFGS on the inverse Hessian (Nocedal & Wright, algorithm 6.1) from a given H0.
//!
//! One iteration takes one pass over the triangle of H, O(n) further work, and the evaluations of a line search. All
//! stopping rules are absolute: a tolerance relative to the first gradient would reward a bad start.

mod curvature;
pub(crate) mod descent;
mod history;
mod report;
mod walk;

use std::ops::ControlFlow;

use headstart_check::check;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::h0::Start;
use crate::line_search::LineSearchOptions;
use crate::objective::Objective;
use curvature::Curvature;
use descent::{Descent, Model};
pub use report::{Progress, Solution, Status};

/// Options of a run: stopping rules, line search, and whether to keep the pairs.
///
/// Write `Options { gradient_tolerance: 1e-8, ..Options::default() }`: later versions may add fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The run ends where the largest absolute entry of the gradient is at most this, in units of f per unit of x.
    pub gradient_tolerance: f64,
    /// The run ends where the value is at most this.
    pub target: Option<f64>,
    /// The run ends after a step from f to f' with f - f' <= `value_tolerance` max(|f|, |f'|, 1), as in L-BFGS-B (Zhu et al.
    /// 1997); 0 switches this off.
    pub value_tolerance: f64,
    /// The run ends after this many evaluations.
    pub max_evaluations: u64,
    /// Options of the line search.
    pub line_search: LineSearchOptions,
    /// Whether to keep every pair (s, y) that updated H: 2 n numbers per iteration.
    pub keep_pairs: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gradient_tolerance: 1e-6,
            target: None,
            value_tolerance: 0.0,
            max_evaluations: 100_000,
            line_search: LineSearchOptions::default(),
            keep_pairs: false,
        }
    }
}

impl Options {
    /// Refuses options that are out of range.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.line_search.check()?;
        let tolerance = self.gradient_tolerance;
        check(tolerance >= 0.0, "gradient_tolerance", tolerance, "zero or positive")?;
        let change = self.value_tolerance;
        check(change >= 0.0 && change.is_finite(), "value_tolerance", change, "zero or positive, and finite")?;
        if let Some(target) = self.target {
            check(!target.is_nan(), "target", target, "a number, or None")?;
        }
        check(self.max_evaluations > 0, "max_evaluations", 0.0, "at least 1")?;
        Ok(())
    }
}

impl Options {
    /// Whether a step from one value to another ends the run.
    fn is_small_change(&self, before: f64, after: f64) -> bool {
        self.value_tolerance > 0.0 && before - after <= self.value_tolerance * before.abs().max(after.abs()).max(1.0)
    }
}

/// Minimises `objective` from `x0` by BFGS, starting with the inverse Hessian of `start`.
///
/// `observer` is called after every evaluation, also inside a line search; returning `Break` ends the run. After the
/// first iteration memory is allocated only for the pairs, if they are kept.
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
    let mut descent = Descent::begin(Curvature::new(objective.dim()), objective, x0, start, options, observer)?;
    while descent.status().is_none() {
        descent.step(objective, start, options, observer)?;
    }
    Ok(descent.finish())
}

/// A run of [`minimize`] that the caller drives step by step and can store between two steps.
///
/// ```
/// use headstart_bfgs::{Minimizer, Options, Progress, problem, start};
/// # use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// # use std::ops::ControlFlow;
/// # let mut rng = ChaCha8Rng::seed_from_u64(1);
/// let valley = problem::rosenbrock(4, &mut rng)?;
/// let mut silent = |_: &Progress<'_>| ControlFlow::Continue(());
/// let mut run = Minimizer::begin(&valley, &valley.x0, start::identity().0, Options::default(), &mut silent)?;
/// while run.status().is_none() {
///     run.step(&valley, &mut silent)?;
/// }
/// assert!(run.gradient_norm() <= 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Stored<M>", bound(deserialize = "M: Model + Deserialize<'de>"))]
pub struct Minimizer<M = Curvature> {
    start: Start,
    options: Options,
    descent: Descent<M>,
}

/// A run as read from a file, before validation.
#[derive(Deserialize)]
struct Stored<M> {
    start: Start,
    options: Options,
    descent: Descent<M>,
}

impl<M: Model> TryFrom<Stored<M>> for Minimizer<M> {
    type Error = Error;

    fn try_from(Stored { start, options, mut descent }: Stored<M>) -> Result<Self, Error> {
        let n = descent.current().x.len();
        descent.fit(n)?;
        if let Some(given) = descent.unfit() {
            return Err(Error::Dimension { what: "a vector of the stored inverse Hessian", given, expected: n });
        }
        descent::check(n, &descent.current().x, &start, &options)?;
        Ok(Self { start, options, descent })
    }
}

impl Minimizer {
    /// Begins a run: evaluates `x0`. Each step takes the objective again, so that a stored run can be resumed.
    pub fn begin<O, F>(
        objective: &O,
        x0: &[f64],
        start: Start,
        options: Options,
        observer: &mut F,
    ) -> Result<Self, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        Self::with_model(Curvature::new(objective.dim()), objective, x0, start, options, observer)
    }
}

impl<M: Model> Minimizer<M> {
    pub(crate) fn with_model<O, F>(
        model: M,
        objective: &O,
        x0: &[f64],
        start: Start,
        options: Options,
        observer: &mut F,
    ) -> Result<Self, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let descent = Descent::begin(model, objective, x0, &start, &options, observer)?;
        Ok(Self { start, options, descent })
    }

    /// Performs one line search and the update of H. Returns the reason if the run has ended. Does nothing after the
    /// end.
    pub fn step<O, F>(&mut self, objective: &O, observer: &mut F) -> Result<Option<Status>, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        self.descent.step(objective, &self.start, &self.options, observer)?;
        Ok(self.descent.status())
    }

    /// Returns why the run has ended, or `None` while it is running.
    pub fn status(&self) -> Option<Status> {
        self.descent.status()
    }

    /// Returns the current iterate.
    pub fn x(&self) -> &[f64] {
        &self.descent.current().x
    }

    /// Returns the value at the iterate.
    pub fn value(&self) -> f64 {
        self.descent.current().value
    }

    /// Returns the gradient at the iterate.
    pub fn gradient(&self) -> &[f64] {
        &self.descent.current().gradient
    }

    /// Returns the largest absolute entry of the gradient.
    pub fn gradient_norm(&self) -> f64 {
        crate::vector::norm_inf(self.gradient())
    }

    /// Returns the number of evaluations so far.
    pub fn evaluations(&self) -> u64 {
        self.descent.evaluations()
    }

    /// Returns the solution at the end of the run, or the state so far with the status [`Status::Interrupted`].
    pub fn finish(self) -> Solution<M::Matrix> {
        self.descent.finish()
    }
}
