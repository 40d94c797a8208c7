//! The problems, each with the answer it is known by.

use headstart_harness::{Problem, Result, Stream, Target};
use ndarray::{Array1, Axis};

use super::{Bfgs, Task};
use crate::problem;

/// f - f* at which a run counts as done where f* is known: well above rounding, well below what plots show.
const GAP: f64 = 1e-10;
/// Gradient norm at which a run counts as done where it may end in one of several minima.
const GRADIENT: f64 = 1e-6;

pub(super) const PROBLEMS: &[Problem<Bfgs>] = &[
    Problem::new(
        "quadratic-100-cond1e4",
        "strictly convex quadratic, 100 unknowns, eigenvalues log-spaced from 1 to 1e4, random axes; f* = 0",
        |stream| Task::gap(problem::quadratic(100, 1e4, 1.0, stream)),
        Target::Known(|_| GAP),
    )
    .resolution(1e-12),
    Problem::new(
        "quadratic-200-outliers",
        "strictly convex quadratic, 200 unknowns, five eigenvalues far above the rest, random axes; f* = 0",
        |stream| Task::gap(problem::quadratic_outliers(200, 5, stream)),
        Target::Known(|_| GAP),
    )
    .resolution(1e-12),
    Problem::new(
        "rosenbrock-100",
        "extended Rosenbrock (Moré, Garbow and Hillstrom 1981, 21), 100 unknowns, every block and x0 perturbed; f* = 0",
        |stream| Task::gap(problem::rosenbrock(100, stream)),
        Target::Known(|_| GAP),
    )
    .resolution(1e-12),
    Problem::new(
        "broyden-100",
        "Broyden tridiagonal (Moré, Garbow and Hillstrom 1981, 30), 100 unknowns, x0 perturbed; runs may end in other \
         minima than f* = 0",
        |stream| Task::gradient(problem::broyden_tridiagonal(100, stream)),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "logistic-winequality",
        "logistic regression on the red wines of linfa-datasets (1599 x 11, standardised; quality at least 6 or not), \
         ridge 1e-3; the target is the best value of long runs",
        wine,
        Target::Reference { within: 1e-9 },
    )
    .value_label("f")
    .resolution(1e-12),
    Problem::new(
        "rastrigin-20",
        "rotated ripples on a quadratic of condition 1e4, 20 unknowns; runs end in one of many minima (f* = 0)",
        |stream| Task::gradient(problem::rastrigin(20, 1e4, stream)),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "lennard-jones-13",
        "13 atoms in reduced units from random places; runs end in one of over a thousand minima (best known \
         -44.326801)",
        |stream| Task::gradient(problem::lennard_jones(13, stream)),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "lennard-jones-13-restarts",
        "runs from new random places follow each other, all with the same H0, until one finds the icosahedron \
         (-44.326801, within 1e-5): the cost of a hit",
        |stream| Ok(Task::gap(problem::lennard_jones(13, stream))?.with_restarts(1e-3)),
        Target::Known(|_| 1e-5),
    )
    .budget(40_000.0)
    .stop_at_target(),
];

/// Red wines: is the quality at least 6?
fn wine(stream: &mut Stream) -> Result<Task> {
    let data = linfa_datasets::winequality();
    let mut features = data.records;
    for mut column in features.axis_iter_mut(Axis(1)) {
        problem::standardise(&mut column);
    }
    let labels: Array1<f64> = data.targets.mapv(|quality| if quality >= 6 { 1.0 } else { -1.0 });
    Task::value_of(problem::logistic(features, labels, 1e-3, stream))
}
