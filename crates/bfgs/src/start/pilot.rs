//! A pilot: an earlier run on the same function from another starting point.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::h0::{InitialInverseHessian, Start};
use crate::pair::Pair;
use crate::solver::{Options, Solution, minimize};
use crate::{Error, Objective, lbfgs};

/// The curvature information of an earlier run, from which the `pilot_*` starts are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pilot {
    /// All pairs that updated H, oldest first.
    pub pairs: Vec<Pair>,
    /// The inverse Hessian at the end: a full matrix, or the last pairs after L-BFGS.
    pub inverse_hessian: InitialInverseHessian,
    /// Whether a step had curvature, so that the matrix is more than H0.
    pub has_curvature: bool,
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
    /// Runs plain BFGS (H0 = I, never rescaled) from `x0`. The run ends when the largest entry of the gradient is at most
    /// `gradient_tolerance`, or after `max_evaluations`.
    pub fn run(
        objective: &impl Objective,
        x0: &[f64],
        gradient_tolerance: f64,
        max_evaluations: u64,
    ) -> Result<Self, Error> {
        let (start, options) = prepare(gradient_tolerance, max_evaluations);
        let end = minimize(objective, x0, &start, &options, &mut |_| ControlFlow::Continue(()))?;
        Ok(end.map(InitialInverseHessian::Dense).into())
    }

    /// Runs [L-BFGS](lbfgs) in the same way, for problems that are too large for a matrix.
    pub fn run_limited(
        objective: &impl Objective,
        x0: &[f64],
        memory: usize,
        gradient_tolerance: f64,
        max_evaluations: u64,
    ) -> Result<Self, Error> {
        let (start, options) = prepare(gradient_tolerance, max_evaluations);
        let end = lbfgs::minimize(objective, x0, &start, memory, &options, &mut |_| ControlFlow::Continue(()))?;
        Ok(end.into())
    }
}

impl From<Solution<InitialInverseHessian>> for Pilot {
    /// Makes a pilot from your own run. Starts from pairs need a run that kept them ([`Options::keep_pairs`]).
    fn from(end: Solution<InitialInverseHessian>) -> Self {
        Self {
            has_curvature: end.first_pair.is_some(),
            pairs: end.pairs,
            inverse_hessian: end.inverse_hessian,
            longest_step: end.longest_step,
            evaluations: end.evaluations,
            value: end.value,
            gradient_norm: end.gradient_norm,
        }
    }
}

/// Start and options of a pilot.
fn prepare(gradient_tolerance: f64, max_evaluations: u64) -> (Start, Options) {
    let options = Options { gradient_tolerance, max_evaluations, keep_pairs: true, ..Options::default() };
    (super::identity().0, options)
}
