//! Sequences of related problems, as they come up in practice: each is a list of instances with the same unknowns.

use std::ops::ControlFlow;

use headstart_check::check;
use headstart_simd::Portable;
use ndarray::{Array1, Array2, Axis};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::{Function, Instance, LinearModel, ProblemError, at_least, gaussian_process, lennard_jones, pendulum};
use crate::objective::Objective;
use crate::{Options, minimize, start};

/// The customary largest and smallest penalty of a path and of a search.
pub const PENALTIES: (f64, f64) = (1.0, 1e-4);
/// The strongest trap, in units of the energy per squared distance, and the weakest as a fraction of it.
const TRAP: f64 = 10.0;
const OPENED: f64 = 0.01;
/// Gradient norm at which the reference controller takes its torque.
const CONTROLLED: f64 = 1e-6;

/// Returns `count` penalties from the first to the second in equal steps of the logarithm.
///
/// Errors: fewer than 2, a penalty that is not positive and finite.
pub fn penalties(from: f64, to: f64, count: usize) -> Result<Vec<f64>, ProblemError> {
    at_least("the number of penalties", count, 2, "at least 2")?;
    for penalty in [from, to] {
        check(penalty > 0.0 && penalty.is_finite(), "a penalty", penalty, "positive and finite")?;
    }
    let inner = (0..count - 1).map(|step| between((from, to), step as f64 / (count - 1) as f64));
    // The logarithm would change the last digits of the end.
    Ok(inner.chain([to]).collect())
}

/// A regularisation path: the same regression with each of these penalties. x0 is zero.
///
/// Errors: a function that is no regression, a penalty that is negative or not finite.
pub fn regularisation_path(model: &Function, penalties: &[f64]) -> Result<Vec<Instance>, ProblemError> {
    let at = |penalty: &f64| match model {
        Function::LinearModel(model) => Ok(at_zero(Function::LinearModel(model.with_ridge(*penalty)?))),
        Function::Softmax(model) => Ok(at_zero(Function::Softmax(model.with_ridge(*penalty)?))),
        _ => Err(ProblemError::NoPenalty),
    };
    penalties.iter().map(at).collect()
}

/// A random search of the penalty: `draws` penalties, log-uniform from 1e-4 to 1. x0 is zero.
///
/// Errors: no draw, a function that is no regression.
pub fn penalty_search(model: &Function, draws: usize, rng: &mut impl Rng) -> Result<Vec<Instance>, ProblemError> {
    at_least("the number of draws", draws, 1, "at least 1")?;
    let penalties: Vec<f64> = (0..draws).map(|_| between(PENALTIES, rng.random())).collect();
    regularisation_path(model, &penalties)
}

/// The point between two positive numbers, from 0 to 1 in the logarithm.
fn between((from, to): (f64, f64), place: f64) -> f64 {
    from * ((to / from).portable_ln() * place).portable_exp()
}

/// A cross-validation: the rows, in random order, without each of `folds` parts of them. x0 is zero.
///
/// Errors: fewer than 2 folds, or more than rows.
pub fn cross_validation(model: &LinearModel, folds: usize, rng: &mut impl Rng) -> Result<Vec<Instance>, ProblemError> {
    at_least("the number of folds", folds, 2, "at least 2")?;
    at_least("the number of rows", model.rows(), folds, "at least the number of folds")?;
    let mut rows: Vec<usize> = (0..model.rows()).collect();
    rows.shuffle(rng);
    let training = |fold: usize| -> Vec<usize> {
        rows.iter().enumerate().filter(|(at, _)| at % folds != fold).map(|(_, row)| *row).collect()
    };
    Ok((0..folds).map(|fold| at_zero(Function::LinearModel(model.with_rows(&training(fold))))).collect())
}

/// Hyperparameters of a Gaussian process while data arrive: the first `counts[k]` rows of the table. All have the same
/// random x0, that of [`gaussian_process`].
///
/// Errors: a count of 0 or of more rows than there are, and those of [`gaussian_process`].
pub fn growing_gaussian_process(
    features: &Array2<f64>,
    targets: &Array1<f64>,
    counts: &[usize],
    rng: &mut impl Rng,
) -> Result<Vec<Instance>, ProblemError> {
    let mut all: Vec<Instance> = Vec::with_capacity(counts.len());
    for &count in counts {
        at_least("the number of rows", features.nrows(), count, "at least the largest count")?;
        let rows: Vec<usize> = (0..count).collect();
        let mut instance = gaussian_process(features.select(Axis(0), &rows), targets.select(Axis(0), &rows), rng)?;
        if let Some(first) = all.first() {
            instance.x0.clone_from(&first.x0);
        }
        all.push(instance);
    }
    Ok(all)
}

