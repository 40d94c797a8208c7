//! Runs the trials of a plan: here in this process, or in worker processes that may die without harm.
//!
//! Nothing here formats or judges; rows go to a sink, one at a time, from one thread.

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

/// What a trial may take before the supervisor stops it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) seconds: f64,
    pub(crate) memory_bytes: u64,
}
