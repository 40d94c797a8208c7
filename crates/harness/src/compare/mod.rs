//! Rows -> comparisons -> verdicts. Plain values; reports print them and compute nothing.

mod claims;
mod curve;
mod own;
mod pairs;
mod problem;
mod summary;

use std::collections::BTreeMap;

pub use claims::{Judged, Verdict};
pub use curve::{Curve, Scale};
pub use pairs::Cell;
pub use problem::{ProblemResults, StartResults};
pub use summary::Summary;

use crate::info::{DomainInfo, ProblemInfo};
use crate::record::{Header, Row, Rows};

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
    /// Over its problems.
    pub summary: Summary,
}

/// An effect with its interval, on the scale on which it is printed. Favourable to the start where it is above
/// `neutral`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Pseudo-median of the pairs, a ratio or a difference.
    pub estimate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Two-sided p-value of no effect; none where one value is repeated and nothing was random.
    pub p: Option<f64>,
    /// The effect that is none: 1 for a ratio, 0 for a difference.
    pub neutral: f64,
}

impl Effect {
    /// Whether the interval excludes no effect.
    pub fn is_clear(&self) -> bool {
        self.p.is_some() && (self.low > self.neutral || self.high < self.neutral)
    }
}

/// Compares all rows.
pub fn compare(mut rows: Rows) -> Comparison {
    let mut infos: BTreeMap<String, DomainInfo> = BTreeMap::new();
    for info in rows.headers.iter().flat_map(Header::domains) {
        infos.insert(info.name.clone(), info);
    }
    own::set_targets(&mut rows.rows, &infos);
    let mut by_domain: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows.rows {
        by_domain.entry(row.domain.clone()).or_default().push(row);
    }
    let domains = by_domain.into_iter().filter_map(|(name, rows)| Some(domain(infos.remove(&name)?, rows))).collect();
    Comparison { headers: rows.headers, damaged: rows.damaged, domains }
}

fn domain(info: DomainInfo, rows: Vec<Row>) -> DomainResults {
    let mut by_problem: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_problem.entry(row.problem.clone()).or_default().push(row);
    }
    let mut cells: Vec<(ProblemInfo, BTreeMap<String, Cell>)> = Vec::new();
    for problem in &info.problems {
        if let Some(rows) = by_problem.remove(&problem.name) {
            cells.push((problem.clone(), pairs::cells(rows)));
        }
    }
    // What the domain does not list is the user's own data.
    for (name, rows) in by_problem {
        cells.push((own::problem(&info, name), pairs::cells(rows)));
    }
    let problems: Vec<ProblemResults> =
        cells.iter().map(|(problem, cells)| problem::results(&info, problem, cells)).collect();
    let claims = claims::judge(&info, &cells);
    let summary = summary::summarise(&info, &problems);
    DomainResults { info, problems, claims, summary }
}
