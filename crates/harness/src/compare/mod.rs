//! Rows -> comparisons -> verdicts. Plain values; reports print them and compute nothing.

mod claims;
mod curve;
mod failure;
mod overall;
mod own;
mod pairs;
mod problem;
mod runs;
mod solved;
mod summary;

use std::collections::BTreeMap;

pub use claims::{Judged, OnProblem, Verdict};
pub use curve::{Curve, Quartiles, Scale};
pub use failure::Failure;
pub use overall::{Against, Overall, RATIO, Ranking, Runtimes, Steps};
pub use pairs::Cell;
pub use problem::{MetricResults, ProblemResults, StartResults};
pub use runs::{Change, Changes, changes};
pub use solved::Solved;
pub use summary::{Best, Summary};

pub(crate) use own::aim;
pub(crate) use pairs::{final_cost, succeeded, work_spent};

use rayon::prelude::*;
use serde::Serialize;

use crate::claim::Estimand;
use crate::digest::Digest;
use crate::info::{DomainInfo, ProblemInfo};
use crate::record::{Assignment, Header, Row, Rows};

/// The error rate of every interval and family of tests.
pub const ALPHA: f64 = 0.05;

/// All that the rows say.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Where and how the rows were made.
    pub headers: Vec<Header>,
    /// Lines that could not be read.
    pub damaged: Vec<String>,
    /// Domains in the order of their names.
    pub domains: Vec<DomainResults>,
}

/// All that the rows say of one domain.
#[derive(Clone, Debug)]
pub struct DomainResults {
    /// What the domain says of itself.
    pub info: DomainInfo,
    /// Its problems, in the domain's order.
    pub problems: Vec<ProblemResults>,
    /// Its claims, in the ledger's order.
    pub claims: Vec<Judged>,
    /// Over its problems, in one line.
    pub summary: Summary,
    /// Over its problems, start by start.
    pub overall: Option<Overall>,
}

/// An effect with its interval, on the scale on which it is printed: a ratio, none at 1, or a difference, none at 0.
/// Above that it is favourable to the start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// Pseudo-median of the pairs, a ratio or a difference.
    pub estimate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Two-sided p-value of no effect; none where one value is repeated and nothing was random.
    pub p: Option<f64>,
    /// Whether the interval excludes no effect, and if so whether it favours the start. Judged before the ends are
    /// rounded to the printed scale, so that it agrees with the test at the interval's level.
    pub favours: Option<bool>,
}

impl Effect {
    /// An effect and its ends on the scale on which they were computed, where 0 is none.
    fn new(estimand: &Estimand<String>, estimate: f64, ends: (f64, f64), p: Option<f64>) -> Self {
        Self {
            estimate: estimand.show(estimate),
            low: estimand.show(ends.0),
            high: estimand.show(ends.1),
            p,
            favours: match p {
                Some(_) if ends.0 > 0.0 => Some(true),
                Some(_) if ends.1 < 0.0 => Some(false),
                _ => None,
            },
        }
    }

    /// Whether the interval excludes no effect.
    pub fn is_clear(&self) -> bool {
        self.favours.is_some()
    }
}

/// Compares all rows.
pub fn compare(mut rows: Rows) -> Comparison {
    let mut infos: BTreeMap<String, DomainInfo> = BTreeMap::new();
    for info in rows.headers.iter().flat_map(Header::domains) {
        infos.insert(info.name.clone(), info);
    }
    let within = own::set_targets(&mut rows.rows, &infos);
    let mut by_domain: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows.rows {
        by_domain.entry(row.domain.to_string()).or_default().push(row);
    }
    let mut damaged = rows.damaged;
    let mut domains = Vec::new();
    for (name, rows) in by_domain {
        match infos.remove(&name) {
            Some(info) => domains.push(domain(info, rows, &within)),
            None => damaged.push(format!(
                "{} rows of domain {name}, which no header describes in a way that this program understands",
                rows.len()
            )),
        }
    }
    for problem in domains.iter_mut().flat_map(|domain| &mut domain.problems) {
        problem.knobs = knobs_of(&rows.headers, problem.experiment);
        let notes = problem.knobs.iter().flat_map(Assignment::summary);
        problem.notes.splice(..0, notes.collect::<Vec<_>>());
    }
    Comparison { headers: rows.headers, damaged, domains }
}

