//! The domain `bfgs` of Headstart: wiring only. Problems, starts and claims are tables beside this file.

mod claims;
mod problems;
mod runs;
mod starts;
mod task;
mod user_data;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Metric, Opt, Options as Given, Problem, Result, Run, Start as DomainStart, Stream,
};

use crate::Start;
pub use task::Task;

/// Quasi-Newton minimisation with a recycled inverse Hessian.
pub struct Bfgs;

/// Runs end well past every target, at a gradient that leaves rounding.
const GRADIENT_TOLERANCE: f64 = 1e-8;
/// The gradient at which the literature counts a run as done.
const USUAL_TOLERANCE: f64 = 1e-6;

impl Domain for Bfgs {
    type Instance = Task;
    type State = Start;

    const ABOUT: About = About {
        name: "bfgs",
        question: "In multi-start optimisation, is curvature from a pilot run worth more as the next run's H0 than the \
                   identity, and is it the matrix or just a scalar that helps?",
        work_unit: "evaluation",
        value_label: "f - f*",
        direction: Direction::Minimise,
        // 2: sums in one order on every processor, and functions that do not depend on the system.
        version: 2,
        budget: 3000.0,
        within: 1e-9,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = &[
        Metric::lower("f", "value at the end (restarts: the best of all)"),
        Metric::lower("gradient-norm", "largest absolute entry of the gradient at the end"),
        Metric::lower(
            "usual-evaluations",
            "evaluations until the gradient norm was first at most 1e-6, in the problem's unit of f",
        ),
        Metric::lower("iterations", "quasi-Newton steps"),
        Metric::lower("resets", "returns to H0"),
        Metric::lower("restarts", "local runs begun"),
    ];
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(task: &Task, state: Start, run: &mut Run) -> Result<()> {
        match &task.restarts {
            None => runs::single(task, &state, run),
            Some(restarts) => runs::multi_start(task, restarts, &state, run),
        }
    }

    fn open(path: &Path, options: &Given, stream: &mut Stream) -> Result<Task> {
        user_data::open(path, options, stream)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::Bfgs>();
    }
}
