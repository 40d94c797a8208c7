//! Test problems: functions with a known Hessian and random starting points.
//!
//! Every generator draws only from the random stream that it is given. Several runs can share one function;
//! [`Instance::sample_x0`] draws further starting points from the distribution of the first.

mod broyden;
mod fit;
mod gaussian_process;
mod lennard_jones;
mod linear_model;
mod network;
mod own_table;
mod pendulum;
mod powell;
mod published;
mod quadratic;
mod random;
mod rastrigin;
mod rosenbrock;
pub mod sequence;
mod softmax;

use headstart_check::{OutOfRange, check};
use ndarray::Array2;
use rand::Rng;
use serde::Serialize;

use crate::Error;
use crate::objective::Objective;
pub use broyden::{BroydenTridiagonal, broyden_tridiagonal};
pub use fit::{Fit, Term};
pub use gaussian_process::{GaussianProcess, gaussian_process};
pub use lennard_jones::{LennardJones, lennard_jones};
pub use linear_model::{LinearModel, Loss, correlated_classes, least_squares, logistic};
pub use network::{Network, network};
pub use own_table::{OwnTable, TableError, read_table};
pub use pendulum::{Pendulum, pendulum};
pub use powell::{PowellSingular, powell_singular};
pub use published::{PUBLISHED, PublishedFunction, published};
pub use quadratic::{Quadratic, quadratic, quadratic_outliers};
pub use rastrigin::{Rastrigin, rastrigin};
pub use rosenbrock::{Rosenbrock, rosenbrock};
pub use softmax::{Softmax, softmax};

/// Why an instance could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemError {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A label of a classification is neither -1 nor 1, or a class out of range.
    #[error("label {row} is {value}; labels must be -1 or 1, or classes from 0 below their number")]
    Label {
        /// Row, from 0.
        row: usize,
        /// The label.
        value: f64,
    },
    /// A feature or a target is NaN or infinite.
    #[error("{what} of row {row} is {value}; it must be finite")]
    NonFinite {
        /// The entry: a feature or the target.
        what: &'static str,
        /// Row, from 0.
        row: usize,
        /// The value.
        value: f64,
    },
    /// A path of penalties was asked of a function that is no regression.
    #[error("the function has no penalty; give a linear or a softmax regression")]
    NoPenalty,
}

/// The function to minimise. Two functions have the same digest only if all their fields are equal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Function {
    /// A strictly convex quadratic.
    Quadratic(Quadratic),
    /// The extended Rosenbrock function: curved valleys of two unknowns each.
    Rosenbrock(Rosenbrock),
    /// The Broyden tridiagonal function: a banded system of equations as a sum of squares.
    BroydenTridiagonal(BroydenTridiagonal),
    /// Logistic regression or least squares.
    LinearModel(LinearModel),
    /// Logistic regression with more than two classes.
    Softmax(Softmax),
    /// The energy of a cluster of Lennard-Jones atoms.
    LennardJones(LennardJones),
    /// A Rastrigin-like function: a quadratic with ripples, in rotated coordinates.
    Rastrigin(Rastrigin),
    /// The extended Powell singular function: valleys with a flat floor, of four unknowns each.
    PowellSingular(PowellSingular),
    /// The loss of a neural network with one hidden layer.
    Network(Network),
    /// The marginal likelihood of a Gaussian process over its hyperparameters.
    GaussianProcess(GaussianProcess),
    /// The torques of a controller that swings up a pendulum.
    Pendulum(Pendulum),
    /// A published test function.
    Published(PublishedFunction),
}

/// Evaluates an expression on the variant's function.
macro_rules! each {
    ($function:expr, $name:ident => $body:expr) => {
        match $function {
            Function::Quadratic($name) => $body,
            Function::Rosenbrock($name) => $body,
            Function::BroydenTridiagonal($name) => $body,
            Function::LinearModel($name) => $body,
            Function::Softmax($name) => $body,
            Function::LennardJones($name) => $body,
            Function::Rastrigin($name) => $body,
            Function::PowellSingular($name) => $body,
            Function::Network($name) => $body,
            Function::GaussianProcess($name) => $body,
            Function::Pendulum($name) => $body,
            Function::Published($name) => $body,
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

/// A function and a starting point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// The function to minimise.
    pub function: Function,
    /// The starting point. It is not serialised: the minimum and its best known value do not depend on it.
    #[serde(skip)]
    pub x0: Vec<f64>,
}

impl Instance {
    fn new(function: Function, rng: &mut impl Rng) -> Self {
        let x0 = each!(&function, f => f.sample_x0(rng));
        Self { function, x0 }
    }

    /// Returns the lowest value of the function, if it is known (for atoms: the lowest energy known).
    pub fn optimum(&self) -> Option<f64> {
        match &self.function {
            Function::Quadratic(_)
            | Function::Rosenbrock(_)
            | Function::BroydenTridiagonal(_)
            | Function::Rastrigin(_)
            | Function::PowellSingular(_) => Some(0.0),
            Function::LinearModel(_)
            | Function::Softmax(_)
            | Function::Network(_)
            | Function::GaussianProcess(_)
            | Function::Pendulum(_) => None,
            Function::LennardJones(cluster) => cluster.best_known(),
            Function::Published(function) => function.minima().first().copied(),
        }
    }

    /// Draws another starting point from the distribution of `x0`.
    pub fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        each!(&self.function, f => f.sample_x0(rng))
    }

    /// Returns the exact Hessian at `x`, shape (n, n). Fails unless `x` holds n numbers.
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
