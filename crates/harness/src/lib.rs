//! Headstart compares *starting points* of iterative solvers: it runs every start on the same instances with the same
//! random numbers, charges each for what it costs to make, and reports speed-ups with intervals, success rates and
//! verdicts on published claims.
//!
//! A **domain** is a solver with its problems and starts. This is a whole one, Newton's method for square roots; its
//! `main` would be `headstart_harness::main(&[Entry::of::<Roots>()])`.
//!
//! ```
//! use headstart_harness::*;
//! use rand::RngExt;
//!
//! struct Roots;
//!
//! impl Domain for Roots {
//!     type Instance = f64; // the number whose root is sought
//!     type State = f64; // where Newton begins
//!     const ABOUT: About = About {
//!         name: "roots",
//!         question: "Does a good guess save Newton steps?",
//!         work_unit: "step",
//!         value_label: "relative error",
//!         budget: 100.0,
//!         ..About::DEFAULTS
//!     };
//!     const PROBLEMS: &'static [Problem<Self>] =
//!         &[Problem::new("large", "roots of numbers in [1e6, 1e12]", large, Target::Known(|_| 1e-9))];
//!     const STARTS: &'static [Start<Self>] = &[
//!         Start::new("number", "the number itself", |number, _| Ok(*number)),
//!         Start::new("exponent", "half its binary exponent", |number: &f64, setup| {
//!             setup.charge(1.0); // it takes about a step's time
//!             Ok((number.log2() / 2.0).floor().exp2())
//!         }),
//!     ];
//!
//!     fn solve(number: &f64, mut root: f64, run: &mut Run) -> Result<()> {
//!         for step in 1.. {
//!             root = 0.5 * (root + number / root);
//!             let error = || (root * root / number - 1.0).abs();
//!             if run.observe(f64::from(step), error).is_break() {
//!                 break;
//!             }
//!         }
//!         Ok(())
//!     }
//! }
//!
//! fn large(stream: &mut Stream) -> Result<f64> {
//!     Ok(10_f64.powf(stream.random_range(6.0..12.0)))
//! }
//!
//! conformance::<Roots>(); // the contract: in a domain's crate, one line of its tests
//! ```
//!
//! The pipeline is suite -> plan -> exec -> record -> compare -> report; each arrow is a file or a plain value.
//! [`Domain`] is the one trait that an author reads; `docs/ADD-A-DOMAIN.md` is the recipe.

mod assignment;
mod cli;
mod cluster;
mod exec;
mod external;
mod machine;
#[cfg(test)]
mod mutation_tests;
mod plan;
mod reference;
mod suite;
mod tuned;
mod tuning;

pub use cli::main;
pub use headstart_domain::Entry;
