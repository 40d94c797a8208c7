//! An earlier run on the same function, from a starting point of its own.

use std::ops::ControlFlow;

use rand::Rng;
use serde::{Deserialize, Serialize};

use crate::h0::{InitialInverseHessian, Start};
use crate::pair::Pair;
use crate::problem::Instance;
use crate::solver::{Options, Solution, minimize};
use crate::{Error, lbfgs};

/// What an earlier run learnt. The starts made from it say how much of that they pass on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pilot {
    /// Every pair that updated H, oldest first.
    pub pairs: Vec<Pair>,
    /// The inverse Hessian at the end: a full matrix, or after L-BFGS its last pairs.
    pub inverse_hessian: InitialInverseHessian,
    /// Length of the longest step, in units of x.
    pub longest_step: f64,
    /// What the run cost.
    pub evaluations: u64,
    /// The value at the end.
    pub value: f64,
    /// Largest absolute entry of the gradient at the end.
    pub gradient_norm: f64,
}

impl Pilot {
    /// Runs plain BFGS (the unit matrix as H0, never rescaled) from a starting point drawn from the instance's
    /// distribution, until the gradient is within `gradient_tolerance` or `max_evaluations` are used up.
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

    /// The same with [L-BFGS](lbfgs), for problems that are too large for a matrix.
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
    /// What a run of one's own learnt; it must have kept its pairs.
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

/// What a pilot begins with and when it ends.
fn prepare(
    instance: &Instance,
    gradient_tolerance: f64,
    max_evaluations: u64,
    rng: &mut impl Rng,
) -> (Vec<f64>, Start, Options) {
    let options = Options { gradient_tolerance, max_evaluations, keep_pairs: true, ..Options::default() };
    (instance.sample_x0(rng), super::identity().0, options)
}
