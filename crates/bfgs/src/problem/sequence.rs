//! Sequences of related problems, as they come up in practice: each is a list of instances with the same unknowns.

use std::ops::ControlFlow;

use headstart_simd::Portable;
use ndarray::{Array1, Array2, Axis};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::{Function, Instance, LinearModel, ProblemError, at_least, gaussian_process, lennard_jones, pendulum};
use crate::{Options, minimize, start};

/// Largest and smallest penalty of a path and of a search, in units of the mean loss.
const PENALTIES: (f64, f64) = (1.0, 1e-4);
/// The strongest trap, in units of the energy per squared distance, and the weakest as a fraction of it.
const TRAP: f64 = 10.0;
const OPENED: f64 = 0.01;
/// Gradient norm at which the reference controller takes its torque.
const CONTROLLED: f64 = 1e-6;

/// A regularisation path: `steps` penalties from 1 to 1e-4 in equal steps of the logarithm. x0 is zero.
///
/// Errors: fewer than 2 steps.
pub fn regularisation_path(model: &LinearModel, steps: usize) -> Result<Vec<Instance>, ProblemError> {
    at_least("the number of penalties", steps, 2, "at least 2")?;
    with_penalties(model, (0..steps).map(|step| step as f64 / (steps - 1) as f64))
}

/// A random search of the penalty: `draws` penalties, log-uniform from 1e-4 to 1. x0 is zero.
///
/// Errors: no draw.
pub fn penalty_search(model: &LinearModel, draws: usize, rng: &mut impl Rng) -> Result<Vec<Instance>, ProblemError> {
    at_least("the number of draws", draws, 1, "at least 1")?;
    let places: Vec<f64> = (0..draws).map(|_| rng.random()).collect();
    with_penalties(model, places.into_iter())
}

/// `places` run from 0, the largest penalty, to 1, the smallest.
fn with_penalties(model: &LinearModel, places: impl Iterator<Item = f64>) -> Result<Vec<Instance>, ProblemError> {
    let ratio = (PENALTIES.1 / PENALTIES.0).portable_ln();
    places.map(|place| Ok(at_zero(model.with_ridge(PENALTIES.0 * (ratio * place).portable_exp())?))).collect()
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
    Ok((0..folds).map(|fold| at_zero(model.with_rows(&training(fold)))).collect())
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
    let trap = |step: usize| TRAP * (step as f64 / (steps - 1) as f64 * OPENED.portable_ln()).portable_exp();
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

fn at_zero(model: LinearModel) -> Instance {
    let x0 = vec![0.0; model.features() + 1];
    Instance { function: Function::LinearModel(model), x0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
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
        let model = model(&mut rng);
        let ridges = |all: Vec<Instance>| -> Vec<f64> {
            let ridge = |instance: &Instance| match &instance.function {
                Function::LinearModel(model) => model.ridge(),
                _ => unreachable!("a regression"),
            };
            all.iter().map(ridge).collect()
        };
        let path = ridges(regularisation_path(&model, 5).unwrap());
        for (found, expected) in path.iter().zip([1.0, 0.1, 0.01, 1e-3, 1e-4]) {
            assert!((found / expected - 1.0).abs() < 1e-12, "{path:?}");
        }
        let draws = ridges(penalty_search(&model, 50, &mut rng).unwrap());
        assert!(draws.iter().all(|ridge| (1e-4..=1.0).contains(ridge)) && !draws.is_sorted());
        assert!(regularisation_path(&model, 1).is_err() && penalty_search(&model, 0, &mut rng).is_err());
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
