//! Rows of one problem by start, and the paired samples for the tests.

use std::collections::BTreeMap;

use headstart_domain::Quantity;
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;
use headstart_rows::{Row, Status};
use headstart_stats::{PairedOutcomes, Spent, Step};

/// The trials of one start on one problem, by replicate.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Rows by replicate.
    pub rows: BTreeMap<u64, Row>,
}

/// The rules by which rows are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// For claims: the rules when the first claims were judged.
    Registered,
    /// For claims: the corrected rules (docs/METHODOLOGY.md, "Corrections"). The estimand remains the registered one,
    /// work cut at the budget.
    Corrected,
    /// For tables: results do not depend on a budget that no trial used up.
    Shown,
}

/// Context of a comparison of two starts.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) info: &'a DomainInfo,
    pub(super) problem: &'a ProblemInfo,
    pub(super) rules: Rules,
}

impl Scope<'_> {
    /// Returns the difference up to which final values count as equal.
    pub(super) fn noise(&self, quantity: &Quantity) -> f64 {
        match self.rules {
            Rules::Registered if *quantity != self.problem.judged_by => 0.0,
            _ => self.info.resolution(quantity, self.problem),
        }
    }

    /// Returns the log ratio of the work of a pair, above 0 if the first needs less. It depends on these two trials
    /// alone:
    ///
    /// - A pair that neither start solved is a tie, regardless of the charges (not by the registered rules).
    /// - A trial that was cut at the budget counts as the budget.
    /// - A trial whose solver stopped by itself, short of the target, counts as the budget for claims, as registered.
    ///   In tables it counts as the work that it spent, so that no ratio exceeds the observed work.
    /// - In tables, a trial that missed its target is never faster than one that reached it, regardless of the charges.
    pub(super) fn work_difference(&self, a: &Row, b: &Row, charged: bool) -> f64 {
        let (first, second) = (work_spent(a, charged), work_spent(b, charged));
        if self.rules == Rules::Registered {
            return (second.work / first.work).ln();
        }
        match (first.reached, second.reached) {
            (false, false) => 0.0,
            _ if self.rules == Rules::Corrected => (second.work / first.work).ln(),
            (true, false) => (attempt_spent(b, charged).work / first.work).ln().max(0.0),
            (false, true) => (second.work / attempt_spent(a, charged).work).ln().min(0.0),
            (true, true) => (second.work / first.work).ln(),
        }
    }
}

pub(super) fn cells(rows: Vec<Row>) -> BTreeMap<String, Cell> {
    let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
    for row in rows {
        cells.entry(row.start.to_string()).or_default().rows.insert(row.replicate, row);
    }
    cells
}

/// Paired observations of two starts. Positive differences favour the first start.
#[derive(Clone)]
pub(super) enum Sample {
    Differences(Vec<f64>),
    Outcomes(PairedOutcomes),
    /// In the order of the replicates, for runs in which replicates were added until claims were decided.
    Steps {
        steps: Vec<(u64, Step)>,
        of: Centre,
    },
}

/// Centre of the differences that sequential tests estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Centre {
    Median,
    /// For differences in [-1, 1].
    Mean,
}

impl Sample {
    /// Keeps one observation: repetitions without randomness are not independent.
    pub(super) fn truncate_to_one(&mut self) {
        match self {
            Self::Differences(differences) => differences.truncate(1),
            Self::Steps { steps, .. } => steps.truncate(1),
            Self::Outcomes(outcomes) => {
                let seen = |count: u64| u64::from(count > 0);
                *outcomes = PairedOutcomes {
                    both: seen(outcomes.both),
                    only_first: seen(outcomes.only_first),
                    only_second: seen(outcomes.only_second),
                    neither: seen(outcomes.neither),
                };
            }
        }
    }

    pub(super) fn n(&self) -> usize {
        match self {
            Self::Differences(differences) => differences.len(),
            Self::Outcomes(outcomes) => outcomes.n() as usize,
            Self::Steps { steps, .. } => steps.len(),
        }
    }
}

