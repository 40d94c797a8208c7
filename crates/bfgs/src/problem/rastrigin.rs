//! An ill-conditioned quadratic with ripples.

use headstart_simd::Portable;
use std::f64::consts::TAU;

use ndarray::{Array1, Array2};
use rand::Rng;
use serde::Serialize;

use super::random::{log_spaced, normal, normal_around, orthogonal};
use super::{Function, Instance, ProblemError, at_least, no_less};
use crate::objective::Objective;

/// Height of the ripples, in units of f.
const AMPLITUDE: f64 = 0.5;

/// `f(x) = 1/2 z'Dz + a sum of (1 - cos 2π z_i)`, `z = Q'(x - c)`, a = 1/2; f* = 0 at c.
///
/// Rastrigin's function has D = 2 I and a = 10, and so many minima that all runs end in different ones. Here the
/// ripples make additional minima only along axes whose entry of D is below about 4. At each minimum the Hessian is
/// about Q (D + 4π² a I) Q': the minima share their curvature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rastrigin {
    /// The axes as columns, shape (n, n).
    axes: Array2<f64>,
    /// D, n numbers.
    curvatures: Vec<f64>,
    /// The minimum.
    centre: Vec<f64>,
}

/// Makes an instance with n unknowns. D runs from 1 to `condition`, evenly spaced in the logarithm; the axes are
/// uniformly random, c is standard normal, and x0 is standard normal around c.
pub fn rastrigin(n: usize, condition: f64, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    at_least("the number of unknowns", n, 1, "at least 1")?;
    no_less("the condition number", condition, 1.0, "at least 1 and finite")?;
    let (axes, curvatures, centre) = (orthogonal(n, rng), log_spaced(n, condition), normal(n, rng));
    Ok(Instance::new(Function::Rastrigin(Rastrigin { axes, curvatures, centre }), rng))
}

impl Rastrigin {
    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal_around(&self.centre, 1.0, rng)
    }

    fn along_axes(&self, x: &[f64]) -> Array1<f64> {
        let from_centre: Array1<f64> = x.iter().zip(&self.centre).map(|(x, c)| x - c).collect();
        self.axes.t().dot(&from_centre)
    }

    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let z = self.along_axes(x);
        let second: Array1<f64> =
            z.iter().zip(&self.curvatures).map(|(z, d)| d + AMPLITUDE * TAU * TAU * (TAU * z).portable_cos()).collect();
        headstart_linalg::product(&(&self.axes * &second), &self.axes.t())
    }
}

impl Objective for Rastrigin {
    fn dim(&self) -> usize {
        self.centre.len()
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let z = self.along_axes(x);
        let terms = z.iter().zip(&self.curvatures);
        // 1 - cos t = 2 sin²(t/2), without cancellation near the minimum.
        let value = terms
            .clone()
            .map(|(z, d)| 0.5 * d * z * z + 2.0 * AMPLITUDE * (0.5 * TAU * z).portable_sin().powi(2))
            .sum();
        let slopes: Array1<f64> = terms.map(|(z, d)| d * z + AMPLITUDE * TAU * (TAU * z).portable_sin()).collect();
        gradient.iter_mut().zip(&self.axes.dot(&slopes)).for_each(|(g, s)| *g = *s);
        value
    }
}
