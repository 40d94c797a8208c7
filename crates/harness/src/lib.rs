//! stub
#![allow(dead_code, unused)]
mod claim;
mod compare;
mod conformance;
mod digest;
mod domain;
mod entry;
mod error;
mod exec;
mod info;
mod names;
mod options;
mod plan;
mod record;
mod reference;
mod run;
mod seed;
mod setup;
mod stats;
mod suite;
#[cfg(test)]
mod toy;
mod trace;
mod trial;
pub use conformance::conformance;
pub use domain::*;
pub use entry::Entry;
pub use error::Error;
pub use options::{Opt, Options};
pub use run::Run;
pub use seed::Stream;
pub use setup::Setup;
