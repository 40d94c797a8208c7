//! The domain `sequences` of Headstart: curvature and points that BFGS recycles along sequences of related problems. This file
//! only connects the parts; problems, starts and claims are tables in the submodules.

mod claims;
mod problems;
mod starts;
mod user_data;

use std::ops::ControlFlow;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Metric, Opt, Options as Given, Problem, Result, Run, Start as DomainStart, Stream,
};
use serde::Serialize;

use crate::problem::Instance;
use crate::recycle::{RecycleOptions, Recycler};

/// BFGS along sequences of related problems.
pub struct Sequences;

/// A sequence of problems with the same unknowns.
#[derive(Serialize)]
pub struct Sequence {
    problems: Vec<Instance>,
    /// Another sequence of the family, for the control with the matrix of another sequence.
    #[serde(skip)]
    elsewhere: Vec<Instance>,
    /// The user's table.
    #[serde(skip)]
    own: Option<user_data::Own>,
}

impl Sequence {
    fn built_in(problems: Vec<Instance>, elsewhere: Vec<Instance>) -> Self {
        Self { problems, elsewhere, own: None }
    }
}

/// What is carried from one problem to the next, and the order of the problems.
#[derive(Serialize)]
pub struct Policy {
    options: RecycleOptions,
    /// `None` is the order of the sequence.
    order: Option<Vec<usize>>,
}

/// Gradient norm at which a problem counts as solved: the customary tolerance.
const SOLVED: f64 = 1e-6;
/// Most evaluations of one problem.
const PER_PROBLEM: u64 = 3000;

impl Domain for Sequences {
    type Instance = Sequence;
    type State = Policy;

    const ABOUT: About = About {
        name: "sequences",
        question: "Along a sequence of related problems, what is worth keeping from one to the next: the point, the scale \
                   of the curvature, a few pairs, or the whole inverse Hessian?",
        work_unit: "evaluation",
        value_label: "problems left",
        value_decimals: Some(0),
        own_value_label: Some("penalties left"),
        direction: Direction::Minimise,
        version: 1,
        budget: 30_000.0,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = &[
        Metric::lower("f", "sum of the values at the ends of all runs"),
        Metric::lower("evaluations-first", "evaluations of the first problem"),
        Metric::lower("evaluations-later", "mean number of evaluations of the later problems"),
        Metric::lower("fallbacks", "runs that went on with a cold start"),
    ];
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(sequence: &Sequence, policy: Policy, run: &mut Run) -> Result<()> {
        let count = sequence.problems.len();
        let order = policy.order.unwrap_or_else(|| (0..count).collect());
        let mut recycler = Recycler::new(policy.options)?;
        let (mut left, mut sum, mut first, mut fallbacks) = (count, 0.0, 0, 0_u32);
        let mut ends = vec![None; count];
        if let Some(own) = &sequence.own {
            own.notes().into_iter().for_each(|note| run.remark(note));
        }
        if run.observe(0.0, || left as f64).is_break() {
            return Ok(());
        }
        let budget = run.budget();
        for at in order {
            let (problem, spent) = (&sequence.problems[at], recycler.evaluations());
            let end = recycler.minimize(problem, &problem.x0, &mut |progress| {
                // The budget ends a run inside a line search.
                let is_over = (spent + progress.evaluations) as f64 >= budget;
                if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            if end.gradient_norm <= SOLVED {
                left -= 1;
                if sequence.own.is_some() {
                    ends[at] = Some((end.x.clone(), end.evaluations));
                }
            }
            sum += end.value;
            fallbacks += u32::from(recycler.fell_back());
            let all = recycler.evaluations();
            if spent == 0 {
                first = all;
            }
            if run.observe(all as f64, || left as f64).is_break() {
                break;
            }
        }
        run.metric("f", sum);
        run.metric("evaluations-first", first as f64);
        run.metric("evaluations-later", (recycler.evaluations() - first) as f64 / (count - 1).max(1) as f64);
        run.metric("fallbacks", f64::from(fallbacks));
        if let Some(own) = &sequence.own {
            own.record(&ends, run);
        }
        Ok(())
    }

    fn open(path: &Path, options: &Given, stream: &mut Stream) -> Result<Sequence> {
        user_data::open(path, options, stream)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::Sequences>();
    }
}
