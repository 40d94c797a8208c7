//! The first line of a row file: where and how the rows were made.

use headstart_domain::info::DomainInfo;
use serde::{Deserialize, Serialize};

use crate::assignment::Assignment;

/// Version of the format, raised when older programs cannot read new rows.
pub const SCHEMA: u32 = 1;

/// Prefix, in [`Header::features`], of the level of vector instructions in use.
pub const USES: &str = "uses ";

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
    /// Digest of the executable: rows of different builds are not mixed.
    pub build: String,
    /// Commit of the source folder when the run began, with `-dirty` if files were changed; `unknown` without a
    /// repository.
    pub git: String,
    /// Compiler.
    pub rustc: String,
    /// Processor model.
    pub cpu: String,
    /// Operating system.
    pub os: String,
    /// Number of trials that ran in parallel.
    pub workers: usize,
    /// Levels of vector instructions of the processor, and the one in use, prefixed by [`USES`].
    pub features: Vec<String>,
    /// Time at which the run began: UTC, ISO 8601.
    pub started: String,
    /// Descriptions of the domains.
    pub domains: Vec<serde_json::Value>,
    /// Hyperparameters of the problems that have any, and where they come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knobs: Vec<Assignment>,
    /// Whether replicates were added until the claims were decided, so that their number depends on the results.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub until_decided: bool,
}

impl Header {
    /// Returns the descriptions of the domains; those of a newer program that cannot be read are left out.
    pub fn domains(&self) -> impl Iterator<Item = DomainInfo> + '_ {
        self.domains.iter().filter_map(|value| serde_json::from_value(value.clone()).ok())
    }
}
