//! BFGS that takes its initial inverse Hessian H0 as an argument: a multiple of the identity, a few pairs (s, y) of an
//! earlier run, the full matrix of that run, or a matrix of your own.
//!
//! The method is algorithm 6.1 of J. Nocedal & S. J. Wright, "Numerical Optimization" (2nd ed., 2006), with the line
//! search of Moré & Thuente (1994). An iteration makes one pass over the packed triangle of H: the same pass applies
//! the rank-2 update of the last step and multiplies H with the new gradient.
//!
//! | paper | here |
//! |---|---|
//! | `f`, `∇f = g` | [`Objective::value_gradient`] |
//! | `H_0` | [`InitialInverseHessian`], with the first step's length in [`Start`] |
//! | `H_k` | [`PackedSymmetric`]; at the end [`Solution::inverse_hessian`] |
//! | `s_k`, `y_k` | [`Pair`] |
//! | `c_1`, `c_2` of the Wolfe conditions | [`line_search::LineSearchOptions`] |
//! | `γ = s'y / y'y` (6.20) | [`Pair::gamma`] |
//! | compact form (Byrd, Nocedal & Schnabel 1994) | [`LowRank`] |
//! | `m` of L-BFGS (Liu & Nocedal 1989) | `memory` of [`lbfgs::minimize`] |
//!
//! # A recycled H0
//!
//! ```
//! use headstart_bfgs::{InitialInverseHessian, Objective, Options, Progress, minimize, start};
//! use std::ops::ControlFlow;
//!
//! struct Valley; // f(x) = sum of c_i (x_i⁴/4 + x_i²/2), stiffer along each further axis
//! impl Objective for Valley {
//!     fn dim(&self) -> usize { 5 }
//!     fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
//!         let stiffness = [1.0, 10.0, 100.0, 1e3, 1e4];
//!         (0..5).map(|i| {
//!             gradient[i] = stiffness[i] * (x[i].powi(3) + x[i]);
//!             stiffness[i] * (0.25 * x[i].powi(4) + 0.5 * x[i] * x[i])
//!         }).sum()
//!     }
//! }
//!
//! let options = Options::default();
//! let mut silent = |_: &Progress<'_>| ControlFlow::Continue(());
//! let first = minimize(&Valley, &[1.0; 5], &start::identity().0, &options, &mut silent)?;
//! let recycled = InitialInverseHessian::Dense(first.inverse_hessian).into();
//! let second = minimize(&Valley, &[0.5, -0.5, 0.5, -0.5, 0.5], &recycled, &options, &mut silent)?;
//! assert!(second.gradient_norm <= 1e-6 && second.evaluations < first.evaluations);
//! # Ok::<(), headstart_bfgs::Error>(())
//! ```
//!
//! Above about a thousand unknowns, a pass over the matrix in every iteration is too expensive; [`lbfgs`] keeps only
//! the last few pairs. [`Minimizer`] is a run that the caller drives step by step and can store between two steps (the
//! crate `headstart-bfgs-argmin` uses it under argmin's executor).
//!
//! Pass a matrix of your own through [`InitialInverseHessian::from_dense`]. It checks the matrix, and its error names
//! the fault.

mod differences;
mod error;
mod h0;
mod kernel;
pub mod lbfgs;
pub mod line_search;
mod low_rank;
mod objective;
mod packed;
mod pair;
pub mod problem;
pub mod recycle;
mod solver;
pub mod start;
mod tiles;
mod update;
mod vector;

pub use differences::{GradientCheck, check_gradient, hessian_by_differences};
pub use error::{Error, Point};
pub use h0::{InitialInverseHessian, Start};
pub use headstart_check::OutOfRange;
pub use low_rank::LowRank;
pub use objective::Objective;
pub use packed::PackedSymmetric;
pub use pair::Pair;
pub use solver::{Minimizer, Options, Progress, Solution, Status, minimize};

#[cfg(feature = "harness")]
mod domain;
#[cfg(feature = "harness")]
pub use domain::{Bfgs, Policy, Sequence, Sequences, Task};

/// The program in the README, compiled and run as a doc test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
