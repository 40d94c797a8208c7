//! Headstart compares *starting points* of iterative solvers: it runs every start on the same instances with the same
//! random numbers, charges each start for its cost, and reports speed-ups with intervals, success rates and verdicts on
//! registered claims.
//!
//! A **domain** is a solver with its problems and starts. This complete example is Newton's method for square roots;
//! its `main` would be `headstart_harness::main(&[Entry::of::<Roots>()])`.
//!
//! ```
//! use headstart_domain::*;
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
//! conformance::<Roots>(); // checks the contract; in your crate, one line of the tests
//! ```
//!
//! Start with the trait [`Domain`]; `docs/ADD-A-DOMAIN.md` is a step-by-step guide. The items at the root are for
//! authors of domains. The modules are for programs that run trials or read their rows.

pub mod atomic_write;
pub mod catalogue;
pub mod claim;
pub mod conformance;
pub mod digest;
pub mod direction;
pub mod domain;
pub mod entry;
pub mod error;
pub mod figure;
pub mod info;
pub mod knob;
pub mod metrics;
pub mod names;
pub mod options;
pub mod recipe;
pub mod reference;
pub mod row;
pub mod run;
pub mod seed;
pub mod setup;
#[cfg(any(test, feature = "toy"))]
#[doc(hidden)]
pub mod toy;
pub mod trace;
pub mod trial;
pub mod workspace;

pub use catalogue::{Metric, Role};
pub use claim::{Claim, Estimand, Kind, Over, Publication, Quantity, Rule, Sign};
pub use conformance::conformance;
pub use direction::Direction;
pub use domain::{About, Domain, Problem, Start, Starts, Target};
pub use entry::Entry;
pub use error::{Error, Result};
pub use figure::{Curve, Figure, HeatMap, Lines, Logo, Scatter, Shade};
pub use knob::{Knob, Settings};
pub use options::{Opt, Options};
pub use run::Run;
pub use seed::Stream;
pub use setup::Setup;
pub use trace::Point;

/// Runs the program of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
