//! The argmin solver.

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
/// One argmin iteration is one line search and one update of H. A run that finds no lower point ends with an iteration
/// that changes nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bfgs {
    start: Option<Start>,
    options: Options,
    run: Option<Minimizer>,
}

impl Bfgs {
    /// Makes a solver that takes the state's `inv_hessian` as H0, or [`start::nocedal_wright`] if the state has none.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a solver with this H0 (an [`InitialInverseHessian`], or a [`Start`], which can also bound the first step).
    pub fn starting_from(start: impl Into<Start>) -> Self {
        Self { start: Some(start.into()), ..Self::default() }
    }

    /// Sets tolerances, the limit of evaluations and the line search. They are checked when the run begins.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Returns the run, with iterate, value, gradient, evaluations and status; `None` before it begins.
    pub fn run(&self) -> Option<&Minimizer> {
        self.run.as_ref()
    }

    /// Returns the current inverse Hessian, n(n+1)/2 numbers, which can be the H0 of a later run. `None` before the run
    /// begins.
    pub fn inverse_hessian(&self) -> Option<InitialInverseHessian> {
        Some(InitialInverseHessian::Dense(self.run.clone()?.finish().inverse_hessian))
    }

    /// Returns the solution, including the pairs if [`Options::keep_pairs`] is set. `None` before the run begins.
    pub fn into_solution(self) -> Option<Solution> {
        self.run.map(Minimizer::finish)
    }

    /// Takes H0 from the solver or the state, or the default if neither has one.
    fn choose<P: Parameters>(&mut self, matrix: Option<P::Matrix>) -> Result<Start, Error> {
        match (self.start.take(), matrix) {
            (Some(_), Some(_)) => {
                Err(invalid("H0 was given twice, to the solver and as `inv_hessian` of the state; give it only once"))
            }
            (Some(start), None) => Ok(start),
            (None, Some(matrix)) => Ok(P::h0(&matrix).map_err(of_run)?.into()),
            (None, None) => Ok(start::nocedal_wright().0),
        }
    }
}

/// Returns argmin's termination reason for a status. Convergence, target and interruption have reasons of argmin; the
/// rest is [`TerminationReason::SolverExit`] with a message.
pub fn reason(status: Status) -> TerminationReason {
    match status {
        Status::GradientTolerance => TerminationReason::SolverConverged,
        Status::TargetReached => TerminationReason::TargetCostReached,
        Status::Interrupted => TerminationReason::Interrupt,
        Status::MaxEvaluations => TerminationReason::SolverExit("Maximum number of evaluations reached".to_owned()),
        Status::Stalled => {
            TerminationReason::SolverExit("No further progress: rounding error, or a very flat minimum".to_owned())
        }
        other => TerminationReason::SolverExit(format!("{other:?}")),
    }
}

/// argmin's state for parameters of type P.
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
            not_initialised("BFGS needs a starting point; set it with `configure(|state| state.param(x0))`")
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
        let run = self
            .run
            .as_mut()
            .ok_or_else(|| not_initialised("`next_iter` was called before `init`; run BFGS with an `Executor`"))?;
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