/// Returns the work of a trial, cut at the budget. A failed trial counts as not solved within the budget.
pub fn work_spent(row: &Row, charged: bool) -> Spent {
    let time = row.work_to_target.filter(|_| row.status == Status::Reached);
    // At least one unit: a start at the target still has to be evaluated.
    let spent = Spent::new(time.map(|work| work.max(1.0)), row.budget.max(1.0));
    if charged { spent.charged(row.start_work) } else { spent }
}

/// Returns the cost of a trial as one attempt among restarts. A solver that stopped by itself, short of the target, did
/// not spend the rest of its budget.
pub(super) fn attempt_spent(row: &Row, charged: bool) -> Spent {
    if row.status != Status::Converged {
        return work_spent(row, charged);
    }
    let spent = Spent { work: row.work.min(row.budget).max(1.0), reached: false };
    if charged { spent.charged(row.start_work) } else { spent }
}

/// Returns the charged seconds of a trial, cut at `tau`, which is common to all starts of the problem.
pub(super) fn seconds_spent(row: &Row, tau: f64) -> Spent {
    // At least one nanosecond, the resolution of the clock.
    let time = row.seconds_to_target.filter(|_| row.status == Status::Reached);
    Spent::new(time.map(|seconds| seconds.max(1e-9)), tau.max(1e-9)).charged(row.start_seconds)
}

/// Returns a final quantity with its sign such that smaller is better; infinity for a failed trial.
pub fn final_cost(row: &Row, quantity: &Quantity, info: &DomainInfo) -> f64 {
    if !row.status.is_sound() {
        return f64::INFINITY;
    }
    let found = (row.quantity(quantity), info.direction_of(quantity));
    let (Some(value), Some(direction)) = found else { return f64::INFINITY };
    direction.cost(value)
}

/// Returns whether a trial is a success, for an estimand that counts successes.
pub fn succeeded(row: &Row, estimand: &Estimand) -> bool {
    match estimand {
        Estimand::Rate(metric) => row.status.is_sound() && row.metrics.get(metric).is_some_and(|value| value >= 0.5),
        _ => row.status == Status::Reached,
    }
}

/// Returns the paired sample of two starts for an estimand.
pub(super) fn sample(start: &Cell, rival: &Cell, estimand: &Estimand, scope: Scope) -> Sample {
    let pairs = pairs(start, rival);
    let info = scope.info;
    match estimand {
        Estimand::Work { charged } => {
            Sample::Differences(pairs.map(|(a, b)| scope.work_difference(a, b, *charged)).collect())
        }
        Estimand::Success | Estimand::Rate(_) => {
            let both = |(a, b)| (succeeded(a, estimand), succeeded(b, estimand));
            let (first, second): (Vec<bool>, Vec<bool>) = pairs.map(both).unzip();
            Sample::Outcomes(PairedOutcomes::count(&first, &second).unwrap_or_default())
        }
        Estimand::Final(metric) => Sample::Differences(
            pairs
                .map(|(a, b)| {
                    let cost = |row| final_cost(row, metric, info);
                    difference(cost(b), cost(a), scope.noise(metric))
                })
                .collect(),
        ),
        Estimand::FinalRatio(metric) => Sample::Differences(
            pairs.map(|(a, b)| log_ratio(final_cost(a, metric, info), final_cost(b, metric, info))).collect(),
        ),
    }
}

/// Returns the sample as steps in the order of the replicates, for tests that are valid at any stopping time.
///
/// The median replaces the pseudo-median, since it does not assume symmetry. A pair that neither start solved provides
/// no evidence about work.
pub(super) fn steps(start: &Cell, rival: &Cell, estimand: &Estimand, scope: Scope) -> Sample {
    let reached = |row: &Row| row.status == Status::Reached;
    let silent = |a: &Row, b: &Row| matches!(estimand, Estimand::Work { .. }) && !reached(a) && !reached(b);
    let (of, differences) = match sample(start, rival, estimand, scope) {
        Sample::Differences(differences) => (Centre::Median, differences),
        Sample::Outcomes(_) | Sample::Steps { .. } => {
            let success = |row| f64::from(u8::from(succeeded(row, estimand)));
            (Centre::Mean, pairs(start, rival).map(|(a, b)| success(a) - success(b)).collect())
        }
    };
    let steps = pairs(start, rival).zip(differences);
    let steps = steps.map(|((a, b), difference)| (a.replicate, Step { difference, silent: silent(a, b) }));
    Sample::Steps { steps: steps.collect(), of }
}

