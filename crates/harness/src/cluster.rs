//! Suites on a cluster: one job array, a folder that holds all there is to know, rows that are neither lost nor counted
//! twice. docs/CLUSTER.md is the reference.
//!
//! Shard I is run by task I of the array, each attempt in a folder of its own (`shards/I/ATTEMPT`): a task that the
//! scheduler starts again while its first copy still runs on a node that was thought lost disturbs nobody. Rows are keyed
//! by what they are about, so the merge drops what was done twice, and an attempt leaves out what earlier ones have done.

mod merge;
mod script;
pub(crate) mod slurm;
mod submission;

pub(crate) use merge::{Merged, shards_done};
pub(crate) use script::{Resources, merge_script, task};
pub(crate) use submission::{Job, Submission};
