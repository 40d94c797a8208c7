//! Rows of one problem by start, and the paired samples that tests are made on.

use std::collections::BTreeMap;

use crate::claim::Estimand;
use crate::info::{DomainInfo, ProblemInfo};
use crate::record::{Row, Status};
use crate::stats::{PairedOutcomes, Spent};

/// The trials of one start on one problem, by replicate.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// By replicate.
    pub rows: BTreeMap<u64, Row>,
}

pub(super) fn cells(rows: Vec<Row>) -> BTreeMap<String, Cell> {
    let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
    for row in rows {
        cells.entry(row.start.clone()).or_default().rows.insert(row.replicate, row);
    }
    cells
}

/// Paired observations of two starts. Positive differences favour the first.
pub(super) enum Sample {
    Differences(Vec<f64>),
    Outcomes(PairedOutcomes),
}

impl Sample {
    pub(super) fn n(&self) -> usize {
        match self {
            Self::Differences(differences) => differences.len(),
            Self::Outcomes(outcomes) => outcomes.n() as usize,
        }
    }
}

/// The work that counts: cut at the budget, a failed trial as not solved by then.
pub(super) fn work_spent(row: &Row, charged: bool) -> Spent {
    let time = row.work_to_target.filter(|_| row.status == Status::Reached);
    // "At least one unit": a start that begins at the target still has to look.
    let spent = Spent::new(time.map(|work| work.max(1.0)), row.budget.max(1.0));
    if charged { spent.charged(row.start_work) } else { spent }
}

/// The same in seconds; `tau` is common to all starts of the problem.
pub(super) fn seconds_spent(row: &Row, tau: f64) -> Spent {
    // Clocks tick in nanoseconds: nothing takes less than one tick.
    let time = row.seconds_to_target.filter(|_| row.status == Status::Reached);
    Spent::new(time.map(|seconds| seconds.max(1e-9)), tau.max(1e-9)).charged(row.start_seconds)
}

/// A final metric turned so that smaller is better; a trial that came to no sound end is worse than any.
pub(super) fn final_cost(row: &Row, metric: &str, info: &DomainInfo) -> f64 {
    if !row.status.is_sound() {
        return f64::INFINITY;
    }
    let value = if metric == "value" { row.value } else { row.metrics.get(metric).copied() };
    let (Some(value), Some(direction)) = (value, info.direction_of(metric)) else { return f64::INFINITY };
    direction.cost(value)
}

/// The pairs of two starts for an estimand.
pub(super) fn sample(
    start: &Cell,
    rival: &Cell,
    estimand: &Estimand<String>,
    info: &DomainInfo,
    problem: &ProblemInfo,
) -> Sample {
    let pairs = pairs(start, rival);
    match estimand {
        Estimand::Work { charged } => Sample::Differences(
            pairs.map(|(a, b)| (work_spent(b, *charged).work / work_spent(a, *charged).work).ln()).collect(),
        ),
        Estimand::Success => {
            let reached = |row: &Row| row.status == Status::Reached;
            let (first, second): (Vec<bool>, Vec<bool>) = pairs.map(|(a, b)| (reached(a), reached(b))).unzip();
            Sample::Outcomes(PairedOutcomes::count(&first, &second).unwrap_or_default())
        }
        Estimand::Final(metric) => Sample::Differences(
            pairs
                .map(|(a, b)| {
                    let cost = |row| final_cost(row, metric, info);
                    difference(cost(b), cost(a), floor(metric, problem))
                })
                .collect(),
        ),
        Estimand::FinalRatio(metric) => Sample::Differences(
            pairs
                .map(|(a, b)| {
                    // A ratio of two metrics is the same whichever way is better, but for its sign.
                    let cost = |row| final_cost(row, metric, info);
                    let (a, b) = (cost(a), cost(b));
                    let ratio = if a < 0.0 && b < 0.0 { a / b } else { b / a };
                    if a == b { 0.0 } else { ratio.ln() }
                })
                .collect(),
        ),
    }
}

