//! The Broyden tridiagonal function: a system of equations as a sum of squares.

use ndarray::Array2;
use rand::Rng;
use serde::Serialize;

use super::random::normal_around;
use super::{Function, Instance, ProblemError, at_least};
use crate::objective::Objective;

/// `f(x) = sum of r_i²` with `r_i = (3 - 2 x_i) x_i - x_{i-1} - 2 x_{i+1} + 1`, where x beyond the ends is 0: problem
/// 30 of Moré, Garbow & Hillstrom (ACM TOMS 7 (1981) 17).
///
/// f* = 0, but local minima with f > 0 exist, and a run with a long first step ends in one of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BroydenTridiagonal {
    n: usize,
}

/// Makes an instance with n unknowns. Each entry of x0 is -1 plus a normal number of standard deviation 0.1.
pub fn broyden_tridiagonal(n: usize, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    at_least("the number of unknowns", n, 1, "at least 1")?;
    Ok(Instance::new(Function::BroydenTridiagonal(BroydenTridiagonal { n }), rng))
}

impl BroydenTridiagonal {
    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal_around(&vec![-1.0; self.n], 0.1, rng)
    }

    fn residual(x: &[f64], i: usize) -> f64 {
        let before = if i > 0 { x[i - 1] } else { 0.0 };
        let after = x.get(i + 1).copied().unwrap_or(0.0);
        (3.0 - 2.0 * x[i]) * x[i] - before - 2.0 * after + 1.0
    }

    /// 2 (J'J + sum of `r_i` times its Hessian). The Hessian of `r_i` is -4 at (i, i) and 0 elsewhere.
    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let mut jacobian = Array2::zeros((self.n, self.n));
        for i in 0..self.n {
            jacobian[[i, i]] = 3.0 - 4.0 * x[i];
            if i > 0 {
                jacobian[[i, i - 1]] = -1.0;
            }
            if i + 1 < self.n {
                jacobian[[i, i + 1]] = -2.0;
            }
        }
        let mut hessian = headstart_linalg::product(&jacobian.t(), &jacobian) * 2.0;
        for i in 0..self.n {
            hessian[[i, i]] -= 8.0 * Self::residual(x, i);
        }
        hessian
    }
}

impl Objective for BroydenTridiagonal {
    fn dim(&self) -> usize {
        self.n
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        let mut value = 0.0;
        for i in 0..self.n {
            let r = Self::residual(x, i);
            value += r * r;
            gradient[i] += 2.0 * r * (3.0 - 4.0 * x[i]);
            if i > 0 {
                gradient[i - 1] -= 2.0 * r;
            }
            if i + 1 < self.n {
                gradient[i + 1] -= 4.0 * r;
            }
        }
        value
    }
}
