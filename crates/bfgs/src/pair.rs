//! A pair (s, y): a step and the change of the gradient along it.

use serde::{Deserialize, Serialize};

use crate::vector::dot;

/// A step s and the change y of the gradient along it; y = B s, where B is the average Hessian along the step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The step x⁺ - x.
    pub s: Vec<f64>,
    /// The change of the gradient, ∇f(x⁺) - ∇f(x).
    pub y: Vec<f64>,
}

impl Pair {
    /// Whether the pair can update a positive definite matrix: s'y > eps |s| |y|.
    pub fn is_curved(&self) -> bool {
        is_curved(dot(&self.s, &self.y), dot(&self.s, &self.s), dot(&self.y, &self.y))
    }

    /// Returns s'y / y'y, the scale of H0 in Nocedal & Wright (6.20): the smaller of the two scales that fit the pair.
    pub fn gamma(&self) -> f64 {
        dot(&self.s, &self.y) / dot(&self.y, &self.y)
    }

    /// Returns |s| / |y|, the geometric mean of the two scales that fit the pair, s'y / y'y and s's / s'y.
    pub fn mean_gamma(&self) -> f64 {
        (dot(&self.s, &self.s) / dot(&self.y, &self.y)).sqrt()
    }
}

/// Whether s'y > eps |s| |y|; false for overflow and NaN. Below that limit s'y is rounding noise, and the update
/// divides by s'y.
pub(crate) fn is_curved(sy: f64, ss: f64, yy: f64) -> bool {
    sy > f64::EPSILON * ss.sqrt() * yy.sqrt() && sy.is_finite() && yy.is_finite()
}
