//! What a run remembers of its steps: pairs, resets, fallbacks, and iterates without progress.

use serde::{Deserialize, Serialize};

use super::walk::EvaluatedPoint;
use crate::pair::Pair;
use crate::vector::{norm, norm_inf};

/// A run has stalled after this many consecutive iterates without a lower value or a smaller gradient: only rounding is
/// left.
const FLAT_ITERATES: u32 = 20;

/// What was tried since a line search last failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Tried {
    #[default]
    Nothing,
    H0,
    Gradient,
}

/// The last fallback, the value where it began, and the smallest gradient where any fallback began.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Fallback {
    pub(super) tried: Tried,
    value: f64,
    least_gradient: Option<f64>,
}

/// A value counts as lower if it is lower by this fraction.
const LOWER: f64 = 1e-12;

impl Fallback {
    pub(super) fn begin(&mut self, tried: Tried, place: &EvaluatedPoint) {
        let gradient = norm_inf(&place.gradient);
        let least = self.least_gradient.map_or(gradient, |least| least.min(gradient));
        *self = Self { tried, value: place.value, least_gradient: Some(least) };
    }

    /// After progress beyond rounding, the next failure begins with H0 again. Both kinds of progress come to an end: values
    /// decrease, and so does the smallest gradient.
    pub(super) fn forget_after(&mut self, place: &EvaluatedPoint) {
        let is_lower = place.value < self.value - LOWER * self.value.abs();
        let is_flatter = self.least_gradient.is_some_and(|least| norm_inf(&place.gradient) < 0.5 * least);
        if self.tried != Tried::Nothing && (is_lower || is_flatter) {
            self.tried = Tried::Nothing;
        }
    }
}

/// What a run records of its steps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct History {
    pub(super) iterations: u64,
    pub(super) resets: u64,
    pub(super) pairs: Vec<Pair>,
    pub(super) first_pair: Option<Pair>,
    pub(super) last_pair: Option<Pair>,
    pub(super) longest_step: f64,
}

impl History {
    pub(super) fn note(&mut self, s: &[f64], y: &[f64], learnt: bool, keep: bool) {
        self.iterations += 1;
        self.longest_step = self.longest_step.max(norm(s));
        let pair = || Pair { s: s.to_vec(), y: y.to_vec() };
        if learnt && self.first_pair.is_none() {
            self.first_pair = Some(pair());
        }
        if learnt {
            match &mut self.last_pair {
                Some(last) => {
                    last.s.copy_from_slice(s);
                    last.y.copy_from_slice(y);
                }
                None => self.last_pair = Some(pair()),
            }
        }
        if learnt && keep {
            self.pairs.push(pair());
        }
    }
}

/// Counts iterates that bring neither a lower value nor a smaller gradient.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stagnation {
    value: f64,
    gradient_norm: f64,
    pub(super) count: u32,
}

impl Stagnation {
    pub(super) fn new(place: &EvaluatedPoint) -> Self {
        Self { value: place.value, gradient_norm: norm_inf(&place.gradient), count: 0 }
    }

    pub(super) fn holds_at(&mut self, place: &EvaluatedPoint) -> bool {
        let gradient_norm = norm_inf(&place.gradient);
        if place.value < self.value || gradient_norm < self.gradient_norm {
            self.count = 0;
        } else {
            self.count += 1;
        }
        self.value = self.value.min(place.value);
        self.gradient_norm = self.gradient_norm.min(gradient_norm);
        self.count >= FLAT_ITERATES
    }
}
