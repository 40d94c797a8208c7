//! The description of a domain as plain data, for `headstart list`, the headers of runs, and reports.
//!
//! The header of a row file has this description, so that a report is made from rows alone, without the solver.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Metric, ProblemInfo, Role, StartInfo};
use crate::claim::{Claim, Estimand, Over, Quantity};
use crate::direction::Direction;
use crate::domain::{Domain, Problem, Start, Target};
use crate::knob::Knob;
use crate::names::check_plain;
use crate::options::Opt;

/// The names, texts and defaults of a domain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DomainInfo {
    /// Lower-case name, as on the command line.
    pub name: String,
    /// The question that the domain answers.
    pub about: String,
    /// Unit of work, in the singular.
    pub work_unit: String,
    /// Axis label of the observed value.
    pub value_label: String,
    /// Which values are better.
    pub direction: Direction,
    /// Version of the results.
    pub version: u32,
    /// Work that every start may spend, by default.
    pub budget: f64,
    /// User data: tolerance of the target as a fraction of the median descent.
    pub within: f64,
    /// The quantity that starts are ranked by on user data.
    pub headline: Estimand,
    /// The quantity by which final results are judged on user data.
    pub judged_by: Quantity,
    /// Axis label of the observed value on user data; empty for `value_label`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub own_value_label: String,
    /// Number of decimals of the value that matter in the field; `None` prints three significant digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_decimals: Option<u8>,
    /// Unit of the distance of an end from the best one on user data, and how many of it are a unit of the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_distance: Option<(String, f64)>,
    /// Whether the optima that trials name answer different questions, such as the states of a molecule.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub states: bool,
    /// The problems.
    pub problems: Vec<ProblemInfo>,
    /// The starts; the first is the baseline.
    pub starts: Vec<StartInfo>,
    /// The metrics.
    pub metrics: Vec<Metric>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// The options for user data.
    pub options: Vec<Opt>,
    /// The hyperparameters that are tuned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knobs: Vec<Knob>,
}

impl DomainInfo {
    /// Returns the description of a domain.
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
            headline: about.headline,
            judged_by: about.judged_by,
            own_value_label: about.own_value_label.unwrap_or_default().to_owned(),
            value_decimals: about.value_decimals,
            own_distance: about.own_distance.map(|(unit, scale)| (unit.to_owned(), scale)),
            states: about.states,
            problems,
            starts: D::STARTS.iter().map(|start| start.info.clone()).collect(),
            metrics: D::METRICS.to_vec(),
            claims,
            options: D::OPTIONS.to_vec(),
            knobs,
        }
    }

    /// Checks that the names of the domain, its problems and its starts can be used in paths and pages.
    pub fn check_names(&self) -> std::result::Result<(), String> {
        check_plain("domain", &self.name)?;
        self.problems.iter().try_for_each(|problem| check_plain("problem", &problem.name))?;
        self.starts.iter().try_for_each(|start| check_plain("start", &start.name))
    }

    /// Returns the name of the baseline, to which all other starts are compared.
    pub fn baseline(&self) -> &str {
        self.starts.first().map_or("", |start| &start.name)
    }

    /// Returns the start of which this one is an alias, or the start itself.
    pub fn original<'a>(&'a self, start: &'a str) -> &'a str {
        let alias = self.starts.iter().find(|known| known.name == start).and_then(|known| known.alias_of.as_deref());
        alias.unwrap_or(start)
    }

    /// Returns the problem of this name.
    pub fn problem(&self, name: &str) -> Option<&ProblemInfo> {
        self.problems.iter().find(|problem| problem.name == name)
    }

    /// Returns the hyperparameters that are tuned on a problem.
    pub fn knobs_of(&self, problem: &str) -> Vec<&Knob> {
        self.knobs.iter().filter(|knob| knob.problems.iter().any(|name| name == problem)).collect()
    }

    /// Whether one of two starts declares that its state may equal that of the other.
    pub(crate) fn may_be_equal(&self, first: &str, second: &str) -> bool {
        let says =
            |start: &StartInfo, one: &str, other: &str| start.name == one && start.may_equal.as_deref() == Some(other);
        self.starts.iter().any(|start| says(start, first, second) || says(start, second, first))
    }

    /// Returns the starts that can be used on user data.
    pub fn own_starts(&self) -> impl Iterator<Item = &StartInfo> {
        self.starts.iter().filter(|start| !start.needs_truth)
    }

    /// Returns the role of a start. The baseline always has the role `Start`.
    pub fn role(&self, start: &str) -> Role {
        let known = self.starts.iter().skip(1).find(|known| known.name == start);
        known.map_or(Role::Start, |known| known.role)
    }

    /// Whether a start may be called the best or be recommended.
    pub fn is_candidate(&self, start: &str) -> bool {
        self.role(start) == Role::Start && self.original(start) == start
    }

    /// Returns the size below which differences of a final quantity are noise: the problem's resolution for the
    /// quantity by which its final results are judged and for metrics that differ from it by a constant, and 0 for
    /// others.
    pub fn resolution(&self, quantity: &Quantity, problem: &ProblemInfo) -> f64 {
        let is_like_end = |name: &str| self.metrics.iter().any(|metric| metric.name == name && metric.like_end);
        if *quantity == problem.judged_by || is_like_end(quantity.name()) { problem.resolution } else { 0.0 }
    }

    /// Returns which values of a final quantity are better; `None` for a metric that is not declared.
    pub fn direction_of(&self, quantity: &Quantity) -> Option<Direction> {
        match quantity {
            Quantity::Value => Some(self.direction),
            Quantity::Metric(name) => Some(self.metrics.iter().find(|metric| metric.name == *name)?.direction),
        }
    }
}

