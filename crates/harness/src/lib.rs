//! The command line of the Headstart benchmark. It runs every start of a solver on the same instances with the same random
//! numbers, charges each start for its own cost, and reports speed-ups with confidence intervals, success rates and verdicts
//! on registered claims.
//!
//! A solver with its problems and starts is a domain, defined with the crate `headstart-domain`. The `main` of a program with
//! one domain is
//!
//! ```no_run
//! # use headstart_domain::*;
//! # struct Mine;
//! # impl Domain for Mine {
//! #     type Instance = f64;
//! #     type State = f64;
//! #     const ABOUT: About = About::DEFAULTS;
//! #     const PROBLEMS: &'static [Problem<Self>] = &[];
//! #     const STARTS: &'static [Start<Self>] = &[];
//! #     fn solve(_: &f64, _: f64, _: &mut Run) -> Result<()> {
//! #         Ok(())
//! #     }
//! # }
//! fn main() -> std::process::ExitCode {
//!     headstart_harness::main(&[headstart_harness::Entry::of::<Mine>()])
//! }
//! ```
//!
//! The pipeline is suite -> plan -> exec -> record -> compare -> report; each arrow is a file or a plain value. Statistics,
//! rows and reports are separate crates: `headstart-stats`, `headstart-rows`, `headstart-report`.

mod assignment;
mod calibration;
mod cli;
mod cluster;
mod exec;
mod external;
mod grid;
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
