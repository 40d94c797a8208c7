//! The solver that argmin's executor drives.

use argmin::core::{
    CostFunction, Error, Gradient, IterState, KV, Problem, Solver, TerminationReason, TerminationStatus,
};
use argmin::kv;
use headstart_bfgs::{InitialInverseHessian, Minimizer, Options, Solution, Start, Status, start};
use serde::{Deserialize, Serialize};

use crate::bridge::Bridge;
use crate::error::{invalid, not_initialised, of_run};
use crate::parameters::Parameters;

/// BFGS (Nocedal & Wright, algorithm 6.1) whose initial inverse Hessian may come from an earlier run.
///
/// One iteration of argmin's is one line search and what it teaches; a run that finds no lower point ends with an
/// iteration that changes nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bfgs {
    start: Option<Start>,
    options: Options,
    run: Option<Minimizer>,
}

impl Bfgs {
    /// Begins with the `inv_hessian` of the state as H0, or without one with [`start::nocedal_wright`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins with this H0 (an [`InitialInverseHessian`], or a [`Start`] that bounds the first step as well).
    pub fn starting_from(start: impl Into<Start>) -> Self {
        Self { start: Some(start.into()), ..Self::default() }
    }

    /// Sets tolerances, the limit of evaluations, the line search. Checked when the run begins.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The run: iterate, value, gradient, evaluations, status; `None` before it has begun.
    pub fn run(&self) -> Option<&Minimizer> {
        self.run.as_ref()
    }

    /// The inverse Hessian as it stands, n(n+1)/2 numbers: a later run's H0. `None` before the run has begun.
    pub fn inverse_hessian(&self) -> Option<InitialInverseHessian> {
        Some(InitialInverseHessian::Dense(self.run.clone()?.finish().inverse_hessian))
    }

    /// All that the run has learnt, its pairs included if [`Options::keep_pairs`] was set.
    pub fn into_solution(self) -> Option<Solution> {
        self.run.map(Minimizer::finish)
    }

    /// H0 is given once: here, in the state, or nowhere.
    fn choose<P: Parameters>(&mut self, matrix: Option<P::Matrix>) -> Result<Start, Error> {
        match (self.start.take(), matrix) {
            (Some(_), Some(_)) => {
                Err(invalid("H0 is given twice, to the solver and as the state's `inv_hessian`; give it once"))
            }
            (Some(start), None) => Ok(start),
            (None, Some(matrix)) => Ok(P::h0(&matrix).map_err(of_run)?.into()),
            (None, None) => Ok(start::nocedal_wright().0),
        }
    }
}

/// How argmin is told of the end of a run: convergence and the target are argmin's own reasons, the rest is
/// [`TerminationReason::SolverExit`] with a sentence.
pub fn reason(status: Status) -> TerminationReason {
    match status {
        Status::GradientTolerance => TerminationReason::SolverConverged,
        Status::TargetReached => TerminationReason::TargetCostReached,
        Status::Interrupted => TerminationReason::Interrupt,
        Status::MaxEvaluations => TerminationReason::SolverExit("Maximum number of evaluations reached".to_owned()),
        Status::Stalled => {
            TerminationReason::SolverExit("No further progress: rounding, or a minimum too flat to go on".to_owned())
        }
        other => TerminationReason::SolverExit(format!("{other:?}")),
    }
}

/// The state that argmin keeps beside parameters of type P.
type Iterate<P> = IterState<P, P, (), <P as Parameters>::Matrix, (), f64>;

fn show<P: Parameters>(run: &Minimizer, state: Iterate<P>) -> (Iterate<P>, Option<KV>) {
    let state = state.param(P::from_entries(run.x())).cost(run.value()).gradient(P::from_entries(run.gradient()));
    (state, Some(kv!("evaluations" => run.evaluations(); "gradient_norm" => run.gradient_norm();)))
}

impl<O, P> Solver<O, Iterate<P>> for Bfgs
where
    O: CostFunction<Param = P, Output = f64> + Gradient<Param = P, Gradient = P>,
    P: Parameters,
{
    fn name(&self) -> &'static str {
        "BFGS (headstart)"
    }

    fn init(&mut self, problem: &mut Problem<O>, mut state: Iterate<P>) -> Result<(Iterate<P>, Option<KV>), Error> {
        let param = state.take_param().ok_or_else(|| {
            not_initialised("BFGS needs a starting point; pass one: `configure(|state| state.param(x0))`")
        })?;
        let start = self.choose::<P>(state.take_inv_hessian())?;
        let x0 = param.entries();
        let bridge = Bridge::new(problem, x0.len());
        let begun =
            Minimizer::begin(&bridge, &x0, start, self.options.clone(), &mut |progress| bridge.observe(progress));
        let run = bridge.outcome(begun)?;
        let shown = show(&run, state);
        self.run = Some(run);
        Ok(shown)
    }

    fn next_iter(&mut self, problem: &mut Problem<O>, state: Iterate<P>) -> Result<(Iterate<P>, Option<KV>), Error> {
        let run = self.run.as_mut().ok_or_else(|| {
            not_initialised("BFGS was asked for an iteration before `init`; drive it with an `Executor`")
        })?;
        let bridge = Bridge::new(problem, run.x().len());
        let stepped = run.step(&bridge, &mut |progress| bridge.observe(progress));
        bridge.outcome(stepped)?;
        Ok(show(run, state))
    }

    fn terminate(&mut self, _state: &Iterate<P>) -> TerminationStatus {
        let status = self.run.as_ref().and_then(Minimizer::status);
        status.map_or(TerminationStatus::NotTerminated, |status| TerminationStatus::Terminated(reason(status)))
    }
}
