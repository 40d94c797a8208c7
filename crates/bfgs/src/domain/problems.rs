//! The problems, each with its target.

use headstart_domain::{Problem, Result, Starts, Stream, Target};
use ndarray::{Array1, Array2, Axis};
use rand::seq::index;

use super::{Bfgs, Task};
use crate::{lbfgs, problem};

/// Target of f - f*, where f* is known: well above rounding, and well below what a plot can show.
const GAP: f64 = 1e-10;
/// Target of the gradient norm, where a run may end in one of several minima.
const GRADIENT: f64 = 1e-6;

/// Rows of the Gaussian process. With these an evaluation takes about a millisecond.
const ROWS: usize = 90;

pub(super) const PROBLEMS: &[Problem<Bfgs>] = &[
    Problem::new(
        "quadratic-100-cond1e2",
        "strictly convex quadratic, 100 unknowns, eigenvalues log-spaced from 1 to 1e2, random axes; f* = 0",
        |stream| quadratic(1e2, 1.0, stream),
        Target::Known(gap),
    )
    .resolution(1e-12),
    Problem::new(
        "quadratic-100-cond1e4",
        "strictly convex quadratic, 100 unknowns, eigenvalues log-spaced from 1 to 1e4, random axes; f* = 0",
        |stream| quadratic(1e4, 1.0, stream),
        Target::Known(gap),
    )
    .resolution(1e-12),
    Problem::new(
        "quadratic-100-cond1e4-units1e-4",
        "quadratic-100-cond1e4 with f, target and tolerances multiplied by 1e-4: H0 = I is arbitrary under f -> c f",
        |stream| quadratic(1e4, 1e-4, stream),
        Target::Known(gap),
    )
    .resolution(1e-16),
    Problem::new(
        "quadratic-100-cond1e4-units1e4",
        "quadratic-100-cond1e4 with f, target and tolerances multiplied by 1e4",
        |stream| quadratic(1e4, 1e4, stream),
        Target::Known(gap),
    )
    .resolution(1e-8),
    Problem::new(
        "quadratic-100-cond1e6",
        "strictly convex quadratic, 100 unknowns, eigenvalues log-spaced from 1 to 1e6, random axes; f* = 0",
        |stream| quadratic(1e6, 1.0, stream),
        Target::Known(gap),
    )
    .resolution(1e-12),
    Problem::new(
        "quadratic-100-cond1e8",
        "strictly convex quadratic, 100 unknowns, eigenvalues log-spaced from 1 to 1e8, random axes; f* = 0",
        |stream| quadratic(1e8, 1.0, stream),
        Target::Known(gap),
    )
    .resolution(1e-12),
    Problem::new(
        "quadratic-200-outliers",
        "strictly convex quadratic, 200 unknowns, five eigenvalues far above the rest, random axes; f* = 0",
        |stream| Task::gap(problem::quadratic_outliers(200, 5, stream)),
        Target::Known(gap),
    )
    .resolution(1e-12),
    Problem::new(
        "rosenbrock-100",
        "extended Rosenbrock (Moré, Garbow and Hillstrom 1981, 21), 100 unknowns, every block and x0 perturbed; f* = 0",
        |stream| Task::gap(problem::rosenbrock(100, stream)),
        Target::Known(gap),
    )
    .resolution(1e-12),
    Problem::new(
        "rosenbrock-1000",
        "extended Rosenbrock, 1000 unknowns, every block and x0 perturbed, solved by L-BFGS with 10 pairs; only \
         starts without a full matrix; f* = 0",
        |stream| Ok(Task::gap(problem::rosenbrock(1000, stream))?.with_memory(lbfgs::MEMORY)),
        Target::Known(gap),
    )
    .starts(Starts::Except(&[
        "pilot-diagonal",
        "pilot-last-10-two-scales",
        "pilot-full",
        "pilot-full-capped",
        "pilot-early-full",
        "oracle",
    ]))
    .resolution(1e-12),
    Problem::new(
        "powell-singular-100",
        "extended Powell singular (Moré, Garbow and Hillstrom 1981, 22), 100 unknowns, every block and x0 perturbed; \
         f* = 0, and the Hessian is singular there",
        |stream| Task::gap(problem::powell_singular(100, stream)),
        Target::Known(gap),
    )
    .resolution(1e-12),
    Problem::new(
        "broyden-100",
        "Broyden tridiagonal (Moré, Garbow and Hillstrom 1981, 30), 100 unknowns, x0 perturbed; runs may end in other \
         minima than f* = 0",
        |stream| Ok(Task::gradient(problem::broyden_tridiagonal(100, stream))?.with_named_minima()),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "logistic-winequality",
        "logistic regression on the red wines of linfa-datasets (1599 x 11, standardised; quality at least 6 or \
         below), ridge 1e-3; the target is the best value of long runs",
        |stream| {
            let (features, labels) = wine();
            Task::value_of(problem::logistic(features, labels, 1e-3, stream))
        },
        Target::Reference { within: 1e-9 },
    )
    .value_label("f")
    .resolution(1e-12),
    Problem::new(
        "logistic-correlated",
        "logistic regression on random data that resemble the breast-cancer table (569 x 30, standardised, ten noisy \
         copies of each of three factors), ridge 1e-3; strictly convex",
        |stream| Task::gradient(problem::correlated_classes(stream)),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "mlp-diabetes",
        "network of five tanh units on the diabetes table of linfa-datasets (441 x 10, standardised), 61 unknowns, \
         weights from Glorot's distribution, weight decay 1e-3; runs end in one of many minima",
        mlp,
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "gaussian-process-12",
        "marginal likelihood of a Gaussian process on 90 rows of the diabetes table of linfa-datasets; unknowns are \
         the logarithms of ten length scales, height and noise; runs may end in other minima, or on a plateau where a \
         feature has no effect",
        gaussian_process,
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "rastrigin-20",
        "rotated quadratic of condition 1e4 with ripples, 20 unknowns; runs end in one of many minima (f* = 0)",
        |stream| Task::gradient(problem::rastrigin(20, 1e4, stream)),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "lennard-jones-13",
        "13 Lennard-Jones atoms in reduced units, from random positions; runs end in one of over a thousand minima \
         (best known -44.326801)",
        |stream| Ok(Task::gradient(problem::lennard_jones(13, stream))?.with_named_minima()),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "lennard-jones-38",
        "38 Lennard-Jones atoms in reduced units, from random positions; runs end in one of very many minima (best \
         known -173.928427, at the bottom of a narrow funnel)",
        |stream| Ok(Task::gradient(problem::lennard_jones(38, stream))?.with_named_minima()),
        Target::Known(|_| GRADIENT),
    )
    .value_label("gradient norm")
    .judged_by("f")
    .resolution(1e-9),
    Problem::new(
        "lennard-jones-13-restarts",
        "lennard-jones-13 with restarts from new random positions, all with the same H0, until a run finds the \
         icosahedron (-44.326801, within 1e-5): measures the cost of a hit",
        |stream| Ok(Task::gap(problem::lennard_jones(13, stream))?.with_restarts(1e-3)),
        Target::Known(|_| 1e-5),
    )
    .budget(40_000.0)
    .stop_at_target(),
    Problem::new(
        "published-36",
        "the 24 functions of Moré, Garbow and Hillstrom (1981) with 2 to 12 unknowns and 12 of CUTEst with 100, each from its \
         published x0; replicate k is function k; a run is solved within 1e-5 of the lowest known minimum (1e-9 where \
         it is 0)",
        |stream| Task::gap(problem::published(stream.replicate() as usize)),
        Target::Known(six_digits),
    )
    .members(problem::PUBLISHED as u64),
];

