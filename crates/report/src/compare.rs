//! Rows -> comparisons -> verdicts. Plain values; reports print them and compute nothing.

mod agreement;
mod claims;
mod curve;
mod effect;
mod failure;
mod interval;
mod overall;
mod pairs;
mod problem;
mod runs;
mod selection;
mod solved;
mod summary;
mod user_data;

use std::collections::BTreeMap;

pub use agreement::{Agreement, OtherVerdict, Sensitive, agreements};
pub use claims::{CORRECTED, Fact, Judged, OnProblem, Registered, Verdict};
pub use curve::{Curve, Quartiles, Scale};
pub use effect::Effect;
pub use failure::Failure;
pub use overall::{Against, Overall, RATIO, Ranking, Runtimes, Steps};
pub use pairs::Cell;
pub use problem::{By, MetricResults, ProblemResults, StartResults};
pub use runs::{Change, Changes, changes};
pub use selection::Selected;
pub use solved::Solved;
pub use summary::{Best, Count, Summary};

pub use claims::Open;
pub use pairs::{final_cost, succeeded, work_spent};
pub use user_data::aim;

use claims::Inference;
use pairs::{Rules, Scope};
use rayon::prelude::*;

use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::digest::Digest;
use headstart_domain::info::DomainInfo;
use headstart_rows::{Assignment, Header, Row, Rows};

/// The error rate of every interval and family of tests.
pub const ALPHA: f64 = 0.05;

/// What the tables of a problem do not account for.
const UNTIL_DECIDED: &str = "replicates were added until claims were decided; verdicts account for that, the intervals and \
                             p-values of this problem's tables do not";

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
    /// Whether replicates were added until they were decided: then verdicts and their intervals hold whenever one stops.
    pub until_decided: bool,
    /// Over its problems, in one line.
    pub summary: Summary,
    /// Over its problems, start by start.
    pub overall: Option<Overall>,
}

/// Compares all rows.
pub fn compare(mut rows: Rows) -> Comparison {
    let mut infos: BTreeMap<String, DomainInfo> = BTreeMap::new();
    for info in rows.headers.iter().flat_map(Header::domains) {
        infos.insert(info.name.clone(), info);
    }
    let within = user_data::set_targets(&mut rows.rows, &infos);
    let mut by_domain: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows.rows {
        by_domain.entry(row.domain.to_string()).or_default().push(row);
    }
    let mut damaged = rows.damaged;
    // Whatever was run besides: part of it may have been asked for because of what was seen.
    let until_decided = rows.headers.iter().any(|header| header.until_decided);
    let inference = if until_decided { Inference::Anytime } else { Inference::FixedSize };
    let mut domains = Vec::new();
    for (name, rows) in by_domain {
        match infos.remove(&name) {
            Some(info) => domains.push(domain(info, rows, &within, inference)),
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
        if until_decided {
            problem.notes.push(UNTIL_DECIDED.into());
        }
    }
    Comparison { headers: rows.headers, damaged, domains }
}

/// What the last header says of the knobs of an experiment.
fn knobs_of(headers: &[Header], experiment: Digest) -> Option<Assignment> {
    let mut all = headers.iter().rev().flat_map(|header| &header.knobs);
    all.find(|knobs| knobs.experiment == experiment).cloned()
}

/// What more replicates may decide, whatever the reason that there are so many by now.
pub fn open(info: &DomainInfo, rows: Vec<Row>) -> Open {
    claims::open(info, &studies(info, rows, &BTreeMap::new()))
}

fn studies(info: &DomainInfo, rows: Vec<Row>, within: &BTreeMap<Digest, f64>) -> Vec<Study> {
    let mut by_problem: BTreeMap<(bool, String), Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_problem.entry((row.own, row.problem.to_string())).or_default().push(row);
    }
    let mut studies: Vec<Study> = Vec::new();
    for problem in &info.problems {
        if let Some(rows) = by_problem.remove(&(false, problem.name.to_string())) {
            studies.push(Study::new(problem.clone(), rows));
        }
    }
    for ((own, name), rows) in by_problem {
        let within = rows.last().and_then(|row| within.get(&row.experiment).copied()).filter(|_| own);
        studies.push(Study::new(user_data::problem(info, name, within), rows));
    }
    studies
}

