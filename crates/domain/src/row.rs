//! The outcome of one trial: a line of a row file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::claim::Quantity;
use crate::digest::Digest;
use crate::direction::Direction;
use crate::figure::Figure;
use crate::knob::Settings;
use crate::metrics::Metrics;
use crate::trace::Point;

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
    /// A quantity at the end of the trial, if it was recorded.
    pub fn quantity(&self, quantity: &Quantity) -> Option<f64> {
        match quantity {
            Quantity::Value => self.value,
            Quantity::Metric(name) => self.metrics.get(name),
        }
    }

    /// The best value that was observed, if the trial came to a sound end.
    pub fn best(&self, direction: Direction) -> Option<f64> {
        let better = |a: f64, b: f64| if direction.cost(b) < direction.cost(a) { b } else { a };
        self.trace.iter().map(|point| point.value).reduce(better).filter(|_| self.status.is_sound())
    }
}
