//! What a domain says of itself, as plain data: for `headstart list`, for the header of a run, for reports.
//!
//! Reports are made from rows alone, so a header carries these and a report needs no solver.

use serde::{Deserialize, Serialize};

use crate::claim::{Claim, Estimand, Kind, Over, Rule};
use crate::direction::Direction;
use crate::domain::{Domain, Problem, Start, Target};
use crate::knob::Knob;

/// A domain, its names and texts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DomainInfo {
    /// Name on the command line.
    pub name: String,
    /// The question that it answers.
    pub about: String,
    /// Unit of work, singular.
    pub work_unit: String,
    /// What is observed.
    pub value_label: String,
    /// Which values are better.
    pub direction: Direction,
    /// Version of its results.
    pub version: u32,
    /// Work that every start may spend, by default.
    pub budget: f64,
    /// Own data: tolerance of the target, relative to max(1, |best|).
    pub within: f64,
    /// What starts are ranked by on own data.
    pub headline: Estimand<String>,
    /// The metric by which ends are judged on own data.
    pub judged_by: String,
    /// Its problems.
    pub problems: Vec<ProblemInfo>,
    /// Its starts; the first is the baseline.
    pub starts: Vec<StartInfo>,
    /// Its metrics.
    pub metrics: Vec<MetricInfo>,
    /// Its claims.
    pub claims: Vec<ClaimInfo>,
    /// What it takes for own data.
    pub options: Vec<OptInfo>,
    /// Its knobs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knobs: Vec<KnobInfo>,
}

/// A problem.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProblemInfo {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// The starts that it takes.
    pub starts: Vec<String>,
    /// Gaps below this are noise.
    pub resolution: f64,
    /// Its own budget, if it has one.
    pub budget: Option<f64>,
    /// What is observed.
    pub value_label: String,
    /// What starts are ranked by.
    pub headline: Estimand<String>,
    /// The metric by which its end is judged; `value` is the observed value.
    pub judged_by: String,
    /// Whether trials end at their target.
    pub stop_at_target: bool,
    /// Whether no start may reach the target.
    pub hard: bool,
    /// Distance of the target from the best value of reference runs, if it comes from such.
    pub within: Option<f64>,
}

/// A start.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StartInfo {
    /// Its name.
    pub name: String,
    /// What it does.
    pub about: String,
    /// The start whose states it may repeat.
    pub alias_of: Option<String>,
    /// A start whose state it may happen to repeat.
    #[serde(default)]
    pub may_equal: Option<String>,
    /// Whether making it may itself be one of the runs that it serves.
    #[serde(default)]
    pub made_by_a_use: bool,
    /// Whether it needs what only a made instance knows.
    #[serde(default)]
    pub needs_truth: bool,
    /// Whether it is what there is to reach, and no start that anyone could take.
    #[serde(default)]
    pub is_bound: bool,
}

/// A metric.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MetricInfo {
    /// Its name.
    pub name: String,
    /// What it measures.
    pub about: String,
    /// Which values are better.
    pub direction: Direction,
    /// Whether it is a share, 0 to 1.
    #[serde(default)]
    pub share: bool,
}

impl MetricInfo {
    /// Whether a value of 1 is a success and 0 is none.
    pub fn counts_as_success(&self) -> bool {
        self.share && self.direction == Direction::Maximise
    }
}

/// A claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimInfo {
    /// Its id.
    pub id: String,
    /// In words.
    pub statement: String,
    /// Who says so.
    pub source: String,
    /// Day of registration.
    pub registered: String,
    /// What was expected on that day.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub expected: String,
    /// What is compared.
    #[serde(flatten)]
    pub kind: Kind<String>,
    /// On which problems.
    pub problems: Vec<String>,
    /// How they combine.
    pub rule: Rule,
    /// The control, if it has one.
    pub control: Option<String>,
}

/// An option for own data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OptInfo {
    /// Its name.
    pub name: String,
    /// What it does.
    pub about: String,
    /// What stands for its value.
    pub value: String,
    /// Its default.
    pub default: Option<String>,
}

/// A knob.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnobInfo {
    /// Its name.
    pub name: String,
    /// What it sets.
    pub about: String,
    /// The values that are tried, ascending.
    pub grid: Vec<f64>,
    /// The value where nothing was tuned.
    pub default: f64,
    /// The problems on which it is tuned.
    pub problems: Vec<String>,
}

impl DomainInfo {
    pub fn of<D: Domain>() -> Self {
        let about = D::ABOUT;
        let problems: Vec<ProblemInfo> = D::PROBLEMS.iter().map(problem).collect();
        let claims = D::CLAIMS.iter().map(|one| claim(one, &problems)).collect();
        let knobs = D::KNOBS.iter().map(|one| knob(one, &problems)).collect();
        Self {
            name: about.name.to_owned(),
            about: about.question.to_owned(),
            work_unit: about.work_unit.to_owned(),
            value_label: about.value_label.to_owned(),
            direction: about.direction,
            version: about.version,
            budget: about.budget,
            within: about.within,
            headline: about.headline.to_owned(),
            judged_by: about.judged_by.unwrap_or("value").to_owned(),
            problems,
            starts: D::STARTS.iter().map(start).collect(),
            metrics: D::METRICS
                .iter()
                .map(|metric| MetricInfo {
                    name: metric.name.to_owned(),
                    about: metric.about.to_owned(),
                    direction: metric.direction,
                    share: metric.share,
                })
                .collect(),
            claims,
            options: D::OPTIONS
                .iter()
                .map(|option| OptInfo {
                    name: option.name.to_owned(),
                    about: option.about.to_owned(),
                    value: option.value.to_owned(),
                    default: option.default.map(str::to_owned),
                })
                .collect(),
            knobs,
        }
    }

