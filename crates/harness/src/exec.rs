//! Runs the trials of a plan in worker processes, whose crashes do not end the run; or, in tests, in this process.
//!
//! This module neither formats nor judges results. It passes rows to a sink, one at a time, from one thread.

#[cfg(test)]
mod inline;
mod pool;
mod process;
mod worker;

#[cfg(test)]
pub(crate) use inline::inline;
pub(crate) use pool::{Pool, pool};
pub(crate) use process::Launch;
pub(crate) use worker::serve;

/// Limits of a trial. The supervisor stops a trial that exceeds one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) seconds: f64,
    pub(crate) memory_bytes: u64,
}