fn domain(info: DomainInfo, rows: Vec<Row>, within: &BTreeMap<Digest, f64>, inference: Inference) -> DomainResults {
    let studies = studies(&info, rows, within);
    let problems: Vec<ProblemResults> =
        studies.par_iter().map(|study| problem::results(&info, study, studies.len())).collect();
    // Claims are about listed problems: own data alone says nothing about them.
    let is_listed = studies.iter().any(|study| !study.own);
    let claims = if is_listed { claims::judge(&info, &studies, inference) } else { Vec::new() };
    let overall = overall::overall(&info, &studies);
    let summary = summary::summarise(&info, &problems, &studies, overall.as_ref());
    DomainResults { info, problems, claims, until_decided: inference == Inference::Anytime, summary, overall }
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

    fn scope<'a>(&'a self, info: &'a DomainInfo, rules: Rules) -> Scope<'a> {
        Scope { info, problem: &self.problem, rules }
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;
    use headstart_domain::toy;
    use headstart_domain::toy::trials;

    fn null_arm() -> DomainInfo {
        let mut info = toy::info();
        info.claims.truncate(1);
        info.claims[0].kind = headstart_domain::claim::Kind::Superior {
            start: "far-again".into(),
            rival: "far".into(),
            estimand: headstart_domain::claim::Estimand::Work { charged: true },
            margin: 1.0,
        };
        info
    }

    /// The null arm: the baseline under a second name, with its own start stream, is no better and no worse. Over many
    /// runs an interval may exclude 1, and a claim at no margin may be judged, about as often as the level says.
    #[test]
    fn the_null_arm_is_found_different_at_the_level_only() {
        const RUNS: u64 = 400;
        let results: Vec<(bool, bool, bool)> = (0..RUNS)
            .into_par_iter()
            .map(|seed| {
                let results = domain(null_arm(), trials(seed, 12), &BTreeMap::new(), Inference::FixedSize);
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
    /// Whoever adds replicates until the claim is decided, and looks after each of up to 60, decides a claim about
    /// nothing in fewer than 5 of 100 runs, both directions together. What was shown by any of them stays shown, so the
    /// verdict after the last says whether there was one.
    #[test]
    fn adding_replicates_until_a_claim_is_decided_keeps_the_level() {
        const RUNS: u64 = 400;
        let decided: Vec<Verdict> = (0..RUNS)
            .into_par_iter()
            .map(|seed| domain(null_arm(), trials(seed, 60), &BTreeMap::new(), Inference::Anytime).claims[0].verdict)
            .filter(|verdict| matches!(verdict, Verdict::Supported | Verdict::Refuted))
            .collect();
        assert!(decided.len() < RUNS as usize / 20, "{} of {RUNS} runs decided: {decided:?}", decided.len());
        // Counts of steps tie often, which counts against both sides; that these tests do decide is shown below.
    }

    #[test]
    fn only_problems_that_may_decide_a_claim_go_on() {
        let mut info = toy::info();
        let few = trials(1, 3);
        let found = open(&info, few.clone());
        assert_eq!(found.claims, 2, "nothing can be shown by three pairs");
        let all: Vec<(&str, Vec<&str>)> = found
            .starts
            .iter()
            .map(|(name, starts)| (name.as_str(), starts.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(all, [("bowl", vec!["far", "far-again", "pilot"])]);
        assert_eq!(open(&info, trials(1, 20)), Open::default(), "both are decided");
        info.claims.clear();
        assert_eq!(open(&info, few), Open::default(), "nothing is claimed");
    }
}
