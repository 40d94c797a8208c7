//! Sequences of related problems: each run begins where the last one ended, with its curvature.
//!
//! Examples are the steps of a regularisation path, the folds of a cross-validation, and the time steps of a controller. A
//! recycled inverse Hessian helps where neighbouring problems have similar Hessians, and hurts where they do not. So
//! [`recycle`] tries a scalar and the whole matrix on the first problems, goes on with what needed fewer evaluations, and
//! returns to a cold start where a recycled run goes wrong.

use std::ops::ControlFlow;

use headstart_check::check;
use serde::{Deserialize, Serialize};

use crate::h0::{InitialInverseHessian, Start};
use crate::objective::Objective;
use crate::solver::{Options, Progress, Solution};
use crate::{Error, lbfgs, minimize, start};

/// What a run passes on to the next one, besides its end as x0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    /// Nothing: H0 is rescaled after the first step (Nocedal & Wright 6.20).
    Nothing,
    /// The scale s'y / y'y of the last pair.
    Scalar,
    /// The inverse Hessian: the full matrix, or the pairs of L-BFGS, whose number does not grow.
    Curvature,
}

/// Options of [`recycle`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecycleOptions {
    /// Options of every run.
    pub run: Options,
    /// Pairs that L-BFGS stores; `None` runs BFGS with the full matrix.
    pub memory: Option<usize>,
    /// What to pass on; `None` compares scalar and curvature on the first problems and goes on with the better one.
    pub keep: Option<Keep>,
    /// A recycled run that needs more than this multiple of the evaluations of the first run goes on from its point with a cold
    /// start.
    pub patience: f64,
}

impl Default for RecycleOptions {
    fn default() -> Self {
        Self { run: Options::default(), memory: None, keep: None, patience: 2.0 }
    }
}

/// The result of a sequence.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Recycled {
    /// The solutions, one per problem. Their evaluations include those before a fallback.
    pub solutions: Vec<Solution<InitialInverseHessian>>,
    /// What each run began with.
    pub kept: Vec<Keep>,
    /// Whether each run went on with a cold start.
    pub fell_back: Vec<bool>,
    /// Evaluations of all runs.
    pub evaluations: u64,
}

impl Recycled {
    /// Returns an estimate of the evaluations that recycling saved: as if every run had needed as many as the first, which began
    /// cold. Negative if it cost some.
    pub fn saved(&self) -> i64 {
        let first = self.solutions.first().map_or(0, |first| first.evaluations);
        (first * self.solutions.len() as u64).cast_signed() - self.evaluations.cast_signed()
    }
}

/// A first run from near its minimum needs hardly any evaluations; patience counts at least this many.
const FEW: u64 = 50;
/// Runs per kind in the comparison of scalar and curvature.
const TRIALS: usize = 2;

/// Minimises a sequence of objectives with the same number of unknowns. The first run begins at `x0`, every other one at the
/// end of the last.
///
/// Errors: no objective, another number of unknowns, options out of range, an x0 where an objective is not finite.
///
/// ```
/// use headstart_bfgs::{Objective, recycle::{RecycleOptions, recycle}};
///
/// struct Ridge(f64); // f(x) = |x - 1|^2 / 2 + strength sum i^2 x_i^2
/// impl Objective for Ridge {
///     fn dim(&self) -> usize { 20 }
///     fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
///         x.iter().enumerate().map(|(i, x)| {
///             let weight = self.0 * (i * i) as f64;
///             gradient[i] = x - 1.0 + 2.0 * weight * x;
///             0.5 * (x - 1.0).powi(2) + weight * x * x
///         }).sum()
///     }
/// }
///
/// let path: Vec<Ridge> = (0..10).map(|k| Ridge(0.7_f64.powi(k))).collect();
/// let found = recycle(&path, &[0.0; 20], &RecycleOptions::default())?;
/// assert!(found.saved() > 0 && found.solutions.iter().all(|end| end.gradient_norm <= 1e-6));
/// # Ok::<(), headstart_bfgs::Error>(())
/// ```
pub fn recycle<O: Objective>(objectives: &[O], x0: &[f64], options: &RecycleOptions) -> Result<Recycled, Error> {
    check(!objectives.is_empty(), "the number of objectives", 0.0, "at least 1")?;
    check(options.patience > 0.0, "patience", options.patience, "positive")?;
    let mut found = Recycled { solutions: Vec::new(), kept: Vec::new(), fell_back: Vec::new(), evaluations: 0 };
    for objective in objectives {
        let kept = options.keep.unwrap_or_else(|| choose(&found));
        let last = found.solutions.last();
        let (start, kept) = match last {
            Some(last) => of(last, kept),
            None => (start::nocedal_wright().0, Keep::Nothing),
        };
        let x0 = last.map_or(x0, |last| &last.x);
        let (end, fell_back) = one(objective, x0, &start, kept, found.solutions.first(), options)?;
        found.evaluations += end.evaluations;
        found.solutions.push(end);
        found.kept.push(kept);
        found.fell_back.push(fell_back);
    }
    Ok(found)
}