/// What the last header says of the knobs of an experiment.
fn knobs_of(headers: &[Header], experiment: Digest) -> Option<Assignment> {
    let mut all = headers.iter().rev().flat_map(|header| &header.knobs);
    all.find(|knobs| knobs.experiment == experiment).cloned()
}

fn domain(info: DomainInfo, rows: Vec<Row>, within: &BTreeMap<Digest, f64>) -> DomainResults {
    let mut by_problem: BTreeMap<(bool, String), Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_problem.entry((row.own, row.problem.to_string())).or_default().push(row);
    }
    let mut studies: Vec<Study> = Vec::new();
    for problem in &info.problems {
        if let Some(rows) = by_problem.remove(&(false, problem.name.clone())) {
            studies.push(Study::new(problem.clone(), rows));
        }
    }
    for ((own, name), rows) in by_problem {
        let within = rows.last().and_then(|row| within.get(&row.experiment).copied()).filter(|_| own);
        studies.push(Study::new(own::problem(&info, name, within), rows));
    }
    let problems: Vec<ProblemResults> = studies.par_iter().map(|study| problem::results(&info, study)).collect();
    // Claims are about listed problems: own data alone says nothing about them.
    let is_listed = studies.iter().any(|study| !study.own);
    let claims = if is_listed { claims::judge(&info, &studies) } else { Vec::new() };
    let summary = summary::summarise(&info, &problems);
    let overall = overall::overall(&info, &studies);
    DomainResults { info, problems, claims, summary, overall }
}

/// The rows of one problem that may be compared with each other.
struct Study {
    problem: ProblemInfo,
    own: bool,
    cells: BTreeMap<String, Cell>,
    /// Rows of other experiments (another seed, budget, version, data or knobs), which are left out.
    left_out: usize,
}

impl Study {
    /// Keeps the experiment that was written last: rows of two are never paired.
    fn new(problem: ProblemInfo, mut rows: Vec<Row>) -> Self {
        let all = rows.len();
        let experiment = rows.last().map(|row| row.experiment).unwrap_or_default();
        rows.retain(|row| row.experiment == experiment);
        let own = rows.iter().any(|row| row.own);
        Self { problem, own, left_out: all - rows.len(), cells: pairs::cells(rows) }
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;
    use crate::report::tests::trials;
    use crate::toy;

    /// The null arm: the baseline under a second name, with its own start stream, is no better and no worse. Over many
    /// runs an interval may exclude 1, and a claim at no margin may be judged, about as often as the level says.
    #[test]
    fn the_null_arm_is_found_different_at_the_level_only() {
        const RUNS: u64 = 400;
        let results: Vec<(bool, bool, bool)> = (0..RUNS)
            .into_par_iter()
            .map(|seed| {
                let mut info = toy::info();
                info.claims.truncate(1);
                info.claims[0].kind = crate::claim::Kind::Superior {
                    start: "far-again".into(),
                    rival: "far".into(),
                    estimand: crate::claim::Estimand::Work { charged: true },
                    margin: 1.0,
                };
                let results = domain(info, trials(seed, 12), &BTreeMap::new());
                let start = &results.problems[0].starts[1];
                let clear = start.speedup.unwrap().is_clear();
                assert_eq!(clear, start.speedup.unwrap().p.unwrap() <= ALPHA, "interval and test agree");
                let verdict = results.claims[0].verdict;
                (clear, verdict == Verdict::Supported, verdict == Verdict::Refuted)
            })
            .collect();
        let count = |of: fn(&(bool, bool, bool)) -> bool| results.iter().filter(|result| of(result)).count();
        // 99.9% binomial bounds of 400 at 0.05 and, for one direction of a family of two, at 0.025.
        let different = count(|result| result.0);
        assert!((6..=36).contains(&different), "{different} of {RUNS} runs found a difference");
        for (direction, found) in [("for", count(|result| result.1)), ("against", count(|result| result.2))] {
            assert!((1..=22).contains(&found), "{found} of {RUNS} runs decided {direction} a claim about nothing");
        }
    }
}