fn problem<D: Domain>(problem: &Problem<D>) -> ProblemInfo {
    let takes = |start: &&Start<D>| problem.starts.contains(&start.info.name);
    ProblemInfo {
        starts: D::STARTS.iter().filter(takes).map(|start| start.info.name.to_string()).collect(),
        value_label: problem.value_label.unwrap_or(D::ABOUT.value_label).into(),
        headline: problem.headline.clone().unwrap_or(D::ABOUT.headline),
        judged_by: problem.judged_by.map_or(D::ABOUT.judged_by, Quantity::metric),
        within: match problem.target {
            Target::Known(_) => None,
            Target::Reference { within } => Some(within),
        },
        ..problem.info.clone()
    }
}

/// Returns the names of the problems in a declaration: all that fit, or those listed.
fn resolve(over: Over, problems: &[ProblemInfo], fits: impl Fn(&ProblemInfo) -> bool) -> Vec<String> {
    match over {
        Over::All => problems.iter().filter(|problem| fits(problem)).map(|problem| problem.name.to_string()).collect(),
        Over::These(names) => names.iter().map(|&name| name.to_owned()).collect(),
    }
}

fn knob(knob: &Knob, problems: &[ProblemInfo]) -> Knob {
    Knob { problems: resolve(knob.over, problems, |_| true), ..knob.clone() }
}

fn claim(claim: &Claim, problems: &[ProblemInfo]) -> Claim {
    let takes = |problem: &ProblemInfo, start: &str| problem.starts.iter().any(|known| known == start);
    let fits = |problem: &ProblemInfo| {
        claim.kind.pair().is_none_or(|pair| takes(problem, pair.start) && takes(problem, pair.rival))
    };
    Claim { problems: resolve(claim.over, problems, fits), ..claim.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_domain_is_looked_at() {
        assert_eq!(crate::toy::info().check_names(), Ok(()));
        let refusal = |change: fn(&mut DomainInfo)| {
            let mut info = crate::toy::info();
            change(&mut info);
            info.check_names().unwrap_err()
        };
        assert!(refusal(|info| info.name = "../toy".into()).contains("domain `../toy`"));
        assert!(refusal(|info| info.problems[0].name = "<b>".into()).contains("problem `<b>`"));
        assert!(refusal(|info| info.starts[2].name = "Pilot".into()).contains("start `Pilot`"));
    }
}
