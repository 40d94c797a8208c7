//! The description that a program gives of itself, converted to the harness's types.

use serde::Deserialize;
use serde_json::Value;

use headstart_domain::catalogue::{Metric, ProblemInfo, StartInfo};
use headstart_domain::claim::Claim;
use headstart_domain::claim::{Estimand, Kind, Quantity};
use headstart_domain::direction::Direction;
use headstart_domain::info::DomainInfo;

/// The answer to `describe`. Fields that have a default in a Rust domain are optional here too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    name: String,
    question: String,
    #[serde(default = "iteration")]
    work_unit: String,
    #[serde(default = "value")]
    value_label: String,
    #[serde(default = "minimise")]
    direction: Direction,
    #[serde(default = "one")]
    version: u32,
    budget: f64,
    problems: Vec<AProblem>,
    starts: Vec<AStart>,
    #[serde(default)]
    metrics: Vec<AMetric>,
    #[serde(default)]
    claims: Vec<AClaim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AProblem {
    name: String,
    about: String,
    budget: Option<f64>,
    #[serde(default)]
    resolution: f64,
    /// Distance of the target from the best known value; without it, every instance must give its target.
    within: Option<f64>,
    #[serde(default)]
    stop_at_target: bool,
    #[serde(default)]
    hard: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AStart {
    name: String,
    about: String,
    alias_of: Option<String>,
    may_equal: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AMetric {
    name: String,
    about: String,
    direction: Direction,
    #[serde(default)]
    share: bool,
}

/// A claim that one start needs less work than another, by a factor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AClaim {
    id: String,
    statement: String,
    source: String,
    registered: String,
    #[serde(default)]
    expected: String,
    start: String,
    rival: String,
    /// Factor by which it needs less work, the cost of the start included.
    margin: f64,
    control: Option<String>,
}

fn iteration() -> String {
    "iteration".into()
}

fn value() -> String {
    "value".into()
}

fn minimise() -> Direction {
    Direction::Minimise
}

fn one() -> u32 {
    1
}

impl Description {
    pub(super) fn parse(described: Value) -> Result<DomainInfo, String> {
        let found: Self = serde_json::from_value(described)
            .map_err(|error| format!("its description is invalid ({error}): see docs/EXTERNAL.md for its fields"))?;
        if found.problems.is_empty() || found.starts.is_empty() {
            return Err("its description needs at least one problem and one start".into());
        }
        let positive = |budget: &f64| budget.is_finite() && *budget > 0.0;
        let budgets = found.problems.iter().filter_map(|problem| problem.budget.as_ref());
        if let Some(odd) = std::iter::once(&found.budget).chain(budgets).find(|budget| !positive(budget)) {
            return Err(format!("its description has a budget of {odd}: budgets must be positive and finite"));
        }
        let info = found.info();
        info.check_names().map_err(|error| format!("its description has an invalid name: {error}"))?;
        Ok(info)
    }

    fn info(self) -> DomainInfo {
        let starts: Vec<String> = self.starts.iter().map(|start| start.name.clone()).collect();
        let problems: Vec<String> = self.problems.iter().map(|problem| problem.name.clone()).collect();
        let headline = Estimand::Work { charged: true };
        let label = self.value_label.clone();
        DomainInfo {
            name: self.name,
            about: self.question,
            work_unit: self.work_unit,
            value_label: self.value_label,
            direction: self.direction,
            version: self.version,
            budget: self.budget,
            within: 1e-9,
            headline: headline.clone(),
            judged_by: Quantity::Value,
            own_value_label: String::new(),
            value_decimals: None,
            own_distance: None,
            states: false,
            problems: self.problems.into_iter().map(|problem| problem.info(&starts, &label)).collect(),
            starts: self.starts.into_iter().map(AStart::info).collect(),
            metrics: self.metrics.into_iter().map(AMetric::info).collect(),
            claims: self.claims.into_iter().map(|claim| claim.info(&problems)).collect(),
            options: Vec::new(),
            knobs: Vec::new(),
        }
    }
}

impl AProblem {
    fn info(self, starts: &[String], label: &str) -> ProblemInfo {
        ProblemInfo {
            name: self.name.into(),
            about: self.about.into(),
            starts: starts.to_vec(),
            resolution: self.resolution,
            budget: self.budget,
            value_label: label.to_owned().into(),
            stop_at_target: self.stop_at_target,
            hard: self.hard,
            within: self.within,
            ..ProblemInfo::new("", "")
        }
    }
}

impl AStart {
    fn info(self) -> StartInfo {
        let Self { name, about, alias_of, may_equal } = self;
        StartInfo {
            name: name.into(),
            about: about.into(),
            alias_of: alias_of.map(Into::into),
            may_equal: may_equal.map(Into::into),
            ..StartInfo::default()
        }
    }
}

impl AMetric {
    fn info(self) -> Metric {
        let Self { name, about, direction, share } = self;
        Metric {
            name: name.into(),
            about: about.into(),
            direction,
            share,
            like_end: false,
            decimals: None,
            is_result: false,
        }
    }
}

impl AClaim {
    fn info(self, problems: &[String]) -> Claim {
        let Self { id, statement, source, registered, expected, start, rival, margin, control } = self;
        let estimand = Estimand::Work { charged: true };
        let kind = Kind::Superior { start: start.into(), rival: rival.into(), estimand, margin };
        Claim {
            id: id.into(),
            statement: statement.into(),
            source: source.into(),
            registered: registered.into(),
            expected: expected.into(),
            problems: problems.to_vec(),
            control: control.map(Into::into),
            ..Claim::new("", "", "", "", kind)
        }
    }
}
