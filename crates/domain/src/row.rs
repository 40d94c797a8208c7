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

    /// Its name in rows.
    fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Converged => "converged",
            Self::Budget => "budget",
            Self::Failed => "failed",
            Self::Timeout => "timeout",
            Self::Crashed => "crashed",
        }
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

    /// Why this row cannot be right, if it cannot: which value, and what is allowed.
    ///
    /// It holds a row to what [`Run`](crate::Run) guarantees: what lies past the budget does not count, so neither
    /// work nor crossing is beyond it; `reached` and a crossing come together, and the crossing is one of the
    /// observations. With the direction the trace is looked at too. In a thinned one the first observation that is
    /// kept at the target may be later than the crossing, and the one before it is never later. Own data have no
    /// target, and so no crossing, until all rows are there.
    pub fn fault(&self, direction: Option<Direction>) -> Option<String> {
        self.fault_of_numbers()
            .or_else(|| self.fault_of_trace())
            .or_else(|| self.fault_of_crossing())
            .or_else(|| self.fault_at_target(direction?))
    }

    fn fault_of_numbers(&self) -> Option<String> {
        if !(self.budget.is_finite() && self.budget > 0.0) {
            return Some(format!("budget is {:?}: it must be finite and above 0", self.budget));
        }
        let amounts = [
            ("work", Some(self.work)),
            ("seconds", Some(self.seconds)),
            ("start_work", Some(self.start_work)),
            ("start_seconds", Some(self.start_seconds)),
            ("work_to_target", self.work_to_target),
            ("seconds_to_target", self.seconds_to_target),
        ];
        let mut amounts = amounts.into_iter().filter_map(|(name, amount)| Some((name, amount?)));
        if let Some((name, amount)) = amounts.find(|(_, amount)| !is_amount(*amount)) {
            return Some(format!("{name} is {amount:?}: it must be from 0 to {MOST:e}"));
        }
        let values = [("target", self.target), ("value", self.value)].into_iter();
        let values = values.filter_map(|(name, value)| Some((name, value?)));
        let mut values = values.chain(self.metrics.iter()).chain(self.knobs.iter());
        if let Some((name, value)) = values.find(|(_, value)| !value.is_finite()) {
            return Some(format!("{name} is {value:?}: it must be finite"));
        }
        let past = exceeds(self.work, self.budget);
        past.then(|| {
            format!("work is {:?} and budget {:?}: work past the budget does not count", self.work, self.budget)
        })
    }

    fn fault_of_trace(&self) -> Option<String> {
        let mut before = 0.0;
        for Point { work, seconds, value } in self.trace.iter().copied() {
            if !(is_amount(work) && is_amount(seconds) && value.is_finite()) {
                return Some(format!(
                    "the trace has the point [{work:?}, {seconds:?}, {value:?}]: work and seconds must be finite and \
                     not negative, the value finite"
                ));
            }
            if work < before {
                return Some(format!("in the trace work goes back from {before:?} to {work:?}: it may only grow"));
            }
            before = work;
        }
        let past = exceeds(before, self.work);
        past.then(|| {
            format!("the trace ends at work {before:?}, and work is {:?}: it must be as much at least", self.work)
        })
    }

    fn fault_of_crossing(&self) -> Option<String> {
        let status = self.status.name();
        let Some(crossing) = self.work_to_target else {
            return match (self.status, self.seconds_to_target) {
                (Status::Reached, _) => Some(format!("status is {status} without work_to_target: it says when")),
                (_, Some(seconds)) => Some(format!("seconds_to_target is {seconds:?} without work_to_target")),
                _ => None,
            };
        };
        if self.status != Status::Reached {
            return Some(format!("work_to_target is {crossing:?} and status {status}: only `reached` has it"));
        }
        if self.target.is_none() {
            return Some(format!("work_to_target is {crossing:?} without a target"));
        }
        if exceeds(crossing, self.work) {
            let work = self.work;
            return Some(format!("work_to_target is {crossing:?} and work {work:?}: it must not be more than work"));
        }
        let (seconds, all) = (self.seconds_to_target?, self.seconds);
        // Other programs round them.
        let past = seconds > all * (1.0 + 1e-2);
        past.then(|| format!("seconds_to_target is {seconds:?} and seconds {all:?}: it must not be more than seconds"))
    }

    fn fault_at_target(&self, direction: Direction) -> Option<String> {
        let target = self.target.filter(|_| self.status.is_sound())?;
        let first = self.trace.iter().position(|point| direction.cost(point.value) <= direction.cost(target));
        match (self.work_to_target, first) {
            // The last observation, too, is in the trace, however much that was thinned.
            (None, None) => {
                let value = self.value.filter(|value| direction.cost(*value) <= direction.cost(target))?;
                let status = self.status.name();
                Some(format!("status is {status}, and value {value:?} is at the target {target:?}: then it is reached"))
            }
            (Some(_), None) => {
                Some(format!("status is reached, and no point of the trace is at the target {target:?}"))
            }
            (None, Some(first)) => {
                let (status, work) = (self.status.name(), self.trace[first].work);
                Some(format!(
                    "status is {status}, and the trace is at the target {target:?} at work {work:?}: then it is reached"
                ))
            }
            (Some(crossing), Some(first)) => {
                let (at, before) =
                    (self.trace[first].work, first.checked_sub(1).map_or(0.0, |place| self.trace[place].work));
                // The first observation at the target is the crossing, and all before it are not there.
                let fits =
                    !exceeds(crossing, at) && !exceeds(before, crossing) && (first > 0 || !exceeds(at, crossing));
                (!fits).then(|| {
                    format!(
                        "work_to_target is {crossing:?}, and the trace first is at the target {target:?} at work \
                         {at:?}, not yet at {before:?}"
                    )
                })
            }
        }
    }
}

/// More work, or seconds, than any computer has done: sums and ratios of less stay finite.
const MOST: f64 = 1e30;

/// Work or seconds.
fn is_amount(number: f64) -> bool {
    (0.0..=MOST).contains(&number)
}

/// Whether work is more than it may be, by more than another program's rounding.
fn exceeds(work: f64, most: f64) -> bool {
    work > most * (1.0 + 1e-9)
}
