//! Turns rows into comparisons and verdicts: plain values, which the other modules only print.

mod agreement;
mod claims;
mod curve;
mod effect;
mod failure;
mod found;
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
pub use found::Found;
pub use overall::{Against, Overall, RATIO, Ranking, Runtimes, Steps};
pub use pairs::Cell;
pub use problem::{By, MetricResults, ProblemResults, StartResults};
pub use runs::{Change, Changes, changes};
pub use selection::Selected;
pub use solved::Solved;
pub use summary::{Best, Count, Summary};

pub use claims::Open;
pub use pairs::{final_cost, succeeded, work_spent};
use user_data::OwnTarget;
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

/// Note on a problem whose replicates were added until claims were decided.
const UNTIL_DECIDED: &str = "replicates were added until the claims were decided; the verdicts account for this, the \
                             intervals and p-values in this problem's tables do not";

/// Results of all domains.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Headers of the runs that made the rows.
    pub headers: Vec<Header>,
    /// Lines that could not be read, and rows of domains that no header describes.
    pub damaged: Vec<String>,
    /// Domains, sorted by name.
    pub domains: Vec<DomainResults>,
}

/// Results of one domain.
#[derive(Clone, Debug)]
pub struct DomainResults {
    /// Description of the domain.
    pub info: DomainInfo,
    /// Problems, in the domain's order.
    pub problems: Vec<ProblemResults>,
    /// Claims with their verdicts, in the ledger's order; empty if all rows are of own data.
    pub claims: Vec<Judged>,
    /// Whether replicates were added until the claims were decided. If so, verdicts and their intervals are valid at
    /// any stopping time.
    pub until_decided: bool,
    /// Summary over the problems: one line of the table of all domains.
    pub summary: Summary,
    /// Comparison of the starts over the problems; `None` unless two starts share a problem.
    pub overall: Option<Overall>,
}

/// Compares the starts of every domain and judges its claims.
pub fn compare(mut rows: Rows) -> Comparison {
    let mut infos: BTreeMap<String, DomainInfo> = BTreeMap::new();
    for info in rows.headers.iter().flat_map(Header::domains) {
        infos.insert(info.name.clone(), info);
    }
    let targets = user_data::set_targets(&mut rows.rows, &infos);
    let mut by_domain: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows.rows {
        by_domain.entry(row.domain.to_string()).or_default().push(row);
    }
    let mut damaged = rows.damaged;
    // One such header suffices: some of the replicates may have been added because of earlier results.
    let until_decided = rows.headers.iter().any(|header| header.until_decided);
    let inference = if until_decided { Inference::Anytime } else { Inference::FixedSize };
    let mut domains = Vec::new();
    for (name, rows) in by_domain {
        match infos.remove(&name) {
            Some(info) => domains.push(domain(info, rows, &targets, inference)),
            None => damaged.push(format!(
                "{} rows of domain {name}: no header describes this domain in a form that this version can read",
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

/// Returns the hyperparameters of an experiment, from the last header that lists them.
fn knobs_of(headers: &[Header], experiment: Digest) -> Option<Assignment> {
    let mut all = headers.iter().rev().flat_map(|header| &header.knobs);
    all.find(|knobs| knobs.experiment == experiment).cloned()
}

/// Returns the claims that more replicates may decide. The tests are valid at any stopping time.
pub fn open(info: &DomainInfo, rows: Vec<Row>) -> Open {
    claims::open(info, &studies(info, rows, &BTreeMap::new()))
}

fn studies(info: &DomainInfo, rows: Vec<Row>, targets: &BTreeMap<Digest, OwnTarget>) -> Vec<Study> {
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
        let target = rows.last().and_then(|row| targets.get(&row.experiment).copied()).filter(|_| own);
        studies.push(Study::new(user_data::problem(info, name, target), rows));
    }
    studies
}

fn domain(
    info: DomainInfo,
    rows: Vec<Row>,
    targets: &BTreeMap<Digest, OwnTarget>,
    inference: Inference,
) -> DomainResults {
    let studies = studies(&info, rows, targets);
    let problems: Vec<ProblemResults> =
        studies.par_iter().map(|study| problem::results(&info, study, studies.len())).collect();
    // Claims are about listed problems: rows of own data alone cannot judge them.
    let is_listed = studies.iter().any(|study| !study.own);
    let claims = if is_listed { claims::judge(&info, &studies, inference) } else { Vec::new() };
    let overall = overall::overall(&info, &studies);
    let summary = summary::summarise(&info, &problems, &studies, overall.as_ref());
    DomainResults { info, problems, claims, until_decided: inference == Inference::Anytime, summary, overall }
}

/// Rows of one problem that may be compared with each other.
struct Study {
    problem: ProblemInfo,
    own: bool,
    cells: BTreeMap<String, Cell>,
    /// Number of rows left out: those of other experiments (another seed, budget, version, data or hyperparameters).
    left_out: usize,
}

impl Study {
    /// Keeps the rows of the experiment that was written last. Rows of different experiments are never paired.
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

    /// The null arm is the baseline under a second name, with its own start stream. Over many runs its interval
    /// excludes 1, and a claim without a margin is decided, about as often as the level allows.
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
            assert!(
                (1..=22).contains(&found),
                "{found} of {RUNS} runs decided {direction} a claim about a null effect"
            );
        }
    }
    /// Replicates are added until the claim is decided, with a test after each of up to 60. A claim about a null effect
    /// is decided in fewer than 5 of 100 runs, both directions together. A decision stays once it is reached, so the
    /// verdict after the last replicate shows whether there was one.
    #[test]
    fn adding_replicates_until_a_claim_is_decided_keeps_the_level() {
        const RUNS: u64 = 400;
        let decided: Vec<Verdict> = (0..RUNS)
            .into_par_iter()
            .map(|seed| domain(null_arm(), trials(seed, 60), &BTreeMap::new(), Inference::Anytime).claims[0].verdict)
            .filter(|verdict| matches!(verdict, Verdict::Supported | Verdict::Refuted))
            .collect();
        assert!(decided.len() < RUNS as usize / 20, "{} of {RUNS} runs decided: {decided:?}", decided.len());
        // Counts of steps often tie, and ties count against both directions. The next test shows that these tests can
        // decide.
    }

    #[test]
    fn only_problems_that_may_decide_a_claim_go_on() {
        let mut info = toy::info();
        let few = trials(1, 3);
        let found = open(&info, few.clone());
        assert_eq!(found.claims, 2, "three pairs cannot decide a claim");
        let all: Vec<(&str, Vec<&str>)> = found
            .starts
            .iter()
            .map(|(name, starts)| (name.as_str(), starts.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(all, [("bowl", vec!["far", "far-again", "pilot"])]);
        assert_eq!(open(&info, trials(1, 20)), Open::default(), "both are decided");
        info.claims.clear();
        assert_eq!(open(&info, few), Open::default(), "the claims were removed");
    }
}
