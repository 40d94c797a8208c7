//! Rows and JSON Lines: one object a line, a header first, a torn tail tolerated. docs/FORMAT.md is the reference.

mod archive;
mod metrics;
mod read;
mod seal;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use archive::archive;
pub use archive::archive_path;
pub use metrics::Metrics;
pub use read::{Rows, read};
pub(crate) use seal::{Seals, check as check_sum};
pub(crate) use write::Writer;

pub use crate::assignment::{Assignment, Source};
pub use crate::digest::Digest;
use crate::domain::Direction;
use crate::error::Error;
use crate::figure::Figure;
use crate::info::DomainInfo;
use crate::knob::Settings;
use crate::trace::Point;
pub use crate::tuned::{Tried, TunedProblem, TunedStart};

/// Raised when rows can no longer be read by older programs.
pub const SCHEMA: u32 = 1;

/// How a trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The target was crossed within the budget.
    Reached,
    /// The solver stopped by itself, the target missed.
    Converged,
    /// The budget was spent, the target missed.
    Budget,
    /// The start or the solver returned an error, or reported something impossible.
    Failed,
    /// Stopped by the supervisor at the limit of seconds.
    Timeout,
    /// Panicked, was killed, or took down its process.
    Crashed,
}

impl Status {
    /// Whether the trial came to an end of its own, target or not.
    pub fn is_sound(self) -> bool {
        matches!(self, Self::Reached | Self::Converged | Self::Budget)
    }
}

/// One trial. A million of them fit into the memory of a laptop: names are shared, digests have a fixed size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Digest of all that names the trial; duplicates collapse by it.
    pub key: Digest,
    /// Digest of all that the trials it may be compared with have in common: domain, version, problem, seed, budget,
    /// references, own data and options, knobs of all starts.
    pub experiment: Digest,
    /// Domain.
    pub domain: Arc<str>,
    /// Problem.
    pub problem: Arc<str>,
    /// Whether the problem is a user's own file.
    pub own: bool,
    /// Start.
    pub start: Arc<str>,
    /// Seed of the suite.
    pub seed: u64,
    /// Replicate, from 0.
    pub replicate: u64,
    /// The values of its knobs, where the problem has any.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub knobs: Settings,
    /// How it ended.
    pub status: Status,
    /// What went wrong, with the tail of its log.
    #[serde(default)]
    pub message: String,
    /// Work that it might spend (tau).
    pub budget: f64,
    /// Target; none for own data until all rows are there.
    pub target: Option<f64>,
    /// Last observed value.
    pub value: Option<f64>,
    /// Work spent, the charge not included.
    pub work: f64,
    /// Seconds spent, the charge not included.
    pub seconds: f64,
    /// Work when the target was first crossed.
    pub work_to_target: Option<f64>,
    /// Seconds when the target was first crossed.
    pub seconds_to_target: Option<f64>,
    /// Work charged to the start.
    pub start_work: f64,
    /// Seconds spent on making the start.
    pub start_seconds: f64,
    /// Highest resident memory of the process during the trial; 0 where the system does not tell.
    pub peak_rss_bytes: u64,
    /// Observations, thinned.
    pub trace: Vec<Point>,
    /// Diagnostics and final qualities.
    pub metrics: Metrics,
    /// The optimum that was reached, where the domain names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basin: Option<Arc<str>>,
    /// What a reader of the result must know: fallbacks, warnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Arc<str>>,
    /// Pictures of the result, for the first replicate of each start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// Digest of the instance.
    pub instance: Digest,
    /// Digest of the state that the start made.
    pub state: Digest,
    /// Digest of all that is deterministic.
    pub digest: Digest,
}

impl Row {
    /// The best value that was observed, if the trial came to a sound end.
    pub(crate) fn best(&self, direction: Direction) -> Option<f64> {
        let better = |a: f64, b: f64| if direction.cost(b) < direction.cost(a) { b } else { a };
        self.trace.iter().map(|point| point.value).reduce(better).filter(|_| self.status.is_sound())
    }
}

/// Where and how rows were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Name of the suite.
    pub suite: String,
    /// The command line.
    pub args: Vec<String>,
    /// Seed of the suite.
    pub seed: u64,
    /// Digest of the program file: rows of different builds are not mixed.
    pub build: String,
    /// The commit checked out where the sources are, when the run began, with `-dirty` where they were changed; or
    /// `unknown`, where no repository holds them.
    pub git: String,
    /// Compiler.
    pub rustc: String,
    /// Processor model.
    pub cpu: String,
    /// Operating system.
    pub os: String,
    /// Trials that ran side by side.
    pub workers: usize,
    /// Instruction sets that hot loops may have taken.
    pub features: Vec<String>,
    /// UTC, ISO 8601.
    pub started: String,
    /// What the domains say of themselves.
    pub domains: Vec<serde_json::Value>,
    /// With which knobs the problems that have any are run, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knobs: Vec<Assignment>,
    /// Whether replicates were added until the claims were decided, so that their number depends on what was seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub until_decided: bool,
}

impl Header {
    /// The domains that it describes; those written by a newer program are left out.
    pub fn domains(&self) -> impl Iterator<Item = DomainInfo> + '_ {
        self.domains.iter().filter_map(|value| serde_json::from_value(value.clone()).ok())
    }
}

/// The row files of a folder and of the folders in it, in the order of their names.
pub(crate) fn row_files(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = vec![rows_path(dir)];
    found.extend(folders(dir)?.iter().map(|folder| rows_path(folder)));
    found.retain(|path| path.is_file());
    Ok(found)
}

/// The folders in a folder, in the order of their names; none where it is not there.
pub(crate) fn folders(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || Error::io("read the folder", dir);
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(read()(error)),
    };
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut folders = paths.map_err(read())?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}

/// The row file of a run's folder.
pub fn rows_path(dir: &Path) -> PathBuf {
    dir.join("rows.jsonl")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::digest;

    pub(crate) fn row(start: &str, replicate: u64, work_to_target: Option<f64>) -> Row {
        Row {
            key: digest::of_bytes(format!("{start}-{replicate}").as_bytes()),
            experiment: "one".into(),
            domain: "toy".into(),
            problem: "bowl".into(),
            own: false,
            seed: 1,
            start: start.into(),
            replicate,
            knobs: Settings::default(),
            status: if work_to_target.is_some() { Status::Reached } else { Status::Budget },
            message: String::new(),
            budget: 100.0,
            target: Some(0.1),
            value: Some(work_to_target.map_or(0.5, |_| 0.05)),
            work: work_to_target.unwrap_or(100.0),
            seconds: 0.001,
            work_to_target,
            seconds_to_target: work_to_target.map(|work| work / 1e6),
            start_work: 0.0,
            start_seconds: 0.0,
            peak_rss_bytes: 0,
            trace: vec![Point { work: 1.0, seconds: 0.0, value: 1.0 / 3.0 }],
            metrics: Metrics::default(),
            basin: None,
            remarks: Vec::new(),
            figures: Vec::new(),
            instance: Digest::default(),
            state: start.into(),
            digest: digest::of_bytes(format!("{start}-{replicate}-{work_to_target:?}").as_bytes()),
        }
    }
}