/// Returns the log ratio of two positive metrics from their costs, above 0 if the first is better. A metric x for which
/// larger is better has the cost -x. A failed trial, or a metric that is not positive, is worse than any other.
fn log_ratio(start: f64, rival: f64) -> f64 {
    let sound = |cost: f64| cost.is_finite() && cost != 0.0;
    match (sound(start), sound(rival)) {
        (true, true) if start == rival => 0.0,
        (true, true) if start < 0.0 && rival < 0.0 => (start / rival).ln(),
        (true, true) if start > 0.0 && rival > 0.0 => (rival / start).ln(),
        // Zero, infinite costs and opposite signs have no log ratio: the lower cost is better.
        _ if start == rival => 0.0,
        _ if start < rival => f64::INFINITY,
        _ => f64::NEG_INFINITY,
    }
}

/// Returns the difference of two costs; 0 if both are infinite (failures) or differ by no more than `noise`.
pub(super) fn difference(minuend: f64, subtrahend: f64, noise: f64) -> f64 {
    if minuend == subtrahend || (minuend - subtrahend).abs() <= noise { 0.0 } else { minuend - subtrahend }
}

/// Returns the pairs of rows of the same replicate and instance.
pub(super) fn pairs<'a>(start: &'a Cell, rival: &'a Cell) -> impl Iterator<Item = (&'a Row, &'a Row)> {
    let both = start.rows.iter().filter_map(|(replicate, row)| Some((row, rival.rows.get(replicate)?)));
    both.filter(|(a, b)| same_instance(a, b))
}

/// Returns whether two rows of one replicate have the same instance. A trial that died early has not recorded it and
/// matches any.
pub(super) fn same_instance(a: &Row, b: &Row) -> bool {
    a.instance == b.instance || a.instance.is_none() || b.instance.is_none()
}

/// Returns whether at least half of the pairs were solved by one start or the other. Otherwise the pairs provide no
/// evidence about work: two trials that were both cut do not show that the starts are equal.
pub(super) fn tell_work(start: &Cell, rival: &Cell) -> bool {
    let reached = |row: &Row| row.status == Status::Reached;
    let (solved, all) = pairs(start, rival)
        .fold((0, 0), |(solved, all), (a, b)| (solved + usize::from(reached(a) || reached(b)), all + 1));
    2 * solved >= all
}

/// Returns whether both success rates are so low (floor) or so high (ceiling) that their difference is not informative.
pub(super) fn saturated(start: &Cell, rival: &Cell, estimand: &Estimand) -> Option<Saturation> {
    let rate = |cell: &Cell| {
        let successes = cell.rows.values().filter(|row| succeeded(row, estimand)).count();
        successes as f64 / cell.rows.len().max(1) as f64
    };
    match (estimand, rate(start), rate(rival)) {
        (Estimand::Success | Estimand::Rate(_), a, b) if a.max(b) < FLOOR => Some(Saturation::Floor),
        (Estimand::Success | Estimand::Rate(_), a, b) if a.min(b) > 1.0 - FLOOR => Some(Saturation::Ceiling),
        _ => None,
    }
}

/// Success rates below this value, or above 1 minus this value, are not informative about a difference.
const FLOOR: f64 = 0.1;

/// Range in which two success rates cannot differ by much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saturation {
    /// Both below 10%.
    Floor,
    /// Both above 90%.
    Ceiling,
}

