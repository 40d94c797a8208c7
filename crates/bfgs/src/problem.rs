//! Instances: functions with a known Hessian, and starting points drawn for them.
//!
//! Every generator draws from the random stream it is given and from nothing else. What several runs share is the
//! function; [`Instance::sample_x0`] draws further starting points from the distribution the first one came from.

mod broyden;
mod gaussian_process;
mod lennard_jones;
mod linear_model;
mod network;
mod own_table;
mod powell;
mod quadratic;
mod random;
mod rastrigin;
mod rosenbrock;

use headstart_check::{OutOfRange, check};
use ndarray::Array2;
use rand::Rng;
use serde::Serialize;

use crate::Error;
use crate::objective::Objective;
pub use broyden::{BroydenTridiagonal, broyden_tridiagonal};
pub use gaussian_process::{GaussianProcess, gaussian_process};
pub use lennard_jones::{LennardJones, lennard_jones};
pub use linear_model::{LinearModel, Loss, correlated_classes, least_squares, logistic};
pub use network::{Network, network};
pub use own_table::{OwnTable, TableError, read_table};
pub use powell::{PowellSingular, powell_singular};
pub use quadratic::{Quadratic, quadratic, quadratic_outliers};
pub use rastrigin::{Rastrigin, rastrigin};
pub use rosenbrock::{Rosenbrock, rosenbrock};

/// Why an instance cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemError {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A label of a classification is neither -1 nor 1.
    #[error("label {row} is {value}; labels must be -1 or 1")]
    Label {
        /// Row, from 0.
        row: usize,
        /// Its label.
        value: f64,
    },
    /// A feature or a target is NaN or infinite.
    #[error("{what} of row {row} is {value}; it must be finite")]
    NonFinite {
        /// Which.
        what: &'static str,
        /// Row, from 0.
        row: usize,
        /// Its value.
        value: f64,
    },
}

/// What is minimised, one of a few kinds; all that it holds counts when two functions are compared by a digest.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Function {
    /// A strictly convex quadratic.
    Quadratic(Quadratic),
    /// Curved valleys, two unknowns each.
    Rosenbrock(Rosenbrock),
    /// A banded system of equations as a sum of squares.
    BroydenTridiagonal(BroydenTridiagonal),
    /// Logistic regression or least squares.
    LinearModel(LinearModel),
    /// A cluster of atoms.
    LennardJones(LennardJones),
    /// A quadratic with ripples, in rotated coordinates.
    Rastrigin(Rastrigin),
    /// Valleys with a flat floor, four unknowns each.
    PowellSingular(PowellSingular),
    /// A neural network with one hidden layer.
    Network(Network),
    /// The hyperparameters of a Gaussian process.
    GaussianProcess(GaussianProcess),
}

/// Runs the same expression on whichever function it is.
macro_rules! each {
    ($function:expr, $name:ident => $body:expr) => {
        match $function {
            Function::Quadratic($name) => $body,
            Function::Rosenbrock($name) => $body,
            Function::BroydenTridiagonal($name) => $body,
            Function::LinearModel($name) => $body,
            Function::LennardJones($name) => $body,
            Function::Rastrigin($name) => $body,
            Function::PowellSingular($name) => $body,
            Function::Network($name) => $body,
            Function::GaussianProcess($name) => $body,
        }
    };
}

impl Objective for Function {
    fn dim(&self) -> usize {
        each!(self, f => f.dim())
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        each!(self, f => f.value_gradient(x, gradient))
    }
}

/// A function and where to start on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// What is minimised.
    pub function: Function,
    /// The starting point. Not serialised: neither the minimum nor its best-known value depends on it.
    #[serde(skip)]
    pub x0: Vec<f64>,
}

impl Instance {
    fn new(function: Function, rng: &mut impl Rng) -> Self {
        let x0 = each!(&function, f => f.sample_x0(rng));
        Self { function, x0 }
    }

    /// The lowest value there is, where it is known.
    pub fn optimum(&self) -> Option<f64> {
        match &self.function {
            Function::Quadratic(_)
            | Function::Rosenbrock(_)
            | Function::BroydenTridiagonal(_)
            | Function::Rastrigin(_)
            | Function::PowellSingular(_) => Some(0.0),
            Function::LinearModel(_) | Function::Network(_) | Function::GaussianProcess(_) => None,
            Function::LennardJones(cluster) => cluster.best_known(),
        }
    }

    /// Another starting point, from the distribution of `x0`.
    pub fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        each!(&self.function, f => f.sample_x0(rng))
    }

    /// The exact matrix of second derivatives at `x` (one number per unknown), shape (n, n).
    pub fn hessian(&self, x: &[f64]) -> Result<Array2<f64>, Error> {
        if x.len() != self.dim() {
            return Err(Error::Dimension { what: "the point", given: x.len(), expected: self.dim() });
        }
        Ok(each!(&self.function, f => f.hessian(x)))
    }
}

impl Objective for Instance {
    fn dim(&self) -> usize {
        self.function.dim()
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.function.value_gradient(x, gradient)
    }
}

/// Refuses a size below `least`.
fn at_least(what: &'static str, given: usize, least: usize, allowed: &'static str) -> Result<(), ProblemError> {
    Ok(check(given >= least, what, given as f64, allowed)?)
}

/// Refuses a number outside of [least, infinity).
fn no_less(what: &'static str, given: f64, least: f64, allowed: &'static str) -> Result<(), ProblemError> {
    Ok(check(given >= least && given.is_finite(), what, given, allowed)?)
}
