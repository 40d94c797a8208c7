//! stub
#![allow(dead_code, unused)]
mod claim;
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
mod trace;
mod trial;
pub use domain::*;
pub use entry::Entry;
pub use error::Error;
pub use options::{Opt, Options};
pub use run::Run;
pub use seed::Stream;
pub use setup::Setup;
