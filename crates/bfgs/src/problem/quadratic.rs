//! Strictly convex quadratics with a chosen spectrum.

use headstart_check::check;
use ndarray::{Array1, Array2};
use rand::{Rng, RngExt};
use serde::Serialize;

use super::random::{log_spaced, normal, orthogonal};
use super::{Function, Instance, ProblemError, at_least, no_less};
use crate::objective::Objective;

/// f(x) = 1/2 (x - c)' A (x - c) with A symmetric positive definite; f* = 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quadratic {
    /// The Hessian, shape (n, n).
    hessian: Array2<f64>,
    /// The minimum, n numbers.
    centre: Vec<f64>,
}

/// Makes a quadratic with eigenvalues from `units` to `units * condition`, evenly spaced in the logarithm.
///
/// The axes are uniformly random; minimum and x0 are standard normal. `units` multiplies f. H0 = I is arbitrary under f
/// -> c f, and a sweep over `units` shows how much that matters.
pub fn quadratic(n: usize, condition: f64, units: f64, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    at_least("the number of unknowns", n, 1, "at least 1")?;
    no_less("the condition number", condition, 1.0, "at least 1 and finite")?;
    no_less("the unit of f", units, f64::MIN_POSITIVE, "positive and finite")?;
    let spectrum: Vec<f64> = log_spaced(n, condition).into_iter().map(|value| units * value).collect();
    Ok(with_spectrum(&spectrum, rng))
}

/// Makes a quadratic with eigenvalues uniform in [1, 2], except for `outliers` of them, which are evenly spaced in the
/// logarithm from 1e3 to 1e4.
pub fn quadratic_outliers(n: usize, outliers: usize, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    at_least("the number of unknowns", n, 1, "at least 1")?;
    let most = "at most the number of unknowns";
    check(outliers <= n, "the number of outlying eigenvalues", outliers as f64, most)?;
    let mut spectrum: Vec<f64> = (outliers..n).map(|_| rng.random_range(1.0..2.0)).collect();
    spectrum.extend(log_spaced(outliers, 10.0).into_iter().map(|value| 1e3 * value));
    Ok(with_spectrum(&spectrum, rng))
}

fn with_spectrum(spectrum: &[f64], rng: &mut impl Rng) -> Instance {
    let n = spectrum.len();
    let q = orthogonal(n, rng);
    let product = headstart_linalg::product(&(&q * &Array1::from(spectrum.to_vec())), &q.t());
    // The product is symmetric only up to rounding; this makes it exactly symmetric.
    let hessian = Array2::from_shape_fn((n, n), |(i, j)| product[[i.max(j), i.min(j)]]);
    let centre = normal(n, rng);
    Instance::new(Function::Quadratic(Quadratic { hessian, centre }), rng)
}

impl Quadratic {
    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal(self.centre.len(), rng)
    }

    pub(super) fn hessian(&self, _x: &[f64]) -> Array2<f64> {
        self.hessian.clone()
    }
}

impl Objective for Quadratic {
    fn dim(&self) -> usize {
        self.centre.len()
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let from_centre: Array1<f64> = x.iter().zip(&self.centre).map(|(x, c)| x - c).collect();
        let product = self.hessian.dot(&from_centre);
        gradient.iter_mut().zip(&product).for_each(|(g, p)| *g = *p);
        0.5 * from_centre.iter().zip(&*gradient).map(|(d, g)| d * g).sum::<f64>()
    }
}
