//! The starts: the functions of [`crate::start`], with their charges.

use std::rc::Rc;

use headstart_domain::{Result, Role, Setup, Start as DomainStart, Stream};

use super::{Bfgs, Task, USUAL_TOLERANCE};
use crate::start::{self, Charged, Pilot};
use crate::{Error, Objective, Start};

/// Maximum number of evaluations of a pilot.
const PILOT_BUDGET: u64 = 3000;
/// Gradient norm at which an early pilot stops.
const EARLY_TOLERANCE: f64 = 1e-2;
/// Fewest evaluations of an early pilot that is not at this tolerance: with twelve unknowns half as many need not hold a step.
const LEAST_EARLY: u64 = 10;

pub(super) const STARTS: &[DomainStart<Bfgs>] = &[
    DomainStart::new("identity", "H0 = I, first trial step of unit length (Nocedal and Wright, p. 142)", |_, setup| {
        Ok(charge(start::identity(), setup))
    }),
    DomainStart::new(
        "nocedal-wright",
        "H0 = I, rescaled by s'y/y'y after the first step (Nocedal and Wright 6.20)",
        |_, setup| Ok(charge(start::nocedal_wright(), setup)),
    ),
    DomainStart::new(
        "pilot-scalar",
        "control: H0 = gamma I, gamma = s'y/y'y of the pilot's last pair",
        |task, setup| from_pilot(task, setup, start::pilot_scalar),
    )
    .made_by_a_use()
    .role(Role::Control),
    // The control of the starts that bound their first step.
    DomainStart::new("pilot-scalar-capped", "pilot-scalar, first step at most the pilot's longest", |task, setup| {
        capped(task, setup, start::pilot_scalar)
    })
    .made_by_a_use()
    .role(Role::Control),
    DomainStart::new(
        "pilot-scalar-geomean",
        "H0 = gamma I, gamma = geometric mean of |s|/|y| over the pilot's pairs",
        |task, setup| from_pilot(task, setup, start::pilot_scalar_geomean),
    )
    .made_by_a_use(),
    DomainStart::new(
        "pilot-scalar-geomean-capped",
        "pilot-scalar-geomean, first step at most the pilot's longest",
        |task, setup| capped(task, setup, start::pilot_scalar_geomean),
    )
    .made_by_a_use(),
    DomainStart::new(
        "pilot-last-10",
        "pilot-scalar updated by the pilot's last 10 pairs (Morales and Nocedal 2000)",
        |task, setup| from_pilot(task, setup, start::pilot_last_10),
    )
    .made_by_a_use(),
    DomainStart::new("pilot-last-10-capped", "pilot-last-10, first step at most the pilot's longest", |task, setup| {
        capped(task, setup, start::pilot_last_10)
    })
    .made_by_a_use(),
    DomainStart::new(
        "pilot-spread-10",
        "pilot-scalar updated by 10 pairs spread evenly over the pilot",
        |task, setup| from_pilot(task, setup, start::pilot_spread_10),
    )
    .made_by_a_use(),
    DomainStart::new(
        "pilot-spread-10-capped",
        "pilot-spread-10, first step at most the pilot's longest",
        |task, setup| capped(task, setup, start::pilot_spread_10),
    )
    .made_by_a_use(),
    DomainStart::new(
        "pilot-diagonal",
        "a diagonal, updated by all the pilot's pairs (Gilbert and Lemaréchal 1989)",
        |task, setup| from_pilot(task, setup, start::pilot_diagonal),
    )
    .made_by_a_use(),
    DomainStart::new(
        "pilot-last-10-two-scales",
        "pilot-last-10 in the span of its pairs, and the pilot's smallest s'y/y'y elsewhere (after Brust et al. 2019)",
        |task, setup| from_pilot(task, setup, start::pilot_last_10_two_scales),
    )
    .made_by_a_use(),
    DomainStart::new(
        "pilot-full",
        "the full inverse Hessian at the pilot's end (O'Leary and Yeremin 1994)",
        |task, setup| from_pilot(task, setup, start::pilot_full),
    )
    .made_by_a_use(),
    DomainStart::new("pilot-full-capped", "pilot-full, first step at most the pilot's longest", |task, setup| {
        capped(task, setup, start::pilot_full)
    })
    .made_by_a_use(),
    DomainStart::new(
        "pilot-early-scalar",
        "pilot-scalar of a pilot that stops early: at a gradient of 1e-2, or after half as many evaluations as unknowns",
        |task, setup| Ok(start::pilot_scalar(&*early(task, setup)?)?.0),
    )
    .made_by_a_use(),
    DomainStart::new("pilot-early-full", "pilot-full of the same early pilot", |task, setup| {
        Ok(start::pilot_full(&*early(task, setup)?)?.0)
    })
    .made_by_a_use(),
    DomainStart::new("oracle", "the exact inverse Hessian at x0, charged as n evaluations", oracle).role(Role::Oracle),
];

type Make = fn(&Pilot) -> std::result::Result<Charged, Error>;

fn oracle(task: &Task, setup: &mut Setup) -> Result<Start> {
    Ok(charge(start::oracle(task.instance.hessian(&task.instance.x0)?.view())?, setup))
}

fn from_pilot(task: &Task, setup: &mut Setup, make: Make) -> Result<Start> {
    Ok(make(&*pilot(task, setup)?)?.0)
}

fn capped(task: &Task, setup: &mut Setup, make: Make) -> Result<Start> {
    let pilot = pilot(task, setup)?;
    Ok(start::capped(make(&pilot)?.0, &pilot))
}

/// The pilot of this replicate. All starts that need a pilot share it, and each is charged its full cost.
fn pilot(task: &Task, setup: &mut Setup) -> Result<Rc<Pilot>> {
    setup.shared("pilot", |stream| run(task, stream, USUAL_TOLERANCE, PILOT_BUDGET))
}

/// A pilot that stops early, shared and charged in the same way.
fn early(task: &Task, setup: &mut Setup) -> Result<Rc<Pilot>> {
    let most = (task.instance.dim() as u64 / 2).max(LEAST_EARLY);
    setup.shared("pilot-early", |stream| run(task, stream, EARLY_TOLERANCE, most))
}

/// A pilot and its cost. The tolerance is in the task's unit of f.
fn run(task: &Task, stream: &mut Stream, tolerance: f64, most: u64) -> Result<(Pilot, f64)> {
    let (instance, x0, tolerance) = (&task.instance, task.instance.sample_x0(stream), tolerance * task.unit);
    let pilot = match task.memory {
        None => Pilot::run(instance, &x0, tolerance, most)?,
        Some(pairs) => Pilot::run_limited(instance, &x0, pairs, tolerance, most)?,
    };
    let cost = pilot.evaluations as f64;
    Ok((pilot, cost))
}

fn charge((start, evaluations): Charged, setup: &mut Setup) -> Start {
    setup.charge(evaluations as f64);
    start
}
