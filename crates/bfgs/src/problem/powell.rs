//! The extended Powell singular function, a valley with a flat floor, with a random weight for every block.

use headstart_check::check;
use ndarray::Array2;
use rand::{Rng, RngExt};
use serde::Serialize;

use super::random::normal_around;
use super::{Function, Instance, ProblemError};
use crate::objective::Objective;

/// `f(x) = sum over blocks of w (a + 10 b)² + 5 w (c - d)² + (b - 2 c)⁴ + 10 (a - d)⁴` for the four unknowns a, b, c, d
/// of a block; f* = 0 at the origin, where the Hessian has rank two per block.
///
/// Problem 22 of Moré, Garbow & Hillstrom (ACM TOMS 7 (1981) 17), where every w is 1. The weights differ here because,
/// as for Rosenbrock's function, equal blocks would only measure rounding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PowellSingular {
    /// The weight of each block, 1 in the original.
    weights: Vec<f64>,
}

/// Makes an instance with n unknowns in n/4 blocks of weight 1 + u/2, u uniform in [-1, 1]. Each block of x0 is (3, -1,
/// 0, 1) plus normal numbers of standard deviation 0.1.
pub fn powell_singular(n: usize, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    let holds = n > 0 && n.is_multiple_of(4);
    check(holds, "the number of unknowns", n as f64, "a multiple of 4, at least 4")?;
    let weights = (0..n / 4).map(|_| 1.0 + 0.5 * rng.random_range(-1.0..1.0)).collect();
    Ok(Instance::new(Function::PowellSingular(PowellSingular { weights }), rng))
}

/// The terms: coefficients of the linear form on a block, and the factor of its power.
const SQUARES: [([f64; 4], f64); 2] = [([1.0, 10.0, 0.0, 0.0], 1.0), ([0.0, 0.0, 1.0, -1.0], 5.0)];
const FOURTHS: [([f64; 4], f64); 2] = [([0.0, 1.0, -2.0, 0.0], 1.0), ([1.0, 0.0, 0.0, -1.0], 10.0)];

fn along(coefficients: &[f64; 4], x: &[f64; 4]) -> f64 {
    coefficients.iter().zip(x).map(|(c, x)| c * x).sum()
}

impl PowellSingular {
    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal_around(&[3.0, -1.0, 0.0, 1.0].repeat(self.weights.len()), 0.1, rng)
    }

    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let mut hessian = Array2::zeros((self.dim(), self.dim()));
        for (block, (w, x)) in self.weights.iter().zip(x.as_chunks::<4>().0).enumerate() {
            let squares = SQUARES.map(|(c, factor)| (c, 2.0 * w * factor));
            let fourths = FOURTHS.map(|(c, factor)| (c, 12.0 * factor * along(&c, x).powi(2)));
            for (c, second) in squares.into_iter().chain(fourths) {
                for i in 0..4 {
                    for j in 0..4 {
                        hessian[[4 * block + i, 4 * block + j]] += second * c[i] * c[j];
                    }
                }
            }
        }
        hessian
    }
}

impl Objective for PowellSingular {
    fn dim(&self) -> usize {
        4 * self.weights.len()
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let mut value = 0.0;
        for ((w, x), g) in self.weights.iter().zip(x.as_chunks::<4>().0).zip(gradient.as_chunks_mut::<4>().0) {
            *g = [0.0; 4];
            let mut add = |c: &[f64; 4], term: f64, slope: f64| {
                value += term;
                g.iter_mut().zip(c).for_each(|(g, c)| *g += slope * c);
            };
            for (c, factor) in &SQUARES {
                let r = along(c, x);
                add(c, w * factor * r * r, 2.0 * w * factor * r);
            }
            for (c, factor) in &FOURTHS {
                let r = along(c, x);
                add(c, factor * r.powi(4), 4.0 * factor * r.powi(3));
            }
        }
        value
    }
}
