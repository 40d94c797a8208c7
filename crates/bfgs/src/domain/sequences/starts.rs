//! The starts: what is carried from one problem of a sequence to the next. All charges are in the run.

use std::ops::ControlFlow;

use headstart_domain::{Result, Role, Start as DomainStart};
use rand::seq::SliceRandom;

use super::{PER_PROBLEM, Policy, SOLVED, Sequence, Sequences};
use crate::Options;
use crate::recycle::{Keep, Position, RecycleOptions, Recycler};

/// Pairs that the low-rank starts keep.
const PAIRS: usize = 10;

pub(super) const STARTS: &[DomainStart<Sequences>] = &[
    DomainStart::new(
        "cold",
        "each problem from its own x0, H0 = I rescaled after the first step (Nocedal and Wright 6.20)",
        |_, _| Ok(carry(Position::Own, Keep::Nothing)),
    ),
    DomainStart::new("warm-x", "x0 is the last end; H0 as in cold", |_, _| Ok(carry(Position::Last, Keep::Nothing))),
    DomainStart::new("secant-x", "x0 is extrapolated from the last two ends, 2 x_k - x_(k-1); H0 as in cold", |_, _| {
        Ok(carry(Position::Secant, Keep::Nothing))
    }),
    DomainStart::new("matrix", "each problem from its own x0; H0 is the last inverse Hessian", |_, _| {
        Ok(carry(Position::Own, Keep::Curvature))
    }),
    DomainStart::new("warm-x+scalar", "x0 is the last end; H0 = gamma I, gamma = s'y/y'y of the last pair", |_, _| {
        Ok(carry(Position::Last, Keep::Scalar))
    }),
    DomainStart::new("warm-x+diagonal", "x0 is the last end; H0 is the diagonal of the last inverse Hessian", |_, _| {
        Ok(carry(Position::Last, Keep::Diagonal))
    }),
    DomainStart::new(
        "warm-x+pairs",
        "x0 is the last end; H0 is the scalar updated by the last ten pairs (Morales and Nocedal 2000)",
        |_, _| Ok(carry(Position::Last, Keep::Pairs(PAIRS))),
    ),
    DomainStart::new("warm-x+matrix", "x0 is the last end; H0 is the last inverse Hessian", |_, _| {
        Ok(carry(Position::Last, Keep::Curvature))
    }),
    DomainStart::new("secant-x+matrix", "x0 is extrapolated; H0 is the last inverse Hessian", |_, _| {
        Ok(carry(Position::Secant, Keep::Curvature))
    }),
    DomainStart::new(
        "recycle",
        "the call `recycle`: warm-x with scalar or matrix, whichever needed fewer evaluations on the first problems, and a \
         cold start where a run takes twice as long as the first",
        |_, _| Ok(Policy { options: options(Position::Last, None), order: None }),
    )
    .role(Role::Algorithm),
    DomainStart::new(
        "warm-x+matrix-shuffled",
        "control: warm-x+matrix, with the problems in random order",
        |sequence: &Sequence, setup| {
            let mut order: Vec<usize> = (0..sequence.problems.len()).collect();
            order.shuffle(setup.stream());
            Ok(Policy { order: Some(order), ..carry(Position::Last, Keep::Curvature) })
        },
    )
    .role(Role::Control),
    DomainStart::new(
        "warm-x+matrix-elsewhere",
        "control: x0 is the last end; H0 of every problem is the last inverse Hessian of warm-x+matrix on another sequence \
         of the family, which is not charged",
        |sequence, _| elsewhere(sequence),
    )
    .role(Role::Control)
    .needs_truth(),
];

fn carry(position: Position, keep: Keep) -> Policy {
    // Only a run that fails goes on with a cold start.
    Policy { options: RecycleOptions { patience: f64::MAX, ..options(position, Some(keep)) }, order: None }
}

fn options(position: Position, keep: Option<Keep>) -> RecycleOptions {
    let run = Options { gradient_tolerance: SOLVED, max_evaluations: PER_PROBLEM, ..Options::default() };
    RecycleOptions { run, position, keep, ..RecycleOptions::default() }
}

fn elsewhere(sequence: &Sequence) -> Result<Policy> {
    let mut recycler = Recycler::new(carry(Position::Last, Keep::Curvature).options)?;
    let mut cold = RecycleOptions::default().cold;
    for problem in &sequence.elsewhere {
        let end = recycler.minimize(problem, &problem.x0, &mut |_| ControlFlow::Continue(()))?;
        cold = end.inverse_hessian.clone().into();
    }
    let Policy { options, order } = carry(Position::Last, Keep::Nothing);
    Ok(Policy { options: RecycleOptions { cold, ..options }, order })
}
