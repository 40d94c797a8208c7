//! The hyperparameters with which the starts of a problem were run, and the evidence for their choice.

use std::collections::BTreeMap;

use headstart_domain::digest::Digest;
use headstart_domain::knob::Settings;
use serde::{Deserialize, Serialize};

/// The hyperparameters of all starts of one problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// Domain.
    pub domain: String,
    /// Problem.
    pub problem: String,
    /// The experiment for whose trials it holds.
    pub experiment: Digest,
    /// Source of the values.
    pub source: Source,
    /// Notes for the reader.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Values by start, for all starts that the problem takes, also if only some are run.
    pub starts: BTreeMap<String, Settings>,
    /// The results of the tuning, if the values were tuned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tuning: Option<TunedProblem>,
}

/// Source of the values of hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// `headstart tune` picked them.
    Tuned,
    /// Every start has the defaults, without tuning.
    Default,
    /// Set on the command line, for every start.
    Given,
}

impl Assignment {
    /// Describes the choice for a reader of results.
    pub fn summary(&self) -> Vec<String> {
        let all = self.starts.values().next().cloned().unwrap_or_default();
        let first = match (self.source, &self.tuning) {
            (Source::Tuned, Some(tuning)) => format!(
                "the hyperparameters of each start were tuned over the same {} settings, on {} held-out replicates",
                tuning.points(),
                tuning.replicates
            ),
            (Source::Given, _) => "hyperparameters were set on the command line, the same for all starts".into(),
            _ => format!("every start has the default hyperparameters ({all}), which may suit some better than others"),
        };
        let edges = self.tuning.iter().flat_map(|tuning| &tuning.start).filter(|(_, start)| !start.at_edge.is_empty());
        let edges: Vec<String> =
            edges.map(|(name, start)| format!("`{name}` ({})", start.at_edge.join(", "))).collect();
        let mut notes = vec![first];
        notes.extend(self.notes.iter().map(|note| format!("hyperparameters: {note}")));
        if !edges.is_empty() {
            let widened = match self.tuning.as_ref().map_or(0, |tuning| tuning.widened) {
                0 => String::new(),
                times => format!(" even after widening it {times} times"),
            };
            notes.push(format!(
                "the best setting lies at the edge of the grid{widened}, so these starts may be under-tuned: {}",
                edges.join(", ")
            ));
        }
        notes
    }
}

/// The tuning of one problem: all starts over the same grid, on the same replicates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TunedProblem {
    /// Version of the domain.
    pub version: u32,
    /// Seed of the tuning's random streams.
    pub seed: u64,
    /// Number of trials of every setting.
    pub replicates: u64,
    /// Work that every trial was allowed to spend.
    pub budget: f64,
    /// The criterion of the choice. Older files, from before claims were considered, lack it: their criterion is the
    /// quantity by which the problem ranks starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picked_for: Option<Aim>,
    /// The tried values of each hyperparameter.
    pub grid: BTreeMap<String, Vec<f64>>,
    /// How many times a grid was widened because a chosen value was at its edge.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub widened: u32,
    /// Results by start.
    pub start: BTreeMap<String, TunedStart>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "required by serde")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The criterion by which the settings of a problem are chosen; it follows from the claims about the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aim {
    /// The quantity that the problem ranks starts by, such as least work. Used if no claim on success names the
    /// problem.
    Headline,
    /// Most trials at their target, then least work. Used if a claim on success names the problem.
    Success,
    /// Most trials in which this metric is 1, then least work. Used if a claim on its rate names the problem.
    Rate(String),
}

/// The choice for one start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TunedStart {
    /// The best setting.
    pub knobs: Settings,
    /// The hyperparameters whose value is at an edge of the grid, so that a better one may lie outside.
    pub at_edge: Vec<String>,
    /// Work spent on tuning this start, including charges.
    pub cost: f64,
    /// Every setting, in the order of the grid.
    pub tried: Vec<Tried>,
}

/// The results of one setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The setting.
    pub knobs: Settings,
    /// Number of trials.
    pub n: u64,
    /// Number of trials that reached their target.
    pub reached: u64,
    /// Number of trials in which the metric of [`Aim::Rate`] is 1, if that is the criterion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<u64>,
    /// Number of trials that did not end normally.
    pub failed: u64,
    /// Median work to target, with the charge unless the problem ranks starts without it; `None` if the median trial
    /// missed the target.
    #[serde(default)]
    pub work: Option<f64>,
    /// Median of the quantity by which final results are judged; `None` if the median trial failed.
    #[serde(default)]
    pub end: Option<f64>,
    /// The quantity that the problem ranks starts by, if it is not work: the median of a metric, or a rate.
    #[serde(default)]
    pub headline: Option<f64>,
}

impl TunedProblem {
    /// Returns the number of settings tried for each start.
    pub fn points(&self) -> usize {
        self.grid.values().map(Vec::len).product()
    }
}
