//! The extended Rosenbrock function, curved valleys, with a random weight for every block.

use headstart_check::check;
use ndarray::Array2;
use rand::{Rng, RngExt};
use serde::Serialize;

use super::random::normal_around;
use super::{Function, Instance, ProblemError};
use crate::objective::Objective;

/// `f(x) = sum over blocks b of w_b (x_{2b+1} - x_{2b}²)² + (1 - x_{2b})²`; f* = 0 at all ones.
///
/// With equal weights and equal x0 all blocks would stay equal: n unknowns would measure no more than two unknowns and
/// rounding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rosenbrock {
    /// The weight of each block, 100 in the original.
    weights: Vec<f64>,
}

/// Makes an instance with n unknowns in n/2 blocks of weight 100 (1 + u/2), u uniform in [-1, 1]. Each block of x0 is
/// (-1.2, 1) plus normal numbers of standard deviation 0.1.
pub fn rosenbrock(n: usize, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    check(n > 0 && n.is_multiple_of(2), "the number of unknowns", n as f64, "even and at least 2")?;
    let weights = (0..n / 2).map(|_| 100.0 * (1.0 + 0.5 * rng.random_range(-1.0..1.0))).collect();
    Ok(Instance::new(Function::Rosenbrock(Rosenbrock { weights }), rng))
}

impl Rosenbrock {
    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal_around(&[-1.2, 1.0].repeat(self.weights.len()), 0.1, rng)
    }

    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let mut hessian = Array2::zeros((self.dim(), self.dim()));
        for (block, (w, x)) in self.weights.iter().zip(x.as_chunks::<2>().0).enumerate() {
            let (i, j) = (2 * block, 2 * block + 1);
            hessian[[i, i]] = w * (12.0 * x[0] * x[0] - 4.0 * x[1]) + 2.0;
            hessian[[i, j]] = -4.0 * w * x[0];
            hessian[[j, i]] = hessian[[i, j]];
            hessian[[j, j]] = 2.0 * w;
        }
        hessian
    }
}

impl Objective for Rosenbrock {
    fn dim(&self) -> usize {
        2 * self.weights.len()
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let blocks = self.weights.iter().zip(x.as_chunks::<2>().0).zip(gradient.as_chunks_mut::<2>().0);
        blocks
            .map(|((w, x), g)| {
                let (bend, gap) = (x[1] - x[0] * x[0], 1.0 - x[0]);
                g[0] = -4.0 * w * x[0] * bend - 2.0 * gap;
                g[1] = 2.0 * w * bend;
                w * bend * bend + gap * gap
            })
            .sum()
    }
}
