//! The families of sequences.

use headstart_domain::{Problem, Result, Stream, Target};
use ndarray::{Array1, Axis};
use rand::RngExt;
use rand::seq::index;

use super::{Sequence, Sequences};
use crate::domain::problems::{diabetes, wine};
use crate::problem::{Function, Instance, LinearModel, ProblemError, correlated_classes, logistic, sequence};

/// Rows of the Gaussian process: 30, 36, .., 90.
const ROWS: (usize, usize, usize) = (30, 90, 6);

pub(super) const PROBLEMS: &[Problem<Sequences>] = &[
    problem(
        "ridge-path",
        "logistic regression on random data that resemble the breast-cancer table (569 x 30): 20 penalties from 1 to 1e-4, \
         the largest first",
        |stream| both(stream, |stream| path(random_table(stream)?)),
    ),
    problem(
        "ridge-path-wine",
        "logistic regression on a bootstrap sample of the red wines of linfa-datasets (1599 x 11, standardised): 20 \
         penalties from 1 to 1e-4, the largest first",
        |stream| both(stream, |stream| path(wines(stream)?)),
    ),
    problem(
        "penalty-search",
        "the tables of ridge-path: 20 penalties, log-uniform from 1e-4 to 1, in random order, as in a random search",
        |stream| {
            both(stream, |stream| sequence::penalty_search(&Function::LinearModel(random_table(stream)?), 20, stream))
        },
    ),
    problem("cross-validation", "the tables of ridge-path with the penalty 1e-3: 10 folds", |stream| {
        both(stream, |stream| sequence::cross_validation(&random_table(stream)?, 10, stream))
    }),
    problem(
        "growing-gp",
        "hyperparameters of a Gaussian process on 30, 36, .., 90 rows of the diabetes table of linfa-datasets, as rows \
         arrive in random order; runs may end in other minima",
        |stream| both(stream, growing),
    ),
    problem(
        "opening-trap",
        "13 Lennard-Jones atoms in a harmonic trap that opens in 15 steps from 10 to 0.1 (reduced units), from random \
         positions; runs may end in other minima",
        |stream| both(stream, |stream| sequence::opening_trap(13, 15, stream)),
    ),
    problem(
        "pendulum",
        "a controller with a horizon of 30 time steps that swings up a pendulum, 25 time steps; unknowns are torques by \
         absolute time, so the last x is the customary shifted start",
        |stream| both(stream, |stream| sequence::receding_horizon(30, 25, stream)),
    ),
];

type Made = std::result::Result<Vec<Instance>, ProblemError>;

/// A family whose target is that no problem is left.
const fn problem(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Sequence>,
) -> Problem<Sequences> {
    Problem::new(name, about, make, Target::Known(|_| 0.0)).resolution(0.5)
}

/// The sequence, and another one of the family.
fn both(stream: &mut Stream, make: impl Fn(&mut Stream) -> Made) -> Result<Sequence> {
    Ok(Sequence::built_in(make(stream)?, make(stream)?))
}

fn path(model: LinearModel) -> Made {
    let (largest, smallest) = sequence::PENALTIES;
    sequence::regularisation_path(&Function::LinearModel(model), &sequence::penalties(largest, smallest, 20)?)
}

fn random_table(stream: &mut Stream) -> std::result::Result<LinearModel, ProblemError> {
    correlated_classes(stream).map(model)
}

fn model(instance: Instance) -> LinearModel {
    match instance.function {
        Function::LinearModel(model) => model,
        _ => unreachable!("a regression"),
    }
}

/// Rows of the red wines, drawn with replacement.
fn wines(stream: &mut Stream) -> std::result::Result<LinearModel, ProblemError> {
    let (features, labels) = wine();
    let rows: Vec<usize> = (0..labels.len()).map(|_| stream.random_range(0..labels.len())).collect();
    logistic(features.select(Axis(0), &rows), labels.select(Axis(0), &rows), 0.0, stream).map(model)
}

fn growing(stream: &mut Stream) -> Made {
    let (features, targets) = diabetes();
    let (least, most, step) = ROWS;
    let rows = index::sample(stream, targets.len(), most).into_vec();
    let (features, targets): (_, Array1<f64>) = (features.select(Axis(0), &rows), targets.select(Axis(0), &rows));
    let counts: Vec<usize> = (least..=most).step_by(step).collect();
    sequence::growing_gaussian_process(&features, &targets, &counts, stream)
}
