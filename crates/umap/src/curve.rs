//! The curve 1 / (1 + a d^2b) from distances in the layout to memberships, and the fit of its parameters.

use headstart_check::check;
use headstart_simd::Portable;

use crate::Error;

/// phi(d) = 1 / (1 + a d^2b).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Factor a.
    pub a: f64,
    /// Exponent b of the squared distance.
    pub b: f64,
}

/// Number of points in [0, 3 spread] at which the curve is fitted, as in umap-learn.
const POINTS: usize = 300;

impl Curve {
    /// Fits the curve by least squares to 1 below `min_dist` and exp(-(d - `min_dist`) / spread) above it, at 300
    /// equidistant points of [0, 3 spread] (`McInnes` et al. 2018, section 4; `find_ab_params` of umap-learn).
    ///
    /// Uses Levenberg-Marquardt, converged to the last digits. For `min_dist` 0.1 and spread 1, a = 1.576943 and b =
    /// 0.895061.
    ///
    /// Errors: a spread that is not positive, a `min_dist` outside [0, 3 spread).
    pub fn fit(min_dist: f64, spread: f64) -> Result<Self, Error> {
        check(spread > 0.0 && spread.is_finite(), "spread", spread, "positive and finite")?;
        let holds = min_dist >= 0.0 && min_dist < 3.0 * spread;
        check(holds, "min_dist", min_dist, "at least 0 and below three times the spread")?;
        // In units of the spread; the unit is restored in a at the end.
        let target: Vec<(f64, f64)> = (0..POINTS)
            .map(|i| {
                let d = 3.0 * i as f64 / (POINTS - 1) as f64;
                let over = d - min_dist / spread;
                (d, if over < 0.0 { 1.0 } else { (-over).portable_exp() })
            })
            .collect();
        let mut at = Unknowns { log_a: 0.0, b: 1.0 };
        let mut damping = 1e-3;
        let (mut cost, mut normal) = at.linearised(&target);
        for _ in 0..500 {
            let step = normal.solve(damping);
            let next = Unknowns { log_a: at.log_a + step.0, b: at.b + step.1 };
            let (next_cost, next_normal) = next.linearised(&target);
            if next_cost <= cost {
                (at, cost, normal) = (next, next_cost, next_normal);
                damping *= 0.1;
                if step.0.abs() + step.1.abs() < 1e-13 {
                    break;
                }
            } else {
                damping *= 10.0;
                if damping > 1e12 {
                    break;
                }
            }
        }
        Ok(Self { a: at.log_a.portable_exp() * spread.portable_powf(-2.0 * at.b), b: at.b })
    }

    /// Returns phi at a squared distance.
    pub fn at(&self, squared: f64) -> f64 {
        1.0 / (1.0 + self.a * squared.portable_powf(self.b))
    }
}

/// The unknowns of the fit; ln a keeps a positive.
struct Unknowns {
    log_a: f64,
    b: f64,
}

/// J'J and -J'r of the least-squares problem.
struct Normal {
    aa: f64,
    ab: f64,
    bb: f64,
    ra: f64,
    rb: f64,
}

impl Unknowns {
    fn linearised(&self, target: &[(f64, f64)]) -> (f64, Normal) {
        let mut cost = 0.0;
        let mut normal = Normal { aa: 0.0, ab: 0.0, bb: 0.0, ra: 0.0, rb: 0.0 };
        for &(d, wanted) in target {
            let raised = (self.log_a + 2.0 * self.b * d.portable_ln()).portable_exp();
            let phi = 1.0 / (1.0 + raised);
            let residual = phi - wanted;
            cost += residual * residual;
            // At d = 0 the curve is 1 for all a and b.
            if d > 0.0 {
                let by_log_a = -phi * phi * raised;
                let by_b = by_log_a * 2.0 * d.portable_ln();
                normal.aa += by_log_a * by_log_a;
                normal.ab += by_log_a * by_b;
                normal.bb += by_b * by_b;
                normal.ra -= by_log_a * residual;
                normal.rb -= by_b * residual;
            }
        }
        (cost, normal)
    }
}

impl Normal {
    /// The Levenberg-Marquardt step: each diagonal entry is raised by the fraction `damping` of itself.
    fn solve(&self, damping: f64) -> (f64, f64) {
        let (aa, bb) = (self.aa * (1.0 + damping), self.bb * (1.0 + damping));
        let determinant = aa * bb - self.ab * self.ab;
        ((bb * self.ra - self.ab * self.rb) / determinant, (aa * self.rb - self.ab * self.ra) / determinant)
    }
}
