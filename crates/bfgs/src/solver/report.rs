//! The reports of a run: progress, and the solution at the end.

use serde::{Deserialize, Serialize};

use crate::packed::PackedSymmetric;
use crate::pair::Pair;

/// One evaluation, as passed to the observer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Evaluations so far, including this one: the work.
    pub evaluations: u64,
    /// The point that was evaluated.
    pub x: &'a [f64],
    /// The value. It may be NaN or infinite inside a line search.
    pub value: f64,
    /// Largest absolute entry of the gradient.
    pub gradient_norm: f64,
    /// Whether this point immediately became an iterate. (If rounding ends a line search, an earlier point of it
    /// becomes the iterate.)
    pub accepted: bool,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Status {
    /// The largest entry of the gradient is at most the tolerance.
    GradientTolerance,
    /// The value is at or below the target.
    TargetReached,
    /// The last step decreased the value by at most [`Options::value_tolerance`](crate::Options::value_tolerance).
    ValueTolerance,
    /// No further progress is possible because of rounding, also along -H0 g and along the negative gradient.
    Stalled,
    /// As `Stalled`, with [`Solution::gradient_mismatch`]. [`check_gradient`](crate::check_gradient) compares all entries.
    GradientMismatch,
    /// The value or the gradient is not finite at any step from the last iterate, however short: it lies at the edge of the
    /// set where the function is defined.
    NonFinite,
    /// The function has no minimum: its value is minus infinity at some point, or it falls along a line with the slope
    /// that it has at the beginning, up to 1e20 times as far from the origin. The solution holds the lowest finite point. This goes before a target.
    Unbounded,
    /// The limit of evaluations is reached.
    MaxEvaluations,
    /// The observer ended the run.
    Interrupted,
}

impl Status {
    /// Whether a tolerance or the target ended the run.
    pub fn is_converged(self) -> bool {
        matches!(self, Self::GradientTolerance | Self::ValueTolerance | Self::TargetReached)
    }
}

/// The result of a run: the point where it ended, and the curvature that it collected.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Solution<H = PackedSymmetric> {
    /// The last iterate. If the run did not converge, the point of lowest value that was evaluated.
    pub x: Vec<f64>,
    /// The value at `x`.
    pub value: f64,
    /// The gradient at `x`.
    pub gradient: Vec<f64>,
    /// The largest absolute entry of the gradient.
    pub gradient_norm: f64,
    /// Evaluations of value and gradient.
    pub evaluations: u64,
    /// Steps taken.
    pub iterations: u64,
    /// Number of resets of H to H0.
    pub resets: u64,
    /// Why the run ended.
    pub status: Status,
    /// Whether, at the first line search that found no lower point, the gradient differed from a difference quotient of the
    /// values by more than rounding explains: it is wrong, or the function is noisy or not smooth there.
    pub gradient_mismatch: bool,
    /// The inverse Hessian at the end, which can be the H0 of a later run.
    pub inverse_hessian: H,
    /// The pairs that updated H, oldest first, if [`Options::keep_pairs`](crate::Options::keep_pairs) is set. Pairs
    /// from before a reset are included.
    pub pairs: Vec<Pair>,
    /// The first such pair, which is always kept.
    pub first_pair: Option<Pair>,
    /// The last such pair, which is always kept.
    pub last_pair: Option<Pair>,
    /// Length of the longest step, in units of x.
    pub longest_step: f64,
}

impl<H> Solution<H> {
    /// Returns the same solution with H converted, for example by `end.map(InitialInverseHessian::Dense)`.
    pub fn map<G>(self, form: impl FnOnce(H) -> G) -> Solution<G> {
        Solution {
            x: self.x,
            value: self.value,
            gradient: self.gradient,
            gradient_norm: self.gradient_norm,
            evaluations: self.evaluations,
            iterations: self.iterations,
            resets: self.resets,
            status: self.status,
            gradient_mismatch: self.gradient_mismatch,
            inverse_hessian: form(self.inverse_hessian),
            pairs: self.pairs,
            first_pair: self.first_pair,
            last_pair: self.last_pair,
            longest_step: self.longest_step,
        }
    }
}
