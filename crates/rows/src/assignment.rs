//! The hyperparameters with which the starts of a problem were run, and the evidence on which they were picked.

use std::collections::BTreeMap;

use headstart_domain::digest::Digest;
use headstart_domain::knob::Settings;
use serde::{Deserialize, Serialize};

/// The knobs of all starts of one problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// Domain.
    pub domain: String,
    /// Problem.
    pub problem: String,
    /// The trials for which it holds.
    pub experiment: Digest,
    /// Where the values come from.
    pub source: Source,
    /// Notes for the reader.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// By start: of all that the problem takes, also where only some are run.
    pub starts: BTreeMap<String, Settings>,
    /// The evidence on which the values were picked, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tuning: Option<TunedProblem>,
}

/// Where the values of knobs come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// `headstart tune` picked them.
    Tuned,
    /// Nothing was tuned: every start has the knobs' defaults.
    Default,
    /// The command line says so, for every start.
    Given,
}

impl Assignment {
    /// What was done, for a reader of results.
    pub fn summary(&self) -> Vec<String> {
        let all = self.starts.values().next().cloned().unwrap_or_default();
        let first = match (self.source, &self.tuning) {
            (Source::Tuned, Some(tuning)) => format!(
                "the knobs of each start were tuned on the same {} settings and {} replicates, with streams of their own",
                tuning.points(),
                tuning.replicates
            ),
            (Source::Given, _) => "knobs were set on the command line, the same for all starts".into(),
            _ => format!("knobs have their defaults for every start ({all}), which may suit one better than another"),
        };
        let edges = self.tuning.iter().flat_map(|tuning| &tuning.start).filter(|(_, start)| !start.at_edge.is_empty());
        let edges: Vec<String> =
            edges.map(|(name, start)| format!("`{name}` ({})", start.at_edge.join(", "))).collect();
        let mut notes = vec![first];
        notes.extend(self.notes.iter().map(|note| format!("knobs: {note}")));
        if !edges.is_empty() {
            let widened = match self.tuning.as_ref().map_or(0, |tuning| tuning.widened) {
                0 => String::new(),
                times => format!(" even after it was widened {times} times"),
            };
            notes.push(format!(
                "the best setting lies at the edge of the grid{widened}, so these starts may be under-tuned: {}",
                edges.join(", ")
            ));
        }
        notes
    }
}

/// The tuning of one problem: every start over the same grid, on the same replicates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TunedProblem {
    /// Version of the domain.
    pub version: u32,
    /// Seed from which the tuning's own streams come.
    pub seed: u64,
    /// Trials of every setting.
    pub replicates: u64,
    /// Work that every trial might spend.
    pub budget: f64,
    /// What the settings were picked for; absent from files of before what is claimed was looked at, which were picked
    /// by what the problem ranks starts by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picked_for: Option<Aim>,
    /// The values of each knob, as they were tried.
    pub grid: BTreeMap<String, Vec<f64>>,
    /// How many times a grid was widened since a pick lay on its edge.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub widened: u32,
    /// By start.
    pub start: BTreeMap<String, TunedStart>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What the settings of a problem are picked for: what is claimed of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aim {
    /// What the problem ranks starts by, such as the least work: no claim about success names it.
    Headline,
    /// Trials at their target, then least work: a claim about success names it.
    Success,
    /// Trials in which this metric is 1, then least work: a claim about its rate names it.
    Rate(String),
}

/// What was picked for one start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TunedStart {
    /// The best setting.
    pub knobs: Settings,
    /// The knobs whose value is the first or the last of their grid: a better one may lie beyond.
    pub at_edge: Vec<String>,
    /// Work that tuning this start has taken, charges included.
    pub cost: f64,
    /// Every setting, in the order of the grid.
    pub tried: Vec<Tried>,
}

/// What the trials of one setting say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The setting.
    pub knobs: Settings,
    /// Trials.
    pub n: u64,
    /// Those that reached their target.
    pub reached: u64,
    /// Those in which the metric is 1 whose rate is claimed, where settings are picked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<u64>,
    /// Those that came to no sound end.
    pub failed: u64,
    /// Median work to target, charged unless the problem's headline is not; none where the median trial did not reach it.
    #[serde(default)]
    pub work: Option<f64>,
    /// Median of what the end is judged by; none where the median trial failed.
    #[serde(default)]
    pub end: Option<f64>,
    /// What the problem ranks starts by, where that is no work: the median of a metric, or a rate.
    #[serde(default)]
    pub headline: Option<f64>,
}

impl TunedProblem {
    /// Number of settings that each start was tried with.
    pub fn points(&self) -> usize {
        self.grid.values().map(Vec::len).product()
    }
}
