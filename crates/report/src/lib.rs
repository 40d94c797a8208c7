//! Turns rows into verdicts, tables, figures and one HTML page.
//!
//! [`compare`](mod@compare) computes all numbers: effects with intervals, verdicts on claims, ranks. The other modules
//! only print them.

mod advice;
pub mod compare;
mod csv;
mod figure;
mod files;
mod latex;
mod markdown;
mod number;
mod page;
mod splice;
mod table;
mod terminal;

pub use files::{save, write};
pub use splice::splice;
pub use terminal::{agreements, changes, claims, faults, overview, tables, try_result};

/// Compiles the program of the README as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