/// The start of the next run, and what it really keeps: a run without a step has no curvature.
fn of(last: &Solution<InitialInverseHessian>, keep: Keep) -> (Start, Keep) {
    match (keep, &last.last_pair) {
        (Keep::Scalar, Some(pair)) => (InitialInverseHessian::Scaled(pair.gamma()).into(), keep),
        (Keep::Curvature, _) => (last.inverse_hessian.clone().into(), keep),
        _ => (start::nocedal_wright().0, Keep::Nothing),
    }
}

/// The kind with the smaller mean number of evaluations, once both were tried; a fallback counts with all it cost.
fn choose(found: &Recycled) -> Keep {
    let of = |kind: Keep| {
        let runs = found.kept.iter().zip(&found.solutions).filter(move |(kept, _)| **kept == kind);
        let all: Vec<f64> = runs.map(|(_, end)| end.evaluations as f64).collect();
        (all.len(), all.iter().sum::<f64>() / all.len().max(1) as f64)
    };
    let (scalar, curvature) = (of(Keep::Scalar), of(Keep::Curvature));
    if curvature.0 < TRIALS && curvature.0 <= scalar.0 || scalar.0 >= TRIALS && curvature.1 <= scalar.1 {
        Keep::Curvature
    } else {
        Keep::Scalar
    }
}

/// One run, with a cold start from its point if it is much slower than the first or does not converge.
fn one<O: Objective>(
    objective: &O,
    x0: &[f64],
    start: &Start,
    kept: Keep,
    first: Option<&Solution<InitialInverseHessian>>,
    options: &RecycleOptions,
) -> Result<(Solution<InitialInverseHessian>, bool), Error> {
    let patience = first.map_or(f64::INFINITY, |first| options.patience * first.evaluations.max(FEW) as f64);
    let is_bounded = kept != Keep::Nothing && patience < options.run.max_evaluations as f64;
    let most = if is_bounded { (patience as u64).max(1) } else { options.run.max_evaluations };
    let bounded = Options { max_evaluations: most, ..options.run.clone() };
    let end = match run(objective, x0, start, options.memory, &bounded) {
        // Rounding has made the matrix indefinite.
        Err(Error::NotDescent { .. }) if kept != Keep::Nothing => {
            let cold = run(objective, x0, &start::nocedal_wright().0, options.memory, &options.run)?;
            return Ok((cold, true));
        }
        end => end?,
    };
    let left = options.run.max_evaluations.saturating_sub(end.evaluations);
    if end.status.is_converged() || kept == Keep::Nothing || left == 0 {
        return Ok((end, false));
    }
    let rest = Options { max_evaluations: left, ..options.run.clone() };
    let again = run(objective, &end.x, &start::nocedal_wright().0, options.memory, &rest)?;
    let evaluations = end.evaluations + again.evaluations;
    // The better of the two ends: rounding may keep a second run from its point.
    let better = if again.status.is_converged() || again.value <= end.value { again } else { end };
    Ok((Solution { evaluations, ..better }, true))
}

