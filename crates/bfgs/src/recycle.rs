//! Sequences of related problems: each run begins where the last one ended, with its curvature.
//!
//! Examples are the steps of a regularisation path, the folds of a cross-validation, and the time steps of a controller. A
//! recycled inverse Hessian helps where neighbouring problems have similar Hessians, and hurts where they do not. So
//! [`recycle`] tries a scalar and the whole matrix on the first problems, goes on with what needed fewer evaluations, and
//! returns to a cold start where a recycled run goes wrong. [`Recycler`] does the same for problems that come one at a time.

use std::ops::ControlFlow;

use headstart_check::check;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::h0::{InitialInverseHessian, Start};
use crate::low_rank::LowRank;
use crate::objective::Objective;
use crate::packed::PackedSymmetric;
use crate::pair::Pair;
use crate::solver::{Options, Progress, Solution, Status};
use crate::{Error, lbfgs, minimize, start};

/// The curvature that a run passes on to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    /// Nothing: every run has the H0 of [`RecycleOptions::cold`].
    Nothing,
    /// The scale s'y / y'y of the last pair.
    Scalar,
    /// The diagonal of the inverse Hessian.
    Diagonal,
    /// The scale of the last pair, updated by at most this many of the last pairs (Morales & Nocedal 2000).
    Pairs(usize),
    /// The inverse Hessian: the full matrix, or the pairs of L-BFGS, whose number does not grow.
    Curvature,
}

/// The point where a run begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// The x0 of its problem.
    Own,
    /// The end of the last run.
    #[default]
    Last,
    /// The line through the last two ends, one step on: `2 x_k - x_(k-1)`. It suits a parameter that changes in equal steps. The
    /// second run begins at the last end, as does one whose extrapolated point has no finite value.
    Secant,
}

/// Options of [`recycle`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecycleOptions {
    /// Options of every run.
    pub run: Options,
    /// Pairs that L-BFGS stores; `None` runs BFGS with the full matrix.
    pub memory: Option<usize>,
    /// The H0 of the first run, of runs that keep nothing, and of fallbacks.
    pub cold: Start,
    /// Where runs begin.
    pub position: Position,
    /// What to pass on; `None` compares scalar and curvature on the first problems and goes on with the better one.
    pub keep: Option<Keep>,
    /// A recycled run that needs more than this multiple of the evaluations of the first run goes on from its point with a cold
    /// start. Infinity: only runs that fail do.
    pub patience: f64,
}

impl Default for RecycleOptions {
    /// H0 = I, rescaled after the first step (Nocedal & Wright 6.20), in the first run; later runs begin at the last end.
    fn default() -> Self {
        Self {
            run: Options::default(),
            memory: None,
            cold: start::nocedal_wright().0,
            position: Position::default(),
            keep: None,
            patience: 2.0,
        }
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
    let mut recycler = Recycler::new(options.clone())?;
    let mut solutions = Vec::with_capacity(objectives.len());
    for objective in objectives {
        solutions.push(recycler.minimize(objective, x0, &mut |_| ControlFlow::Continue(()))?.clone());
    }
    Ok(recycler.finish(solutions))
}

/// Minimises related problems that come one at a time, as those of a controller do.
///
/// ```
/// use headstart_bfgs::{problem, recycle::{Recycler, RecycleOptions}};
/// # use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// # use std::ops::ControlFlow;
/// # let mut rng = ChaCha8Rng::seed_from_u64(1);
/// let mut recycler = Recycler::new(RecycleOptions::default())?;
/// for _ in 0..3 {
///     let bowl = problem::quadratic(20, 100.0, 1.0, &mut rng)?;
///     let end = recycler.minimize(&bowl, &bowl.x0, &mut |_| ControlFlow::Continue(()))?;
///     assert!(end.gradient_norm <= 1e-6);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recycler {
    options: RecycleOptions,
    runs: Vec<Past>,
    evaluations: u64,
    last: Option<Solution<InitialInverseHessian>>,
    /// The end before the last one.
    before: Option<Vec<f64>>,
    /// The curvature of the last run that made a step: a run that begins at its minimum collects none.
    collected: Option<Collected>,
}