/// Both may be infinitely bad: two failures are equal. So are ends that differ by no more than noise.
fn difference(minuend: f64, subtrahend: f64, noise: f64) -> f64 {
    if minuend == subtrahend || (minuend - subtrahend).abs() <= noise { 0.0 } else { minuend - subtrahend }
}

/// The resolution of a problem is that of the metric by which its end is judged.
fn floor(metric: &str, problem: &ProblemInfo) -> f64 {
    if metric == problem.judged_by.as_deref().unwrap_or("value") { problem.resolution } else { 0.0 }
}

/// Rows of the same replicate.
pub(super) fn pairs<'a>(start: &'a Cell, rival: &'a Cell) -> impl Iterator<Item = (&'a Row, &'a Row)> {
    start.rows.iter().filter_map(|(replicate, row)| Some((row, rival.rows.get(replicate)?)))
}

/// Pairs that say something about work: at least one of the two was solved. (Two cut at the budget differ by exactly
/// nothing; that is no evidence that they are equal.)
pub(super) fn solved_by_either(start: &Cell, rival: &Cell) -> usize {
    pairs(start, rival).filter(|(a, b)| a.status == Status::Reached || b.status == Status::Reached).count()
}

/// Whether nothing random was in these pairs: then all replicates are one, and no p-value means anything.
pub(super) fn is_one_value(start: &Cell, rival: &Cell) -> bool {
    let mut digests = pairs(start, rival).map(|(a, b)| (&a.digest, &b.digest));
    let first = digests.next();
    let mut more = digests.peekable();
    more.peek().is_some() && more.all(|pair| Some(pair) == first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::row;
    use crate::toy;

    fn cell(times: &[Option<f64>]) -> Cell {
        let rows = times.iter().zip(0..).map(|(time, replicate)| (replicate, row("x", replicate, *time)));
        Cell { rows: rows.collect() }
    }

    fn differences(a: &Cell, b: &Cell, estimand: &Estimand<String>) -> Vec<f64> {
        let info = toy::info();
        match sample(a, b, estimand, &info, &info.problems[0]) {
            Sample::Differences(differences) => differences,
            Sample::Outcomes(_) => panic!("differences were asked for"),
        }
    }

    #[test]
    fn work_is_cut_at_the_budget_and_charged() {
        let mut a = cell(&[Some(10.0), None, None, Some(0.0)]);
        let b = cell(&[Some(20.0), Some(50.0), None, Some(1.0)]);
        let work = |charged| Estimand::Work { charged };
        assert_eq!(differences(&a, &b, &work(true)), [2.0_f64.ln(), 0.5_f64.ln(), 0.0, 0.0]);
        for row in a.rows.values_mut() {
            row.start_work = 10.0;
        }
        assert_eq!(differences(&a, &b, &work(true))[0], 0.0);
        assert_eq!(differences(&a, &b, &work(false))[0], 2.0_f64.ln());
    }

    #[test]
    fn a_failed_trial_is_unsolved_and_ends_worse_than_any() {
        let mut a = cell(&[Some(10.0), None]);
        for row in a.rows.values_mut() {
            row.status = Status::Crashed;
        }
        let b = cell(&[Some(20.0), None]);
        assert_eq!(differences(&a, &b, &Estimand::Work { charged: false }), [0.2_f64.ln(), 0.0]);
        assert_eq!(differences(&a, &b, &Estimand::Final("value".into())), [f64::NEG_INFINITY; 2]);
        assert_eq!(differences(&a, &a, &Estimand::Final("value".into())), [0.0; 2]);
        let mut c = b.clone();
        for row in c.rows.values_mut() {
            row.value = row.value.map(|value| value + 0.9e-6);
        }
        assert_eq!(differences(&b, &c, &Estimand::Final("value".into())), [0.0; 2], "noise is no difference");
    }

    #[test]
    fn one_value_is_told_from_many() {
        let mut a = cell(&[Some(10.0), Some(10.0)]);
        let b = a.clone();
        assert!(!is_one_value(&a, &b), "digests differ by replicate");
        for row in a.rows.values_mut() {
            row.digest = "same".into();
        }
        assert!(is_one_value(&a, &a));
    }
}
