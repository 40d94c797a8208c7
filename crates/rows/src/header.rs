//! The first line of a row file: where and how the rows were made.

use headstart_domain::info::DomainInfo;
use serde::{Deserialize, Serialize};

use crate::assignment::Assignment;

/// Raised when rows can no longer be read by older programs.
pub const SCHEMA: u32 = 1;

/// What stands in [`Header::features`] before the level of vector instructions in use.
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
    /// Levels of vector instructions that the processor has, and behind [`USES`] the one in use.
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
