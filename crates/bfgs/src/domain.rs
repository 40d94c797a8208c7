//! The domain `bfgs` of Headstart. This file only connects the parts; problems, starts and claims are tables in the
//! submodules.

mod claims;
mod fitted;
mod problems;
mod runs;
mod sequences;
mod starts;
mod task;
mod user_data;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Metric, Opt, Options as Given, Problem, Result, Run, Start as DomainStart, Stream,
};

use crate::Start;
pub use sequences::{Policy, Sequence, Sequences};
pub use task::Task;

/// Quasi-Newton minimisation with a recycled inverse Hessian.
pub struct Bfgs;

/// Runs go on well past every target, to a gradient at the level of rounding.
const GRADIENT_TOLERANCE: f64 = 1e-8;
/// The customary gradient tolerance in the literature.
const USUAL_TOLERANCE: f64 = 1e-6;

impl Domain for Bfgs {
    type Instance = Task;
    type State = Start;

    const ABOUT: About = About {
        name: "bfgs",
        question: "In multi-start optimisation, is curvature from a pilot run a better H0 for the next run than the \
                   identity, and does the full matrix help or only its scale?",
        work_unit: "evaluation",
        value_label: "f - f*",
        own_value_label: Some("mean loss with penalty"),
        direction: Direction::Minimise,
        // 3: a line search that fails takes the lowest point that it saw, and a stalled run goes on from H0 and the gradient.
        // 2: sums have the same order on every processor, and elementary functions do not depend on the system.
        version: 3,
        budget: 3000.0,
        within: 1e-9,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = &[
        Metric::lower("f", "value at the end (with restarts: the lowest value of all runs)"),
        Metric::lower("gradient-norm", "largest absolute entry of the gradient at the end"),
        Metric::lower(
            "usual-evaluations",
            "evaluations until the gradient norm is first at most 1e-6, in the problem's unit of f",
        ),
        Metric::lower("iterations", "quasi-Newton steps"),
        Metric::lower("resets", "number of resets of H to H0"),
        Metric::lower("restarts", "number of local runs"),
        Metric::higher("accuracy", "own data with classes: share of the rows whose class has the largest probability")
            .share()
            .result(),
        Metric::lower(
            "deviance",
            "own data: -2 log likelihood for classes, the residual sum of squares in the table's units for a quantity",
        )
        .result(),
        Metric::higher("r2", "own data with a quantity: R2, the share of the variance that the model explains")
            .decimals(4)
            .result(),
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
