//! From rows to verdicts, tables, figures and one page.
//!
//! [`compare`](mod@compare) computes all numbers: effects with intervals, verdicts on claims, ranks. The other modules print
//! what it computed and compute nothing.

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

pub use advice::advice;
pub use files::{save, write};
pub use splice::splice;
pub use terminal::{agreements, changes, claims, metrics, optima, print};

/// The program of the README, run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
