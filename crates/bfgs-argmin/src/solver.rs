//! The argmin solver.

use argmin::core::{
    CostFunction, Error, Gradient, IterState, KV, Problem, Solver, TerminationReason, TerminationStatus,
};
use argmin::kv;
use headstart_bfgs::{InitialInverseHessian, Options, Solution, Start, Status, start};
use serde::{Deserialize, Serialize};

use crate::bridge::Bridge;
use crate::error::{invalid, not_initialised, of_run};
use crate::parameters::Parameters;
use crate::run::Run;

/// BFGS (Nocedal & Wright, algorithm 6.1), or L-BFGS, whose initial inverse Hessian may come from an earlier run.
///
/// A solver that is used again begins with the same H0. To go on from the end of a run, pass [`Bfgs::inverse_hessian`] to
/// [`Bfgs::starting_from`].
///
/// One argmin iteration is one line search and one update of H. A run that finds no lower point ends with an iteration
/// that changes nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bfgs {
    start: Option<Start>,
    options: Options,
    /// Pairs that L-BFGS stores; `None` for BFGS.
    memory: Option<usize>,
    /// H0 of the state of the last run.
    of_state: Option<Start>,
    run: Option<Run>,
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

    /// Uses L-BFGS with a memory of `pairs` steps, for thousands of unknowns; 10 is customary. The number is checked when the
    /// run begins.
    #[must_use]
    pub fn limited_memory(mut self, pairs: usize) -> Self {
        self.memory = Some(pairs);
        self
    }

    /// Returns why the run has ended; `None` before its end.
    pub fn status(&self) -> Option<Status> {
        self.run.as_ref().and_then(Run::status)
    }

    /// Returns the number of evaluations of the run; `None` before it begins.
    pub fn evaluations(&self) -> Option<u64> {
        self.run.as_ref().map(Run::evaluations)
    }

    /// Returns the current inverse Hessian, which can be the H0 of a later run: n(n+1)/2 numbers, or the pairs of L-BFGS.
    /// `None` before the run begins.
    pub fn inverse_hessian(&self) -> Option<InitialInverseHessian> {
        Some(self.run.clone()?.finish().inverse_hessian)
    }

    /// Returns the solution, including the pairs if [`Options::keep_pairs`] is set. `None` before the run begins.
    pub fn into_solution(self) -> Option<Solution<InitialInverseHessian>> {
        self.run.map(Run::finish)
    }

    /// Takes H0 from the solver or the state, then that of the state of the last run, or the default.
    fn choose<P: Parameters>(&mut self, matrix: Option<P::Matrix>) -> Result<Start, Error> {
        match (&self.start, matrix) {
            (Some(_), Some(_)) => {
                Err(invalid("H0 was given twice, to the solver and as `inv_hessian` of the state; give it only once"))
            }
            (Some(start), None) => Ok(start.clone()),
            (None, Some(matrix)) => {
                let start: Start = P::h0(&matrix).map_err(of_run)?.into();
                Ok(self.of_state.insert(start).clone())
            }
            (None, None) => Ok(self.of_state.clone().unwrap_or_else(|| start::nocedal_wright().0)),
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
        Status::ValueTolerance => {
            TerminationReason::SolverExit("The cost changed by no more than the tolerance".to_owned())
        }
        Status::GradientMismatch => TerminationReason::SolverExit(
            "No further progress, and the gradient differs from a difference quotient of the cost: check the gradient"
                .to_owned(),
        ),
        Status::NonFinite => TerminationReason::SolverExit(
            "Cost or gradient are not finite at any step from the last iterate, however short".to_owned(),
        ),
        Status::Unbounded => TerminationReason::SolverExit("The cost has no minimum: it falls without end".to_owned()),
        Status::Stalled => {
            TerminationReason::SolverExit("No further progress: rounding error, or a very flat minimum".to_owned())
        }
        other => TerminationReason::SolverExit(format!("{other:?}")),
    }
}

/// argmin's state for parameters of type P.
type Iterate<P> = IterState<P, P, (), <P as Parameters>::Matrix, (), f64>;

fn show<P: Parameters>(run: &Run, state: Iterate<P>) -> (Iterate<P>, Option<KV>) {
    let mut state = state.param(P::from_entries(run.x())).cost(run.value()).gradient(P::from_entries(run.gradient()));
    // The matrix is written once, at the end: n^2 numbers take as long as an iteration.
    let is_last = run.status().is_some() || state.iter + 1 >= state.max_iters || run.value() <= state.target_cost;
    if is_last && let Run::Full(run) = run {
        state = state.inv_hessian(P::matrix(&run.clone().finish().inverse_hessian));
    }
    (state, Some(kv!("evaluations" => run.evaluations(); "gradient_norm" => run.gradient_norm();)))
}

impl<O, P> Solver<O, Iterate<P>> for Bfgs
where
    O: CostFunction<Param = P, Output = f64> + Gradient<Param = P, Gradient = P>,
    P: Parameters,
{
    fn name(&self) -> &'static str {
        if self.memory.is_some() { "L-BFGS (headstart)" } else { "BFGS (headstart)" }
    }

    fn init(&mut self, problem: &mut Problem<O>, mut state: Iterate<P>) -> Result<(Iterate<P>, Option<KV>), Error> {
        let param = state.take_param().ok_or_else(|| {
            not_initialised("BFGS needs a starting point; set it with `configure(|state| state.param(x0))`")
        })?;
        let start = self.choose::<P>(state.take_inv_hessian())?;
        let x0 = param.entries();
        let bridge = Bridge::new(problem, x0.len());
        let begun = Run::begin(&bridge, &x0, start, self.memory, self.options.clone(), &mut |progress| {
            bridge.observe(progress)
        });
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
        self.status().map_or(TerminationStatus::NotTerminated, |status| TerminationStatus::Terminated(reason(status)))
    }
}
