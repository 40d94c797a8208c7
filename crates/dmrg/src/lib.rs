//! Two-site DMRG for molecules and lattices whose start is an argument.

mod charge;
pub mod ci;
#[cfg(feature = "harness")]
mod domain;
mod environment;
mod error;
mod kernel;
pub mod lattice;
mod measure;
mod mpo;
mod mps;
mod site;
mod solver;
mod tensor;
mod terms;
mod truncation;

mod fcidump;
mod integrals;
pub mod molecule;
pub mod order;
pub mod problem;
pub mod start;
#[cfg(test)]
mod testing;

pub use charge::{Bond, Charge};
#[cfg(feature = "harness")]
pub use domain::DmrgDomain;
pub use error::Error;
pub use fcidump::{fcidump_text, parse_fcidump, read_fcidump, write_fcidump};
pub use integrals::Integrals;
pub use mpo::Mpo;
pub use mps::Mps;
pub use site::{Op, Site};
pub use solver::{Dmrg, Ending, HalfSweep, Options, Outcome, Stage, Step};
pub use tensor::{Block, Tensor};
pub use terms::OperatorSum;
pub use truncation::Truncation;
