//! BFGS from a recycled inverse Hessian, as a solver for [argmin](https://argmin-rs.org).
//!
//! Replace argmin's own solver by [`Bfgs::new`]. Problem, executor, observers and checkpoints stay the same. So does
//! `configure`: the `inv_hessian` set there is H0. Without it the run starts with [`start::nocedal_wright`].
//! [`Bfgs::starting_from`] takes H0 from an earlier run.
//!
//! ```
//! use argmin::core::{CostFunction, Error, Executor, Gradient, State};
//! use headstart_bfgs_argmin::Bfgs;
//!
//! struct Bowl;
//! impl CostFunction for Bowl {
//!     type Param = Vec<f64>;
//!     type Output = f64;
//!     fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
//!         Ok(x[0].powi(4) + 100.0 * x[1] * x[1])
//!     }
//! }
//! impl Gradient for Bowl {
//!     type Param = Vec<f64>;
//!     type Gradient = Vec<f64>;
//!     fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
//!         Ok(vec![4.0 * x[0].powi(3), 200.0 * x[1]])
//!     }
//! }
//!
//! let first = Executor::new(Bowl, Bfgs::new()).configure(|state| state.param(vec![1.0, 1.0])).run()?;
//! let h0 = first.solver.inverse_hessian().expect("the run has begun");
//! let again = Executor::new(Bowl, Bfgs::starting_from(h0)).configure(|state| state.param(vec![1.1, -0.5])).run()?;
//! assert!(again.state().get_best_cost() < 1e-6);
//! # Ok::<(), Error>(())
//! ```
//!
//! | argmin | here |
//! |---|---|
//! | `CostFunction`, `Gradient` | one call of each is one evaluation; the gradient is not evaluated where the cost is not finite |
//! | `IterState::inv_hessian` | before the run H0, in argmin's own types ([`Parameters::Matrix`]): it is checked, and rounding asymmetry is removed; at the end H, unless a timeout or an observer ended the run |
//! | `LBFGS::new(linesearch, m)` | [`Bfgs::limited_memory`] |
//! | `with_tolerance_grad`, `with_tolerance_cost` | `gradient_tolerance` (largest entry) and `value_tolerance` (relative) of [`Options`] |
//! | `IterState::cost`, `gradient` | those of the iterate; values set in `configure` are evaluated again |
//! | `max_iters`, `target_cost`, timeout | as with every argmin solver; [`Bfgs::options`] sets the solver's own stopping rules |
//! | `TerminationReason` | [`reason`] gives the reason for each [`Status`] |
//! | `ArgminError` | the kind of failure; `downcast_ref` also finds the underlying [`headstart_bfgs::Error`] |
//! | several problems in sequence | [`recycle`] passes point and curvature on from each problem to the next |
//! | checkpoints | [`Bfgs`] is serialisable; a resumed run continues with the same bits (argmin restarts its count of evaluations) |

mod bridge;
mod error;
mod parameters;
mod recycle;
mod run;
mod solver;

pub use headstart_bfgs::{InitialInverseHessian, Options, Start, Status, start};
pub use parameters::Parameters;
pub use recycle::{Keep, Position, RecycleOptions, Recycled, recycle};
pub use solver::{Bfgs, reason};

/// The program in the README, compiled and run as a doc test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
