//! Suites on a cluster: one job array, one folder with all information, rows that are neither lost nor counted twice.
//! See docs/CLUSTER.md.
//!
//! Task I of the array runs shard I. Every attempt has its own folder (`shards/I/ATTEMPT`). So nothing breaks if the
//! scheduler restarts a task while its first copy still runs on a node that was thought lost. Rows are keyed by their
//! trial: the merge drops duplicates, and an attempt skips the trials of earlier ones.

mod merge;
mod script;
pub(crate) mod slurm;
mod submission;

pub(crate) use merge::{Merged, shards_done};
pub(crate) use script::{Resources, merge_script, task};
pub(crate) use submission::{Job, Submission};