fn run<O: Objective>(
    objective: &O,
    x0: &[f64],
    start: &Start,
    memory: Option<usize>,
    options: &Options,
) -> Result<Solution<InitialInverseHessian>, Error> {
    let mut silent = |_: &Progress<'_>| ControlFlow::Continue(());
    match memory {
        None => Ok(minimize(objective, x0, start, options, &mut silent)?.map(InitialInverseHessian::Dense)),
        Some(pairs) => lbfgs::minimize(objective, x0, start, pairs, options, &mut silent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Instance, quadratic};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// Quadratics with one Hessian and moving minima.
    struct Moved<'a>(&'a Instance, f64);

    impl Objective for Moved<'_> {
        fn dim(&self) -> usize {
            self.0.dim()
        }
        fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
            let moved: Vec<f64> = x.iter().enumerate().map(|(i, x)| x - self.1 * (i as f64).sin()).collect();
            self.0.value_gradient(&moved, gradient)
        }
    }

    fn bowl() -> Instance {
        quadratic(30, 1e4, 1.0, &mut ChaCha8Rng::seed_from_u64(1)).unwrap()
    }

    #[test]
    fn a_shared_hessian_is_kept() {
        let bowl = bowl();
        let sequence: Vec<Moved<'_>> = (0..12).map(|k| Moved(&bowl, 0.3 * f64::from(k))).collect();
        let found = recycle(&sequence, &bowl.x0, &RecycleOptions::default()).unwrap();
        assert!(found.solutions.iter().all(|end| end.status.is_converged()));
        assert_eq!(found.kept[0], Keep::Nothing);
        assert_eq!(found.kept[1..5].iter().filter(|kept| **kept == Keep::Scalar).count(), TRIALS, "{:?}", found.kept);
        assert!(found.kept[5..].iter().all(|kept| *kept == Keep::Curvature), "{:?}", found.kept);
        assert!(2 * found.saved() > found.evaluations.cast_signed(), "{} of {}", found.saved(), found.evaluations);
        let cold = RecycleOptions { keep: Some(Keep::Nothing), ..RecycleOptions::default() };
        assert!(recycle(&sequence, &bowl.x0, &cold).unwrap().evaluations > found.evaluations);
        let limited = RecycleOptions { memory: Some(10), ..RecycleOptions::default() };
        assert!(recycle(&sequence, &bowl.x0, &limited).unwrap().solutions.iter().all(|end| end.status.is_converged()));
    }

    /// The second Hessian is the first, reversed: its inverse is the wrong H0, and the run falls back or converges all the same.
    #[test]
    fn a_wrong_matrix_is_no_failure() {
        struct Scaled(bool);
        impl Objective for Scaled {
            fn dim(&self) -> usize {
                20
            }
            fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
                let curvature = |i: usize| 1.7_f64.powf(if self.0 { i as f64 } else { 19.0 - i as f64 });
                gradient.iter_mut().zip(x).enumerate().for_each(|(i, (g, x))| *g = curvature(i) * (x - 1.0));
                x.iter().enumerate().map(|(i, x)| 0.5 * curvature(i) * (x - 1.0).powi(2)).sum()
            }
        }
        let options = RecycleOptions { keep: Some(Keep::Curvature), patience: 0.1, ..RecycleOptions::default() };
        let run = Options { gradient_tolerance: 1e-4, ..Options::default() };
        let found = recycle(&[Scaled(true), Scaled(false)], &[0.0; 20], &RecycleOptions { run, ..options }).unwrap();
        assert!(found.solutions.iter().all(|end| end.status.is_converged()));
        let total: u64 = found.solutions.iter().map(|end| end.evaluations).sum();
        assert_eq!(total, found.evaluations);
    }

    #[test]
    fn wrong_arguments_are_refused() {
        let none: [Instance; 0] = [];
        assert!(recycle(&none, &[], &RecycleOptions::default()).is_err());
        let bowl = bowl();
        assert!(recycle(&[&bowl], &[0.0; 3], &RecycleOptions::default()).is_err());
        let options = RecycleOptions { patience: f64::NAN, ..RecycleOptions::default() };
        assert!(recycle(&[&bowl], &bowl.x0, &options).is_err());
    }
}
