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
    /// The solver stopped by itself without reaching the target.
    Converged,
    /// The budget was spent without reaching the target.
    Budget,
    /// The start or the solver returned an error or made an invalid report.
    Failed,
    /// Stopped by the supervisor at the time limit.
    Timeout,
    /// Panicked, was killed, or took down its process.
    Crashed,
}

impl Status {
    /// Whether the trial ended normally, with or without reaching the target.
    pub fn is_sound(self) -> bool {
        matches!(self, Self::Reached | Self::Converged | Self::Budget)
    }

    /// Returns the name in rows.
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

/// One trial. Names are shared and digests have a fixed size, so that a million rows fit into the memory of a laptop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Digest that identifies the trial; rows with the same key are duplicates.
    pub key: Digest,
    /// Digest of the common settings of comparable trials: domain, version, problem, seed, budget, references, user
    /// data and options, hyperparameters of all starts.
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
    /// The values of the hyperparameters, if the problem has any.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub knobs: Settings,
    /// How the trial ended.
    pub status: Status,
    /// Error message, with the end of the trial's log.
    #[serde(default)]
    pub message: String,
    /// Work that the trial was allowed to spend (tau).
    pub budget: f64,
    /// Target; `None` for user data, whose target is computed from all rows.
    pub target: Option<f64>,
    /// Last observed value.
    pub value: Option<f64>,
    /// Work spent, without the charge.
    pub work: f64,
    /// Seconds spent, without making the start.
    pub seconds: f64,
    /// Work at the first observation at the target.
    pub work_to_target: Option<f64>,
    /// Seconds at the first observation at the target.
    pub seconds_to_target: Option<f64>,
    /// Work charged to the start.
    pub start_work: f64,
    /// Seconds spent on making the start.
    pub start_seconds: f64,
    /// Peak resident memory of the process during the trial, in bytes; 0 if the system does not report it.
    pub peak_rss_bytes: u64,
    /// The observations, thinned.
    pub trace: Vec<Point>,
    /// The recorded metrics.
    pub metrics: Metrics,
    /// Name of the optimum that was reached, if the domain names optima.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basin: Option<Arc<str>>,
    /// Remarks for a reader of the result, such as fallbacks and warnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Arc<str>>,
    /// Figures of the result, for the first replicate of each start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// Digest of the instance.
    pub instance: Digest,
    /// Digest of the state that the start made.
    pub state: Digest,
    /// Digest of the deterministic part of the row.
    pub digest: Digest,
}

impl Row {
    /// Returns a quantity of the final result, if it was recorded.
    pub fn quantity(&self, quantity: &Quantity) -> Option<f64> {
        match quantity {
            Quantity::Value => self.value,
            Quantity::Metric(name) => self.metrics.get(name),
        }
    }

    /// Returns the best observed value, if the trial ended normally.
    pub fn best(&self, direction: Direction) -> Option<f64> {
        let better = |a: f64, b: f64| if direction.cost(b) < direction.cost(a) { b } else { a };
        self.trace.iter().map(|point| point.value).reduce(better).filter(|_| self.status.is_sound())
    }

    /// Returns why this row is inconsistent, if it is: the value, and what is allowed.
    ///
    /// It checks what [`Run`](crate::Run) guarantees. Work past the budget does not count, so neither the work nor the
    /// crossing exceeds the budget. `reached` and a crossing come together, and the crossing is one of the
    /// observations. The trace is checked only if the direction is given. In a thinned trace, the first kept
    /// observation at the target may be later than the crossing, but the one before it never is. User data have no
    /// target, and so no crossing, until all rows are known.
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
        past.then(|| format!("work is {:?}: it must not exceed the budget ({:?})", self.work, self.budget))
    }

    fn fault_of_trace(&self) -> Option<String> {
        let mut before = 0.0;
        for Point { work, seconds, value } in self.trace.iter().copied() {
            if !(is_amount(work) && is_amount(seconds) && value.is_finite()) {
                return Some(format!(
                    "the trace has the point [{work:?}, {seconds:?}, {value:?}]: work and seconds must be finite \
                     and not negative, and the value must be finite"
                ));
            }
            if work < before {
                return Some(format!("work decreases from {before:?} to {work:?} in the trace: it must not decrease"));
            }
            before = work;
        }
        let past = exceeds(before, self.work);
        past.then(|| format!("the trace ends at work {before:?}: it must not exceed work ({:?})", self.work))
    }

    fn fault_of_crossing(&self) -> Option<String> {
        let status = self.status.name();
        let Some(crossing) = self.work_to_target else {
            return match (self.status, self.seconds_to_target) {
                (Status::Reached, _) => Some(format!("status is {status}, but work_to_target is missing")),
                (_, Some(seconds)) => Some(format!("seconds_to_target is {seconds:?}, but work_to_target is missing")),
                _ => None,
            };
        };
        if self.status != Status::Reached {
            return Some(format!("work_to_target is {crossing:?}, but status is {status}: it must be reached"));
        }
        if self.target.is_none() {
            return Some(format!("work_to_target is {crossing:?}, but target is missing"));
        }
        if exceeds(crossing, self.work) {
            let work = self.work;
            return Some(format!("work_to_target is {crossing:?}: it must not exceed work ({work:?})"));
        }
        let (seconds, all) = (self.seconds_to_target?, self.seconds);
        // Other programs may round seconds.
        let past = seconds > all * (1.0 + 1e-2);
        past.then(|| format!("seconds_to_target is {seconds:?}: it must not exceed seconds ({all:?})"))
    }

    fn fault_at_target(&self, direction: Direction) -> Option<String> {
        let target = self.target.filter(|_| self.status.is_sound())?;
        let first = self.trace.iter().position(|point| direction.cost(point.value) <= direction.cost(target));
        match (self.work_to_target, first) {
            // Thinning always keeps the last observation, so its value is checked like the trace.
            (None, None) => {
                let value = self.value.filter(|value| direction.cost(*value) <= direction.cost(target))?;
                let status = self.status.name();
                Some(format!("value {value:?} is at the target {target:?}, but status is {status}: it must be reached"))
            }
            (Some(_), None) => {
                Some(format!("status is reached, but no point of the trace is at the target {target:?}"))
            }
            (None, Some(first)) => {
                let (status, work) = (self.status.name(), self.trace[first].work);
                Some(format!(
                    "the trace is at the target {target:?} at work {work:?}, but status is {status}: it must be reached"
                ))
            }
            (Some(crossing), Some(first)) => {
                let (at, before) =
                    (self.trace[first].work, first.checked_sub(1).map_or(0.0, |place| self.trace[place].work));
                // The crossing is the first observation at the target; all before it miss the target.
                let fits =
                    !exceeds(crossing, at) && !exceeds(before, crossing) && (first > 0 || !exceeds(at, crossing));
                (!fits).then(|| {
                    format!(
                        "work_to_target is {crossing:?}, but the first point of the trace at the target {target:?} has \
                         work {at:?} (point before: {before:?})"
                    )
                })
            }
        }
    }
}

/// The largest work or seconds: no computer has spent more, and sums and ratios stay finite.
const MOST: f64 = 1e30;

/// Whether a number is a valid amount of work or seconds.
fn is_amount(number: f64) -> bool {
    (0.0..=MOST).contains(&number)
}

/// Whether work exceeds its limit by more than the rounding of other programs.
fn exceeds(work: f64, most: f64) -> bool {
    work > most * (1.0 + 1e-9)
}
