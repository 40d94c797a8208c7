//! A pilot: an earlier run on the same function from another starting point.

use std::ops::ControlFlow;

use rand::Rng;
use serde::{Deserialize, Serialize};

use crate::h0::{InitialInverseHessian, Start};
use crate::pair::Pair;
use crate::problem::Instance;
use crate::solver::{Options, Solution, minimize};
use crate::{Error, lbfgs};

/// The curvature information of an earlier run, from which the `pilot_*` starts are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pilot {
    /// All pairs that updated H, oldest first.
    pub pairs: Vec<Pair>,
    /// The inverse Hessian at the end: a full matrix, or the last pairs after L-BFGS.
    pub inverse_hessian: InitialInverseHessian,
    /// Length of the longest step, in units of x.
    pub longest_step: f64,
    /// Evaluations of the run: the cost of the pilot.
    pub evaluations: u64,
    /// The value at the end.
    pub value: f64,
    /// Largest absolute entry of the gradient at the end.
    pub gradient_norm: f64,
}

impl Pilot {
    /// Runs plain BFGS (H0 = I, never rescaled) from a starting point drawn from the instance's distribution. The run
    /// ends when the largest entry of the gradient is at most `gradient_tolerance`, or after `max_evaluations`.
    pub fn run(
        instance: &Instance,
        gradient_tolerance: f64,
        max_evaluations: u64,
        rng: &mut impl Rng,
    ) -> Result<Self, Error> {
        let (x0, start, options) = prepare(instance, gradient_tolerance, max_evaluations, rng);
        let end = minimize(instance, &x0, &start, &options, &mut |_| ControlFlow::Continue(()))?;
        Ok(end.map(InitialInverseHessian::Dense).into())
    }

    /// Runs [L-BFGS](lbfgs) in the same way, for problems that are too large for a matrix.
    pub fn run_limited(
        instance: &Instance,
        memory: usize,
        gradient_tolerance: f64,
        max_evaluations: u64,
        rng: &mut impl Rng,
    ) -> Result<Self, Error> {
        let (x0, start, options) = prepare(instance, gradient_tolerance, max_evaluations, rng);
        let end = lbfgs::minimize(instance, &x0, &start, memory, &options, &mut |_| ControlFlow::Continue(()))?;
        Ok(end.into())
    }
}

impl From<Solution<InitialInverseHessian>> for Pilot {
    /// Makes a pilot from your own run, which must have kept its pairs ([`Options::keep_pairs`]).
    fn from(end: Solution<InitialInverseHessian>) -> Self {
        Self {
            pairs: end.pairs,
            inverse_hessian: end.inverse_hessian,
            longest_step: end.longest_step,
            evaluations: end.evaluations,
            value: end.value,
            gradient_norm: end.gradient_norm,
        }
    }
}

/// Starting point, start and options of a pilot.
fn prepare(
    instance: &Instance,
    gradient_tolerance: f64,
    max_evaluations: u64,
    rng: &mut impl Rng,
) -> (Vec<f64>, Start, Options) {
    let options = Options { gradient_tolerance, max_evaluations, keep_pairs: true, ..Options::default() };
    (instance.sample_x0(rng), super::identity().0, options)
}
