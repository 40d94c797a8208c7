//! What a run tells: while it goes on, and at its end.

use serde::{Deserialize, Serialize};

use crate::packed::PackedSymmetric;
use crate::pair::Pair;

/// One evaluation, as the observer sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Evaluations so far, this one included: the work.
    pub evaluations: u64,
    /// Where it was.
    pub x: &'a [f64],
    /// The value; may be NaN or infinite inside a line search.
    pub value: f64,
    /// Largest absolute entry of the gradient.
    pub gradient_norm: f64,
    /// Whether the point became an iterate at once. (When rounding ends a search, an earlier point becomes the iterate.)
    pub accepted: bool,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Status {
    /// The gradient is within its tolerance.
    GradientTolerance,
    /// The value is at or below the target.
    TargetReached,
    /// Rounding leaves nothing to gain, also along -H0 g.
    Stalled,
    /// The evaluations are used up.
    MaxEvaluations,
    /// The observer asked for it.
    Interrupted,
}

/// Where a run ended and what it learnt on the way.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Solution<H = PackedSymmetric> {
    /// The last iterate, or a later trial point with a lower value where the run was cut off inside a line search.
    pub x: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: Vec<f64>,
    /// Its largest absolute entry.
    pub gradient_norm: f64,
    /// Evaluations of value and gradient.
    pub evaluations: u64,
    /// Steps taken.
    pub iterations: u64,
    /// How often the run went back to H0.
    pub resets: u64,
    /// Why the run ended.
    pub status: Status,
    /// The inverse Hessian at the end: a later run's H0.
    pub inverse_hessian: H,
    /// The pairs that updated it, oldest first, if they were to be kept. A reset does not drop the earlier ones.
    pub pairs: Vec<Pair>,
    /// The first such pair, kept in any case.
    pub first_pair: Option<Pair>,
    /// Length of the longest step, in units of x.
    pub longest_step: f64,
}

impl<H> Solution<H> {
    /// The same with another form of H: `end.map(InitialInverseHessian::Dense)`.
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
            inverse_hessian: form(self.inverse_hessian),
            pairs: self.pairs,
            first_pair: self.first_pair,
            longest_step: self.longest_step,
        }
    }
}
