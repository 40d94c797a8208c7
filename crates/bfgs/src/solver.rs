//! BFGS on the inverse Hessian (Nocedal & Wright, algorithm 6.1) from a given H0.
//!
//! One iteration is one pass over the triangle of H, O(n) besides, and the evaluations of a line search. Every rule that
//! ends a run is absolute: a tolerance relative to the first gradient would reward a start for being bad.

mod curvature;
pub(crate) mod descent;
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
use descent::Descent;
pub use report::{Progress, Solution, Status};

/// When a run ends, and what it keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

impl Options {
    /// Refuses what no run can have.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.line_search.check()?;
        let tolerance = self.gradient_tolerance;
        check(tolerance >= 0.0, "gradient_tolerance", tolerance, "zero or positive")?;
        check(self.max_evaluations > 0, "max_evaluations", 0.0, "at least 1")?;
        Ok(())
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
    let mut descent = Descent::begin(Curvature::new(objective.dim()), objective, x0, start, options, observer)?;
    while descent.status().is_none() {
        descent.step(objective, start, options, observer)?;
    }
    Ok(descent.finish(Curvature::into_inverse_hessian))
}

/// A run of [`minimize`] that is driven step by step from outside, and that can be stored between two steps.
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
#[serde(try_from = "Stored")]
pub struct Minimizer {
    start: Start,
    options: Options,
    descent: Descent<Curvature>,
}

/// What was read from a file, not yet trusted.
#[derive(Deserialize)]
struct Stored {
    start: Start,
    options: Options,
    descent: Descent<Curvature>,
}

impl TryFrom<Stored> for Minimizer {
    type Error = Error;

    fn try_from(Stored { start, options, mut descent }: Stored) -> Result<Self, Error> {
        let n = descent.current().x.len();
        descent.fit(n)?;
        descent::check(n, &descent.current().x, &start, &options)?;
        Ok(Self { start, options, descent })
    }
}

impl Minimizer {
    /// Evaluates `x0`. The objective is passed again to each step, so that a stored run can go on.
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
        let descent = Descent::begin(Curvature::new(objective.dim()), objective, x0, &start, &options, observer)?;
        Ok(Self { start, options, descent })
    }

    /// One line search and what it teaches; answers why the run has ended, if it has. Does nothing after its end.
    pub fn step<O, F>(&mut self, objective: &O, observer: &mut F) -> Result<Option<Status>, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        self.descent.step(objective, &self.start, &self.options, observer)?;
        Ok(self.descent.status())
    }

    /// Why the run has ended; `None` while it has not.
    pub fn status(&self) -> Option<Status> {
        self.descent.status()
    }

    /// The current iterate.
    pub fn x(&self) -> &[f64] {
        &self.descent.current().x
    }

    /// The value there.
    pub fn value(&self) -> f64 {
        self.descent.current().value
    }

    /// The gradient there.
    pub fn gradient(&self) -> &[f64] {
        &self.descent.current().gradient
    }

    /// Its largest absolute entry.
    pub fn gradient_norm(&self) -> f64 {
        crate::vector::norm_inf(self.gradient())
    }

    /// Evaluations so far.
    pub fn evaluations(&self) -> u64 {
        self.descent.evaluations()
    }

    /// All that is known at the end, or so far (then the status is [`Status::Interrupted`]).
    pub fn finish(self) -> Solution {
        self.descent.finish(Curvature::into_inverse_hessian)
    }
}
