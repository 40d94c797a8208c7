//! The domain `bfgs` of Headstart: wiring only. Problems, starts and claims are tables beside this file.

mod claims;
mod problems;
mod starts;
mod task;

use std::ops::ControlFlow;
use std::path::Path;

use headstart_harness::{
    About, Claim, Direction, Domain, Metric, Opt, Options as Given, Problem, Result, Run, Start as Entry, Stream,
};

use crate::{Options, Solution, Start, Status, minimize};
use task::Restarts;
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
        version: 1,
        budget: 3000.0,
        within: 1e-9,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [Entry<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = &[
        lower("f", "value at the end (restarts: the best of all)"),
        lower("gradient-norm", "largest absolute entry of the gradient at the end"),
        lower("usual-evaluations", "evaluations until the gradient norm was first at most 1e-6"),
        lower("iterations", "quasi-Newton steps"),
        lower("resets", "returns to H0"),
        lower("restarts", "local runs begun"),
    ];
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const OPTIONS: &'static [Opt] = &[
        Opt {
            name: "target",
            about: "what is to be predicted; two distinct values give logistic regression, more give least squares \
                    [default: the last column]",
            value: "COLUMN",
            default: None,
        },
        Opt { name: "ridge", about: "penalty on the squared weights", value: "X", default: Some("0.001") },
    ];

    fn solve(task: &Task, state: Start, run: &mut Run) -> Result<()> {
        match &task.restarts {
            None => single(task, &state, run),
            Some(restarts) => multi_start(task, restarts, &state, run),
        }
    }

    fn open(path: &Path, options: &Given, stream: &mut Stream) -> Result<Task> {
        let ridge = options.parse("ridge")?.unwrap_or(1e-3);
        Ok(Task::own(crate::problem::read_csv(path, options.get("target"), ridge, stream)?))
    }
}

const fn lower(name: &'static str, about: &'static str) -> Metric {
    Metric { name, about, direction: Direction::Minimise }
}

/// One run from the instance's x0.
fn single(task: &Task, start: &Start, run: &mut Run) -> Result<()> {
    let options = options(run.budget(), GRADIENT_TOLERANCE);
    let mut usual = None;
    let end = minimize(&task.instance, &task.instance.x0, start, &options, &mut |progress| {
        // A trial point that flings the atoms apart has a tiny gradient too: only iterates count.
        if !progress.accepted {
            return ControlFlow::Continue(());
        }
        if progress.gradient_norm <= USUAL_TOLERANCE && usual.is_none() {
            usual = Some(progress.evaluations);
        }
        run.observe(progress.evaluations as f64, || task.value(progress.value, progress.gradient_norm))
    })?;
    if let Some(evaluations) = usual {
        run.metric("usual-evaluations", evaluations as f64);
    }
    if end.status == Status::MaxEvaluations {
        // The last evaluation was no iterate, or this would be known already: it was the budget that ended the run.
        let _ = run.observe(run.budget(), || task.value(end.value, end.gradient_norm));
    }
    record(&end, run);
    if run.keeps_files()
        && let Some(coefficients) = task.coefficients(&end.x)
    {
        run.file("coefficients.csv", coefficients.into_bytes());
    }
    Ok(())
}

/// Local runs from new points until the best known minimum is found: what a start is worth to a multi-start.
fn multi_start(task: &Task, restarts: &Restarts, start: &Start, run: &mut Run) -> Result<()> {
    let (mut spent, mut best, mut count) = (0, f64::INFINITY, 0_u32);
    let mut x0 = task.instance.x0.clone();
    loop {
        let options = options(run.budget() - spent as f64, restarts.gradient_tolerance);
        let mut answer = ControlFlow::Continue(());
        let end = minimize(&task.instance, &x0, start, &options, &mut |progress| {
            if progress.accepted {
                best = best.min(progress.value);
                answer = run.observe((spent + progress.evaluations) as f64, || task.value(best, 0.0));
            }
            answer
        })?;
        spent += end.evaluations;
        count += 1;
        if end.status == Status::MaxEvaluations && answer.is_continue() {
            answer = run.observe(run.budget(), || task.value(best, 0.0));
        }
        if answer.is_break() {
            run.metric("restarts", f64::from(count));
            run.metric("f", best);
            return Ok(());
        }
        x0 = task.instance.sample_x0(run.stream());
    }
}

fn options(budget: f64, gradient_tolerance: f64) -> Options {
    Options { gradient_tolerance, max_evaluations: budget.max(1.0) as u64, ..Options::default() }
}

fn record(end: &Solution, run: &mut Run) {
    run.metric("f", end.value);
    run.metric("gradient-norm", end.gradient_norm);
    run.metric("iterations", end.iterations as f64);
    run.metric("resets", end.resets as f64);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_harness::conformance::<super::Bfgs>();
    }
}