#[derive(Clone, Debug)]
struct Collected {
    inverse_hessian: InitialInverseHessian,
    pairs: Vec<Pair>,
    last_pair: Pair,
}

/// What is remembered of each run.
#[derive(Clone, Copy, Debug)]
struct Past {
    kept: Keep,
    evaluations: u64,
    fell_back: bool,
}

impl Recycler {
    /// Begins a sequence. Errors: options out of range.
    pub fn new(options: RecycleOptions) -> Result<Self, Error> {
        check(options.patience > 0.0, "patience", options.patience, "positive")?;
        if let Some(Keep::Pairs(pairs)) = options.keep {
            check(pairs > 0, "the number of pairs to keep", 0.0, "at least 1")?;
        }
        Ok(Self { options, runs: Vec::new(), evaluations: 0, last: None, before: None, collected: None })
    }

    /// Minimises the next problem. `x0` is used by the first run, by all with [`Position::Own`], and where the objective has no
    /// finite value at the last end. `observer` is called after
    /// every evaluation, with the evaluations of this problem; returning `Break` ends the run.
    ///
    /// Errors: another number of unknowns than before, an x0 where the objective is not finite.
    pub fn minimize<O, F>(
        &mut self,
        objective: &O,
        x0: &[f64],
        observer: &mut F,
    ) -> Result<&Solution<InitialInverseHessian>, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let keep = self.options.keep.unwrap_or_else(|| self.choose());
        let (start, kept) = self.start(keep)?;
        let mut places = self.places().into_iter();
        let mut tried = 0;
        let (end, fell_back) = loop {
            let place = places.next();
            let mut shifted = later(tried, observer);
            match (self.run(objective, place.as_deref().unwrap_or(x0), (&start, kept), &mut shifted), place) {
                // A point of another problem may have no value here. Its evaluation counts.
                (Err(Error::NonFiniteStart { .. }), Some(_)) => tried += 1,
                (end, _) => break end?,
            }
        };
        let end = Solution { evaluations: tried + end.evaluations, ..end };
        self.evaluations += end.evaluations;
        self.runs.push(Past { kept, evaluations: end.evaluations, fell_back });
        if let Some(last_pair) = end.last_pair.clone() {
            let (inverse_hessian, pairs) = (end.inverse_hessian.clone(), end.pairs.clone());
            self.collected = Some(Collected { inverse_hessian, pairs, last_pair });
        }
        self.before = self.last.take().map(|last| last.x);
        Ok(self.last.insert(end))
    }

    /// Ends the sequence. `solutions` are those of its runs, which the recycler does not keep.
    pub fn finish(self, solutions: Vec<Solution<InitialInverseHessian>>) -> Recycled {
        let (kept, fell_back) = self.runs.into_iter().map(|run| (run.kept, run.fell_back)).unzip();
        Recycled { solutions, kept, fell_back, evaluations: self.evaluations }
    }

    /// Returns the evaluations of all runs so far.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// Returns whether the last run went on with a cold start.
    pub fn fell_back(&self) -> bool {
        self.runs.last().is_some_and(|run| run.fell_back)
    }

    /// The points to begin at, in this order, before the problem's own x0.
    fn places(&self) -> Vec<Vec<f64>> {
        let mut places = Vec::new();
        let Some(last) = self.last.as_ref().filter(|_| self.options.position != Position::Own) else { return places };
        if let (Position::Secant, Some(before)) = (self.options.position, &self.before)
            && before.len() == last.x.len()
        {
            places.push(last.x.iter().zip(before).map(|(x, before)| 2.0 * x - before).collect());
        }
        places.push(last.x.clone());
        places
    }

    /// The start of the next run, and what it really keeps: nothing before a run has made a step.
    fn start(&self, keep: Keep) -> Result<(Start, Keep), Error> {
        let cold = (self.options.cold.clone(), Keep::Nothing);
        let Some(Collected { inverse_hessian, pairs, last_pair }) = &self.collected else { return Ok(cold) };
        let gamma = last_pair.gamma();
        let h0 = match keep {
            Keep::Nothing => return Ok(cold),
            Keep::Scalar => InitialInverseHessian::Scaled(gamma),
            Keep::Pairs(most) => {
                let pairs = pairs[pairs.len().saturating_sub(most)..].to_vec();
                InitialInverseHessian::LowRank(LowRank { gamma, pairs })
            }
            Keep::Diagonal => diagonal(inverse_hessian, last_pair.s.len())?,
            Keep::Curvature => inverse_hessian.clone(),
        };
        Ok((h0.into(), keep))
    }

    /// The kind with the smaller mean number of evaluations, once both were tried; a fallback counts with all it cost.
    fn choose(&self) -> Keep {
        let of = |kind: Keep| {
            let runs = self.runs.iter().filter(move |run| run.kept == kind);
            let all: Vec<f64> = runs.map(|run| run.evaluations as f64).collect();
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
    fn run<O, F>(
        &self,
        objective: &O,
        x0: &[f64],
        (start, kept): (&Start, Keep),
        observer: &mut F,
    ) -> Result<(Solution<InitialInverseHessian>, bool), Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let (all, cold) = (&self.options.run, &self.options.cold);
        let first = self.runs.first();
        let patience = first.map_or(f64::INFINITY, |run| self.options.patience * run.evaluations.max(FEW) as f64);
        let is_bounded = kept != Keep::Nothing && patience < all.max_evaluations as f64;
        let most = if is_bounded { (patience as u64).max(1) } else { all.max_evaluations };
        let end = match self.one(objective, x0, start, &Options { max_evaluations: most, ..all.clone() }, observer) {
            // Rounding has made the matrix indefinite.
            Err(Error::NotDescent { .. }) if kept != Keep::Nothing => {
                return Ok((self.one(objective, x0, cold, all, observer)?, true));
            }
            end => end?,
        };
        let left = all.max_evaluations.saturating_sub(end.evaluations);
        let is_over = end.status.is_converged() || end.status == Status::Interrupted;
        if is_over || kept == Keep::Nothing || left == 0 {
            return Ok((end, false));
        }
        let before = end.evaluations;
        let mut shifted = later(before, observer);
        let rest = Options { max_evaluations: left, ..all.clone() };
        let again = self.one(objective, &end.x, cold, &rest, &mut shifted)?;
        let evaluations = before + again.evaluations;
        // The better of the two ends: rounding may keep a second run from its point.
        let better = if again.status.is_converged() || again.value <= end.value { again } else { end };
        Ok((Solution { evaluations, ..better }, true))
    }

    fn one<O, F>(
        &self,
        objective: &O,
        x0: &[f64],
        start: &Start,
        options: &Options,
        observer: &mut F,
    ) -> Result<Solution<InitialInverseHessian>, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let keep_pairs = options.keep_pairs || matches!(self.options.keep, Some(Keep::Pairs(_)));
        let options = Options { keep_pairs, ..options.clone() };
        match self.options.memory {
            None => Ok(minimize(objective, x0, start, &options, observer)?.map(InitialInverseHessian::Dense)),
            Some(pairs) => lbfgs::minimize(objective, x0, start, pairs, &options, observer),
        }
    }
}

