//! BFGS from a recycled inverse Hessian, as a solver for [argmin](https://argmin-rs.org).
//!
//! Where argmin's own solver is made, [`Bfgs::new`] goes instead; problem, executor, observers and checkpoints stay as
//! they are, and so does `configure`: the `inv_hessian` given there is H0. Without one the run begins with
//! [`start::nocedal_wright`], with [`Bfgs::starting_from`] with whatever an earlier run has left.
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
//! | `CostFunction`, `Gradient` | one of each is one evaluation; no gradient is asked for where the cost is not finite |
//! | `IterState::inv_hessian` | H0, in argmin's own types ([`Parameters::Matrix`]); checked, rounding asymmetry removed |
//! | `IterState::cost`, `gradient` | the iterate's; what `configure` sets of them is evaluated anew |
//! | `max_iters`, `target_cost`, timeout | as ever; [`Bfgs::options`] has the rules of the run itself |
//! | `TerminationReason` | [`reason`] says which [`Status`] it stands for |
//! | `ArgminError` | the kind of failure; `downcast_ref` finds the [`headstart_bfgs::Error`] behind it as well |
//! | checkpoints | [`Bfgs`] is serialisable, a resumed run goes on to the last bit (argmin counts evaluations anew) |

mod bridge;
mod error;
mod parameters;
mod solver;

pub use headstart_bfgs::{InitialInverseHessian, Minimizer, Options, Start, Status, start};
pub use parameters::Parameters;
pub use solver::{Bfgs, reason};

/// The program of the README, run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