/// Returns whether all pairs are identical, since nothing is random in them. The replicates then count as one, and a
/// p-value has no meaning.
pub(super) fn is_one_value(start: &Cell, rival: &Cell, estimand: &Estimand) -> bool {
    let metric = |row: &Row| estimand.quantity().and_then(|quantity| row.quantity(&quantity));
    let outcome =
        |row: &Row| (row.instance, row.status, row.value, row.work, row.work_to_target, row.start_work, metric(row));
    let mut outcomes = pairs(start, rival).map(|(a, b)| (outcome(a), outcome(b)));
    let first = outcomes.next();
    let mut more = outcomes.peekable();
    more.peek().is_some() && more.all(|pair| Some(pair) == first)
}

/// Whether all of several runs gave the same result for the same work.
pub(super) fn are_equal(rows: &[&Row]) -> bool {
    let outcome = |row: &Row| (row.status, row.value.map(f64::to_bits), row.work.to_bits(), row.start_work.to_bits());
    rows.len() > 1 && rows.iter().all(|row| row.status.is_sound() && outcome(row) == outcome(rows[0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::toy;
    use headstart_rows::sample::row;

    fn cell(times: &[Option<f64>]) -> Cell {
        let rows = times.iter().zip(0..).map(|(time, replicate)| (replicate, row("x", replicate, *time)));
        Cell { rows: rows.collect() }
    }

    fn differences(a: &Cell, b: &Cell, estimand: &Estimand) -> Vec<f64> {
        by(Rules::Shown, a, b, estimand)
    }

    fn by(rules: Rules, a: &Cell, b: &Cell, estimand: &Estimand) -> Vec<f64> {
        let info = toy::info();
        match sample(a, b, estimand, Scope { info: &info, problem: &info.problems[0], rules }) {
            Sample::Differences(differences) => differences,
            _ => panic!("the sample does not hold differences"),
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
    fn a_pair_that_neither_start_solved_is_a_tie_regardless_of_charges() {
        let (mut a, b) = (cell(&[None]), cell(&[None]));
        a.rows.get_mut(&0).unwrap().start_work = 50.0;
        let charged = Estimand::Work { charged: true };
        assert_eq!(differences(&a, &b, &charged), [0.0]);
        assert_eq!(by(Rules::Registered, &a, &b, &charged), [(100.0_f64 / 150.0).ln()]);
        assert!(!tell_work(&a, &b) && tell_work(&a, &cell(&[Some(3.0)])));
    }

    /// A run that converged to a poor optimum counts as the work that it spent, so ratios do not grow with the budget.
    #[test]
    fn a_solver_that_stopped_by_itself_does_not_count_as_the_whole_budget() {
        let ratio = |budget: f64, rules| {
            let (mut a, mut b) = (cell(&[Some(10.0), Some(10.0)]), cell(&[Some(40.0), None]));
            for row in a.rows.values_mut().chain(b.rows.values_mut()) {
                row.budget = budget;
                row.work = row.work_to_target.unwrap_or(30.0);
                if row.status == Status::Budget {
                    row.status = Status::Converged;
                }
            }
            by(rules, &a, &b, &Estimand::Work { charged: true })[1].exp()
        };
        for budget in [1e2, 1e5, 1e8] {
            assert!((ratio(budget, Rules::Shown) - 3.0).abs() < 1e-12);
            for rules in [Rules::Registered, Rules::Corrected] {
                assert!(
                    (ratio(budget, rules) / (budget / 10.0) - 1.0).abs() < 1e-12,
                    "cut at the budget, as registered"
                );
            }
        }
    }

    /// A start that solves, at a higher charge, is not slower than one that stopped early, short of the target.
    #[test]
    fn a_run_that_missed_the_target_is_never_faster_than_one_that_solved() {
        let (mut a, mut b) = (cell(&[Some(10.0)]), cell(&[None]));
        a.rows.get_mut(&0).unwrap().start_work = 500.0;
        let stopped = b.rows.get_mut(&0).unwrap();
        (stopped.status, stopped.work) = (Status::Converged, 2.0);
        let charged = Estimand::Work { charged: true };
        assert_eq!((differences(&a, &b, &charged), differences(&b, &a, &charged)), (vec![0.0], vec![0.0]));
    }

    #[test]
    fn rates_at_the_floor_or_the_ceiling_are_recognised() {
        let of = |times: &[(bool, usize)]| {
            let times = times.iter().flat_map(|(solved, count)| std::iter::repeat_n(solved.then_some(3.0), *count));
            cell(&times.collect::<Vec<_>>())
        };
        let (never, rarely) = (of(&[(false, 50)]), of(&[(true, 3), (false, 47)]));
        let (often, always) = (of(&[(true, 47), (false, 3)]), of(&[(true, 50)]));
        assert_eq!(saturated(&rarely, &never, &Estimand::Success), Some(Saturation::Floor));
        assert_eq!(saturated(&often, &always, &Estimand::Success), Some(Saturation::Ceiling));
        assert_eq!(saturated(&often, &never, &Estimand::Success), None);
        assert_eq!(saturated(&rarely, &never, &Estimand::VALUE), None);
    }

    #[test]
    fn a_failed_trial_is_unsolved_and_ends_worse_than_any() {
        let mut a = cell(&[Some(10.0), None]);
        for row in a.rows.values_mut() {
            row.status = Status::Crashed;
        }
        let b = cell(&[Some(20.0), None]);
        assert_eq!(differences(&a, &b, &Estimand::Work { charged: false }), [0.2_f64.ln(), 0.0]);
        assert_eq!(differences(&a, &b, &Estimand::VALUE), [f64::NEG_INFINITY; 2]);
        assert_eq!(differences(&a, &a, &Estimand::VALUE), [0.0; 2]);
        let mut c = b.clone();
        for row in c.rows.values_mut() {
            row.value = row.value.map(|value| value + 0.9e-6);
        }
        assert_eq!(differences(&b, &c, &Estimand::VALUE), [0.0; 2], "differences within the noise are ties");
    }

    #[test]
    fn ratios_favour_the_better_and_failures_are_worse_than_any() {
        for (start, rival, expected) in [
            (1.0, 2.0, 2.0_f64.ln()),
            (-2.0, -1.0, 2.0_f64.ln()),
            (f64::INFINITY, -0.9, f64::NEG_INFINITY),
            (1.0, f64::INFINITY, f64::INFINITY),
            (f64::INFINITY, f64::INFINITY, 0.0),
            (0.0, 0.5, f64::INFINITY),
            (-0.0, -0.5, f64::NEG_INFINITY),
        ] {
            assert_eq!(log_ratio(start, rival), expected, "{start} against {rival}");
        }
    }

    #[test]
    fn rows_of_different_instances_are_not_paired() {
        let (mut a, b) = (cell(&[Some(10.0), Some(10.0)]), cell(&[Some(20.0), Some(20.0)]));
        a.rows.get_mut(&0).unwrap().instance = "one".into();
        let mut c = b.clone();
        c.rows.get_mut(&0).unwrap().instance = "other".into();
        assert_eq!(pairs(&a, &b).count(), 2);
        assert_eq!(pairs(&a, &c).count(), 1);
    }

    #[test]
    fn repetitions_of_one_value_are_recognised() {
        let mut a = cell(&[Some(10.0), Some(10.0)]);
        let b = a.clone();
        let one_value = |a: &Cell, b: &Cell| is_one_value(a, b, &Estimand::Work { charged: true });
        assert!(one_value(&a, &b), "nothing differs between replicates");
        a.rows.get_mut(&1).unwrap().instance = "another".into();
        assert!(!one_value(&a, &b), "another instance is another value");
        a.rows.get_mut(&1).unwrap().instance = headstart_domain::digest::Digest::default();
        a.rows.get_mut(&1).unwrap().work_to_target = Some(11.0);
        assert!(!one_value(&a, &b));
        let mut c = b.clone();
        c.rows.get_mut(&1).unwrap().start_work = 3.0;
        assert!(!one_value(&b, &c), "what the start cost is compared as well");
    }
}