/// Lennard-Jones atoms in a harmonic trap that is opened in equal steps of the logarithm, from 10 to 0.1 (reduced units). All
/// have the same random x0.
///
/// Errors: fewer than 2 atoms or steps.
pub fn opening_trap(atoms: usize, steps: usize, rng: &mut impl Rng) -> Result<Vec<Instance>, ProblemError> {
    at_least("the number of traps", steps, 2, "at least 2")?;
    let instance = lennard_jones(atoms, rng)?;
    let Function::LennardJones(cluster) = &instance.function else { return Ok(Vec::new()) };
    let trap = |step: usize| between((TRAP, TRAP * OPENED), step as f64 / (steps - 1) as f64);
    let trapped = |step: usize| Function::LennardJones(cluster.trapped(trap(step)));
    Ok((0..steps).map(|step| Instance { function: trapped(step), x0: instance.x0.clone() }).collect())
}

/// The problems of a controller with a receding horizon that swings up a pendulum: after each time step the horizon moves on by
/// one. x0 is no torque. The torques applied are those of a reference solution, so the problems do not depend on the run.
///
/// Errors: no horizon, no step.
pub fn receding_horizon(horizon: usize, steps: usize, rng: &mut impl Rng) -> Result<Vec<Instance>, ProblemError> {
    at_least("the number of time steps", steps, 1, "at least 1")?;
    let options = Options { gradient_tolerance: CONTROLLED, max_evaluations: 1000, ..Options::default() };
    let begin = pendulum(horizon, rng)?;
    let mut all = vec![Instance { x0: vec![0.0; horizon], ..begin }];
    while let Some(Instance { function: Function::Pendulum(now), x0 }) = all.last().filter(|_| all.len() < steps) {
        let begin = start::nocedal_wright().0;
        let end = minimize(now, x0, &begin, &options, &mut |_| ControlFlow::Continue(()));
        let torques = end.map_or_else(|_| x0.clone(), |end| end.x);
        let next = Instance { function: Function::Pendulum(now.next(&torques, rng)), x0: x0.clone() };
        all.push(next);
    }
    Ok(all)
}

fn at_zero(function: Function) -> Instance {
    let x0 = vec![0.0; function.dim()];
    Instance { function, x0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::correlated_classes;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn model(rng: &mut ChaCha8Rng) -> LinearModel {
        match correlated_classes(rng).unwrap().function {
            Function::LinearModel(model) => model,
            _ => unreachable!("a regression"),
        }
    }

    #[test]
    fn penalties_cover_their_range() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let model = Function::LinearModel(model(&mut rng));
        let ridges = |all: Vec<Instance>| -> Vec<f64> {
            let ridge = |instance: &Instance| match &instance.function {
                Function::LinearModel(model) => model.ridge(),
                _ => unreachable!("a regression"),
            };
            all.iter().map(ridge).collect()
        };
        let path = ridges(regularisation_path(&model, &penalties(1.0, 1e-4, 5).unwrap()).unwrap());
        for (found, expected) in path.iter().zip([1.0, 0.1, 0.01, 1e-3, 1e-4]) {
            assert!((found / expected - 1.0).abs() < 1e-12, "{path:?}");
        }
        let draws = ridges(penalty_search(&model, 50, &mut rng).unwrap());
        assert!(draws.iter().all(|ridge| (1e-4..=1.0).contains(ridge)) && !draws.is_sorted());
        assert!(penalties(1.0, 0.1, 1).is_err() && penalties(0.0, 1.0, 3).is_err());
        assert!(regularisation_path(&model, &[-1.0]).is_err() && penalty_search(&model, 0, &mut rng).is_err());
        let atoms = lennard_jones(4, &mut rng).unwrap().function;
        assert_eq!(regularisation_path(&atoms, &[1.0]), Err(ProblemError::NoPenalty));
    }

    #[test]
    fn each_row_is_left_out_once() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let model = model(&mut rng);
        let folds = cross_validation(&model, 10, &mut rng).unwrap();
        let rows = |instance: &Instance| match &instance.function {
            Function::LinearModel(model) => model.rows(),
            _ => unreachable!("a regression"),
        };
        assert_eq!(folds.iter().map(rows).sum::<usize>(), 9 * model.rows());
        assert!(cross_validation(&model, 1, &mut rng).is_err() && cross_validation(&model, 9999, &mut rng).is_err());
    }

    #[test]
    fn neighbours_share_their_unknowns_and_differ() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let features = Array2::from_shape_fn((20, 3), |_| rng.random_range(-1.0..1.0));
        let targets = Array1::from_shape_fn(20, |_| rng.random_range(-1.0..1.0));
        let families = [
            opening_trap(5, 4, &mut rng).unwrap(),
            receding_horizon(8, 4, &mut rng).unwrap(),
            growing_gaussian_process(&features, &targets, &[8, 12, 16, 20], &mut rng).unwrap(),
        ];
        for family in &families {
            assert_eq!(family.len(), 4);
            assert!(family.iter().all(|instance| instance.dim() == family[0].dim() && instance.x0 == family[0].x0));
            assert!(family.windows(2).all(|two| two[0].function != two[1].function));
        }
        assert!(growing_gaussian_process(&features, &targets, &[30], &mut rng).is_err());
    }
}