/// The known minima have six digits.
fn six_digits(task: &Task) -> f64 {
    let lowest = task.instance.optimum().unwrap_or(0.0);
    if lowest == 0.0 { 1e-9 } else { 1e-5 * lowest.abs() }
}

/// The target of f - f* in the problem's unit of f.
fn gap(task: &Task) -> f64 {
    GAP * task.unit
}

fn quadratic(condition: f64, unit: f64, stream: &mut Stream) -> Result<Task> {
    Ok(Task::gap(problem::quadratic(100, condition, unit, stream))?.in_units(unit))
}

/// The red wines, standardised; the label is 1 if the quality is at least 6, and -1 below.
pub(super) fn wine() -> (Array2<f64>, Array1<f64>) {
    let data = linfa_datasets::winequality();
    let labels = data.targets.mapv(|quality| if quality >= 6 { 1.0 } else { -1.0 });
    (standardised(data.records), labels)
}

/// The diabetes table: progression of the disease and ten measurements, all standardised.
pub(super) fn diabetes() -> (Array2<f64>, Array1<f64>) {
    let data = linfa_datasets::diabetes();
    let mut targets = data.targets;
    headstart_table::standardise_column(&mut targets.view_mut());
    (standardised(data.records), targets)
}

fn mlp(stream: &mut Stream) -> Result<Task> {
    let (features, targets) = diabetes();
    Ok(Task::gradient(problem::network(features, targets, 5, 1e-3, stream))?.with_named_minima())
}

fn gaussian_process(stream: &mut Stream) -> Result<Task> {
    let (features, targets) = diabetes();
    let rows = index::sample(stream, targets.len(), ROWS).into_vec();
    Task::gradient(problem::gaussian_process(features.select(Axis(0), &rows), targets.select(Axis(0), &rows), stream))
}

fn standardised(mut features: Array2<f64>) -> Array2<f64> {
    headstart_table::standardise(&mut features);
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded results depend on every bit of these tables.
    #[test]
    fn standardised_tables_keep_their_bits() {
        let hash = |numbers: &mut dyn Iterator<Item = &f64>| {
            numbers.fold(0xcbf2_9ce4_8422_2325_u64, |hash, x| (hash ^ x.to_bits()).wrapping_mul(0x0100_0000_01b3))
        };
        let (wine, _) = wine();
        let (features, targets) = diabetes();
        let found = [hash(&mut wine.iter()), hash(&mut features.iter()), hash(&mut targets.iter())];
        assert_eq!(found, [13_407_160_148_406_609_125, 10_735_302_886_776_156_235, 5_850_072_848_964_046_211]);
    }
}
