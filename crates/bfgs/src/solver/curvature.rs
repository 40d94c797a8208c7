//! The inverse Hessian of a run, its pending update, and the resulting search direction.

use serde::{Deserialize, Serialize};

use super::descent::Model;
use crate::Error;
use crate::h0::Start;
use crate::packed::PackedSymmetric;
use crate::pair::is_curved;
use crate::tiles::Tiles;
use crate::update::rank_two;
use crate::vector::{difference, dot, negated_sum, plus_scaled, products};

/// H and its last rank-2 update, which is still pending.
///
/// The update is applied together with the next product, which passes over H anyway: one pass per iteration. The
/// direction is known before that at a cost of O(n), since H⁺ g = H g + u (s'g) + s (u'g).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Curvature {
    h: Tiles,
    /// The pending update H + u s' + s u'; zero if none is pending.
    u: Vec<f64>,
    s: Vec<f64>,
    /// -H g, including the pending update.
    direction: Vec<f64>,
    /// Buffers for H g⁺ and Hy.
    w: Vec<f64>,
    hy: Vec<f64>,
    y: Vec<f64>,
    /// Whether H is still H0, without any update.
    fresh: bool,
}

impl Curvature {
    pub(super) fn new(n: usize) -> Self {
        let zeros = || vec![0.0; n];
        Self {
            h: Tiles::zeros(n),
            u: zeros(),
            s: zeros(),
            direction: zeros(),
            w: zeros(),
            hy: zeros(),
            y: zeros(),
            fresh: true,
        }
    }
}

impl Model for Curvature {
    type Matrix = PackedSymmetric;

    /// Applies the pending update and returns H.
    fn into_inverse_hessian(mut self) -> PackedSymmetric {
        // The product is not used here; `hy` only serves as a vector of the right length.
        self.h.update_and_multiply(&self.u, &self.s, &self.hy, &mut self.w);
        self.h.to_packed()
    }

    fn dim(&self) -> usize {
        self.h.dim()
    }

    fn direction(&self) -> &[f64] {
        &self.direction
    }

    fn is_fresh(&self) -> bool {
        self.fresh
    }

    fn last_pair(&self) -> (&[f64], &[f64]) {
        (&self.s, &self.y)
    }

    fn restart(&mut self, start: &Start, gradient: &[f64]) {
        start.h0.fill(&mut self.h);
        self.u.fill(0.0);
        self.s.fill(0.0);
        self.fresh = true;
        self.h.update_and_multiply(&self.u, &self.s, gradient, &mut self.w);
        negate_into(&mut self.direction, &self.w);
    }

    fn restart_plain(&mut self, gamma: f64, gradient: &[f64]) {
        self.h.set_scaled_unit(gamma);
        self.u.fill(0.0);
        self.s.fill(0.0);
        self.fresh = true;
        self.direction.iter_mut().zip(gradient).for_each(|(d, g)| *d = -gamma * g);
    }

    fn advance(&mut self, x: &[f64], x_new: &[f64], g: &[f64], g_new: &[f64], rescale: bool) -> bool {
        self.h.update_and_multiply(&self.u, &self.s, g_new, &mut self.w);
        // The step after rounding, since y is the change of the gradient along that step.
        difference(&mut self.s, x_new, x);
        difference(&mut self.y, g_new, g);
        let [sy, ss, yy] = products(&self.s, &self.y);
        if !is_curved(sy, ss, yy) {
            self.u.fill(0.0);
            negate_into(&mut self.direction, &self.w);
            return false;
        }

        // Hy = H g⁺ - H g = w + d.
        plus_scaled(&mut self.hy, &self.w, 1.0, &self.direction);
        if self.fresh && rescale {
            let factor = sy / dot(&self.y, &self.hy);
            if factor > 0.0 && factor.is_finite() {
                self.h.scale(factor);
                for vector in [&mut self.w, &mut self.hy, &mut self.direction] {
                    for entry in vector.iter_mut() {
                        *entry *= factor;
                    }
                }
            }
        }
        self.fresh = false;
        rank_two(&self.s, &self.y, &self.hy, sy, &mut self.u);

        let (sg, ug) = (dot(&self.s, g_new), dot(&self.u, g_new));
        negated_sum(&mut self.direction, &self.w, sg, &self.u, ug, &self.s);
        true
    }
}

/// The fields that are stored between two steps.
#[derive(Serialize, Deserialize)]
struct Stored {
    h: PackedSymmetric,
    u: Vec<f64>,
    s: Vec<f64>,
    direction: Vec<f64>,
    fresh: bool,
}

impl From<Curvature> for Stored {
    fn from(curvature: Curvature) -> Self {
        let Curvature { h, u, s, direction, fresh, .. } = curvature;
        Self { h: h.to_packed(), u, s, direction, fresh }
    }
}

impl TryFrom<Stored> for Curvature {
    type Error = Error;

    fn try_from(Stored { h, u, s, direction, fresh }: Stored) -> Result<Self, Error> {
        let n = h.dim();
        for given in [u.len(), s.len(), direction.len()] {
            if given != n {
                return Err(Error::Dimension { what: "a vector of the stored inverse Hessian", given, expected: n });
            }
        }
        let mut curvature = Self { u, s, direction, fresh, ..Self::new(n) };
        curvature.h.copy_from(&h);
        Ok(curvature)
    }
}

fn negate_into(into: &mut [f64], from: &[f64]) {
    for (into, from) in into.iter_mut().zip(from) {
        *into = -from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::h0::InitialInverseHessian;
    use crate::vector::norm_inf;

    /// After every step the direction is -H g for the H that the run would return, and H y = s.
    #[test]
    fn direction_and_matrix_agree() {
        let n = 11;
        let curvatures: Vec<f64> = (0..n).map(|i| 3f64.powi(i)).collect();
        let gradient =
            |x: &[f64]| -> Vec<f64> { x.iter().zip(&curvatures).map(|(x, c)| c * (x + x.powi(3))).collect() };
        for rescale in [false, true] {
            let start = InitialInverseHessian::Scaled(0.1).into();
            let mut x: Vec<f64> = (0..n).map(|i| f64::from(i).cos()).collect();
            let mut curvature = Curvature::new(x.len());
            curvature.restart(&start, &gradient(&x));
            for k in 1..30 {
                let moved: Vec<f64> = (0..n).map(|i| f64::from(i * k).sin() / f64::from(k)).collect();
                let (g, g_new) = (gradient(&x), gradient(&moved));
                assert!(curvature.advance(&x, &moved, &g, &g_new, rescale));
                x = moved;

                let h = curvature.clone().into_inverse_hessian();
                let product = h.multiply(&g_new).unwrap();
                let size = norm_inf(&product);
                assert!(
                    product.iter().zip(curvature.direction()).all(|(p, d)| (p + d).abs() < 1e-9 * size),
                    "step {k}"
                );
                let (s, y) = curvature.last_pair();
                let back = h.multiply(y).unwrap();
                assert!(back.iter().zip(s).all(|(a, b)| (a - b).abs() < 1e-9 * norm_inf(s)), "secant, step {k}");
            }
        }
    }
}
