//! A trial: one run, or restarts from new points.

use std::ops::ControlFlow;

use headstart_domain::{Result, Run};

use super::fitted;
use super::task::{Restarts, Task};
use super::{GRADIENT_TOLERANCE, USUAL_TOLERANCE};
use crate::{InitialInverseHessian, Options, Solution, Start, Status};

/// One run from the instance's x0.
pub(super) fn single(task: &Task, start: &Start, run: &mut Run) -> Result<()> {
    task.notes.iter().for_each(|note| run.remark(note));
    let options = options(run.budget(), GRADIENT_TOLERANCE * task.unit);
    let mut usual = None;
    let end = task.minimize(&task.instance.x0, start, &options, &mut |progress| {
        // Only iterates count: a trial point with all atoms far apart also has a tiny gradient.
        if !progress.accepted {
            return ControlFlow::Continue(());
        }
        if progress.gradient_norm <= USUAL_TOLERANCE * task.unit && usual.is_none() {
            usual = Some(progress.evaluations);
        }
        run.observe(progress.evaluations as f64, || task.value(progress.value, progress.gradient_norm))
    })?;
    if let Some(evaluations) = usual {
        run.metric("usual-evaluations", evaluations as f64);
    }
    if end.status == Status::MaxEvaluations {
        // The budget ended the run inside a line search, so the end of the run has not been observed yet.
        let _ = run.observe(run.budget(), || task.value(end.value, end.gradient_norm));
    }
    record(&end, run);
    // For built-in problems the harness shows which runs reached their target.
    if let Some(note) = note(end.status).filter(|_| task.table.is_some() && end.gradient_norm > USUAL_TOLERANCE) {
        run.remark(note);
    }
    if task.names_minima && end.gradient_norm <= USUAL_TOLERANCE * task.unit {
        // Adding zero turns -0, the rounded energy of atoms far apart, into 0.
        run.basin(&format!("f = {:.4}", (end.value * 1e4).round() / 1e4 + 0.0));
    }
    if let Some(table) = &task.table {
        fitted::record(&table.fit(&end.x), run);
    }
    Ok(())
}

/// Restarts from new points until the best known minimum is found: measures the value of a start for a multi-start.
pub(super) fn multi_start(task: &Task, restarts: &Restarts, start: &Start, run: &mut Run) -> Result<()> {
    let (mut spent, mut best, mut count) = (0, f64::INFINITY, 0_u32);
    let mut x0 = task.instance.x0.clone();
    loop {
        let options = options(run.budget() - spent as f64, restarts.gradient_tolerance);
        let mut answer = ControlFlow::Continue(());
        let end = task.minimize(&x0, start, &options, &mut |progress| {
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

/// What a reader must know about a run that did not converge.
fn note(status: Status) -> Option<&'static str> {
    match status {
        Status::Unbounded => Some("The function has no minimum: its value falls without end."),
        Status::NonFinite => {
            Some("The run ended at the edge of the set where the function is finite; its gradient is not zero there.")
        }
        Status::GradientMismatch => {
            Some("The run stopped where the gradient differs from a difference quotient of the values.")
        }
        Status::MaxEvaluations | Status::Stalled => {
            Some("A run ended before its gradient was small; its end need not be a minimum.")
        }
        _ => None,
    }
}

fn record(end: &Solution<InitialInverseHessian>, run: &mut Run) {
    run.metric("f", end.value);
    run.metric("gradient-norm", end.gradient_norm);
    run.metric("iterations", end.iterations as f64);
    run.metric("resets", end.resets as f64);
}