/// An observer of a run after `before` evaluations.
fn later<F>(before: u64, observer: &mut F) -> impl FnMut(&Progress<'_>) -> ControlFlow<()>
where
    F: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    move |progress| observer(&Progress { evaluations: before + progress.evaluations, ..*progress })
}

/// The diagonal of an inverse Hessian of n unknowns.
fn diagonal(h: &InitialInverseHessian, n: usize) -> Result<InitialInverseHessian, Error> {
    let entries: Vec<f64> = match h {
        InitialInverseHessian::Scaled(gamma) => vec![*gamma; n],
        InitialInverseHessian::Dense(packed) => (0..n).filter_map(|i| packed.get(i, i)).collect(),
        InitialInverseHessian::LowRank(low_rank) => {
            let entry = |i: usize| {
                let unit: Vec<f64> = (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
                Ok(low_rank.multiply(&unit)?[i])
            };
            (0..n).map(entry).collect::<Result<_, Error>>()?
        }
    };
    let dense = Array2::from_diag(&ndarray::Array1::from_vec(entries));
    Ok(InitialInverseHessian::Dense(PackedSymmetric::symmetric_part(dense.view())))
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
    fn every_kind_and_position_converges() {
        let bowl = bowl();
        let sequence: Vec<Moved<'_>> = (0..4).map(|k| Moved(&bowl, 0.3 * f64::from(k))).collect();
        for keep in [Keep::Nothing, Keep::Scalar, Keep::Diagonal, Keep::Pairs(10), Keep::Curvature] {
            for position in [Position::Own, Position::Last, Position::Secant] {
                for memory in [None, Some(7)] {
                    let options = RecycleOptions {
                        keep: Some(keep),
                        position,
                        memory,
                        patience: f64::INFINITY,
                        ..RecycleOptions::default()
                    };
                    let found = recycle(&sequence, &bowl.x0, &options).unwrap();
                    assert!(found.solutions.iter().all(|end| end.status.is_converged()), "{keep:?} {position:?}");
                    assert!(found.kept[1..].iter().all(|kept| *kept == keep), "{:?}", found.kept);
                    assert!(!found.fell_back.contains(&true), "{keep:?} {position:?}");
                }
            }
        }
    }

    /// The minima move by equal steps, so the third run begins at its minimum.
    #[test]
    fn a_secant_extrapolates_a_straight_path() {
        struct Line(f64);
        impl Objective for Line {
            fn dim(&self) -> usize {
                5
            }
            fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
                gradient.iter_mut().zip(x).for_each(|(g, x)| *g = x - self.0);
                x.iter().map(|x| 0.5 * (x - self.0).powi(2)).sum()
            }
        }
        let options = RecycleOptions { position: Position::Secant, ..RecycleOptions::default() };
        let found = recycle(&[Line(1.0), Line(2.0), Line(3.0)], &[0.0; 5], &options).unwrap();
        assert_eq!(found.solutions[2].evaluations, 1);
    }

    /// The function is finite below its bound: neither the point extrapolated from 1 and 2 nor, later, the last end has a value.
    #[test]
    fn points_without_a_value_are_replaced() {
        struct Barrier(f64, f64);
        impl Objective for Barrier {
            fn dim(&self) -> usize {
                1
            }
            fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
                gradient[0] = x[0] - self.0;
                if x[0] < self.1 { 0.5 * (x[0] - self.0).powi(2) } else { f64::NAN }
            }
        }
        let options = RecycleOptions { position: Position::Secant, ..RecycleOptions::default() };
        let found =
            recycle(&[Barrier(1.0, 2.5), Barrier(2.0, 2.5), Barrier(2.2, 2.5), Barrier(0.5, 1.0)], &[0.0], &options)
                .unwrap();
        assert!(found.solutions.iter().all(|end| end.status.is_converged()));
        for (end, minimum) in found.solutions.iter().zip([1.0, 2.0, 2.2, 0.5]) {
            assert!((end.x[0] - minimum).abs() < 1e-6, "{:?}", end.x);
        }
        let total: u64 = found.solutions.iter().map(|end| end.evaluations).sum();
        assert_eq!(total, found.evaluations);
        assert!(recycle(&[Barrier(1.0, -1.0)], &[0.0], &options).is_err());
    }

    #[test]
    fn wrong_arguments_are_refused() {
        let none: [Instance; 0] = [];
        assert!(recycle(&none, &[], &RecycleOptions::default()).is_err());
        let bowl = bowl();
        assert!(recycle(&[&bowl], &[0.0; 3], &RecycleOptions::default()).is_err());
        let options = RecycleOptions { patience: f64::NAN, ..RecycleOptions::default() };
        assert!(recycle(&[&bowl], &bowl.x0, &options).is_err());
        let options = RecycleOptions { keep: Some(Keep::Pairs(0)), ..RecycleOptions::default() };
        assert!(recycle(&[&bowl], &bowl.x0, &options).is_err());
    }
}
