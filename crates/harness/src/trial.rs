//! What names one trial: all that a worker needs to run it again.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::digest::{self, Digest};
use crate::options::Options;

/// One cell of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trial {
    pub(crate) key: Digest,
    pub(crate) experiment: Digest,
    pub(crate) domain: String,
    pub(crate) problem: String,
    pub(crate) start: String,
    pub(crate) replicate: u64,
    pub(crate) seed: u64,
    /// Which long run on streams of its own this is, if it searches for a best-known value: it has no target then.
    pub(crate) attempt: Option<u64>,
    pub(crate) budget: f64,
    pub(crate) trace_points: usize,
    /// The file of known best values, where the target needs one.
    pub(crate) references: Option<PathBuf>,
    pub(crate) own: Option<OwnData>,
    /// Where outputs of the solver go, if this trial keeps them.
    pub(crate) files: Option<PathBuf>,
}

/// A user's own file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OwnData {
    pub(crate) path: PathBuf,
    pub(crate) digest: String,
    pub(crate) options: Options,
}

/// What an experiment's digest is made of: all that its trials have in common, by content, never paths, times or
/// places. Trials of different experiments are never paired.
#[derive(Serialize)]
pub(crate) struct Experiment<'a> {
    pub(crate) domain: &'a str,
    pub(crate) version: u32,
    pub(crate) problem: &'a str,
    pub(crate) seed: u64,
    pub(crate) budget: f64,
    pub(crate) trace_points: usize,
    /// Digest of the problem's best-known values: another best value is another target.
    pub(crate) references: Option<&'a str>,
    pub(crate) own: Option<(&'a str, &'a Options)>,
}

impl Experiment<'_> {
    pub(crate) fn digest(&self) -> crate::Result<Digest> {
        digest::of_value(self)
    }
}

/// The key of one trial of an experiment.
pub(crate) fn key(experiment: Digest, start: &str, replicate: u64) -> crate::Result<Digest> {
    digest::of_value(&(experiment, start, replicate))
}