    /// The start against which all others are measured.
    pub fn baseline(&self) -> &str {
        self.starts.first().map_or("", |start| &start.name)
    }

    /// The start of which this one is an alias, or the start itself.
    pub fn original<'a>(&'a self, start: &'a str) -> &'a str {
        let alias = self.starts.iter().find(|known| known.name == start).and_then(|known| known.alias_of.as_deref());
        alias.unwrap_or(start)
    }

    /// The problem of this name.
    pub fn problem(&self, name: &str) -> Option<&ProblemInfo> {
        self.problems.iter().find(|problem| problem.name == name)
    }

    /// The knobs that are tuned on a problem.
    pub fn knobs_of(&self, problem: &str) -> Vec<&KnobInfo> {
        self.knobs.iter().filter(|knob| knob.problems.iter().any(|name| name == problem)).collect()
    }

    /// Whether one of two starts says that it may happen to repeat the other.
    pub fn may_be_equal(&self, first: &str, second: &str) -> bool {
        let says =
            |start: &StartInfo, one: &str, other: &str| start.name == one && start.may_equal.as_deref() == Some(other);
        self.starts.iter().any(|start| says(start, first, second) || says(start, second, first))
    }

    /// The starts that own data can have.
    pub fn own_starts(&self) -> impl Iterator<Item = &StartInfo> {
        self.starts.iter().filter(|start| !start.needs_truth)
    }

    /// Whether a start is a bound.
    pub fn is_bound(&self, start: &str) -> bool {
        self.starts.iter().any(|known| known.name == start && known.is_bound)
    }

    /// Which way a final metric is better; `value` is the observed value.
    pub fn direction_of(&self, metric: &str) -> Option<Direction> {
        if metric == "value" {
            return Some(self.direction);
        }
        self.metrics.iter().find(|known| known.name == metric).map(|known| known.direction)
    }
}

fn problem<D: Domain>(problem: &Problem<D>) -> ProblemInfo {
    let takes = |start: &&Start<D>| problem.starts.contains(start.name);
    ProblemInfo {
        name: problem.name.to_owned(),
        about: problem.about.to_owned(),
        starts: D::STARTS.iter().filter(takes).map(|start| start.name.to_owned()).collect(),
        resolution: problem.resolution,
        budget: problem.budget,
        value_label: problem.value_label.unwrap_or(D::ABOUT.value_label).to_owned(),
        headline: problem.headline.unwrap_or(D::ABOUT.headline).to_owned(),
        judged_by: problem.judged_by.or(D::ABOUT.judged_by).unwrap_or("value").to_owned(),
        stop_at_target: problem.stop_at_target,
        hard: problem.hard,
        within: match problem.target {
            Target::Known(_) => None,
            Target::Reference { within } => Some(within),
        },
    }
}

fn start<D: Domain>(start: &Start<D>) -> StartInfo {
    StartInfo {
        name: start.name.to_owned(),
        about: start.about.to_owned(),
        alias_of: start.alias_of.map(str::to_owned),
        may_equal: start.may_equal.map(str::to_owned),
        made_by_a_use: start.made_by_a_use,
        needs_truth: start.needs_truth,
        is_bound: start.is_bound,
    }
}

fn knob(knob: &Knob, problems: &[ProblemInfo]) -> KnobInfo {
    KnobInfo {
        name: knob.name.to_owned(),
        about: knob.about.to_owned(),
        grid: knob.grid.to_vec(),
        default: knob.default,
        problems: match knob.over {
            Over::All => problems.iter().map(|problem| problem.name.clone()).collect(),
            Over::These(names) => names.iter().map(|&name| name.to_owned()).collect(),
        },
    }
}

fn claim(claim: &Claim, problems: &[ProblemInfo]) -> ClaimInfo {
    let kind = claim.kind.to_owned();
    let takes = |problem: &&ProblemInfo| {
        kind.pair().is_none_or(|pair| problem.starts.contains(pair.start) && problem.starts.contains(pair.rival))
    };
    let problems = match claim.over {
        Over::All => problems.iter().filter(takes).map(|problem| problem.name.clone()).collect(),
        Over::These(names) => names.iter().map(|&name| name.to_owned()).collect(),
    };
    ClaimInfo {
        id: claim.id.to_owned(),
        statement: claim.statement.to_owned(),
        source: claim.source.to_owned(),
        registered: claim.registered.to_owned(),
        expected: claim.expected.to_owned(),
        kind,
        problems,
        rule: claim.rule,
        control: claim.control.map(str::to_owned),
    }
}
