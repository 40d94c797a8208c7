//! Differences between two runs of the same trials, with significance tests.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::effect::effect;
use super::pairs::{self, Sample, difference, final_cost, work_spent};
use super::{ALPHA, Effect, user_data};
use headstart_domain::Quantity;
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;
use headstart_rows::{Header, Row, Rows, Status, USES};
use headstart_stats::{self as stats, PairedOutcomes};

/// Comparison of two runs, cell by cell (a cell is one start on one problem).
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    /// One entry for each cell that both runs hold.
    pub cells: Vec<Change>,
    /// Notes for the reader, such as different seeds, processors or budgets.
    pub notes: Vec<String>,
}

impl Changes {
    /// Keeps the cells with a significant change other than in seconds, which differ between any two machines.
    #[must_use]
    pub fn beyond_noise(&self) -> Self {
        let changed = |cell: &&Change| cell.beyond_noise.iter().any(|measure| *measure != "seconds");
        Self { cells: self.cells.iter().filter(changed).cloned().collect(), notes: self.notes.clone() }
    }
}

/// One start on one problem, new run against old run. Effects above 1 (ratios) or 0 (differences) favour the new run.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Name of the domain.
    pub domain: String,
    /// Name of the problem.
    pub problem: String,
    /// Name of the start.
    pub start: String,
    /// Number of trials that both runs hold, on the same instance.
    pub n: usize,
    /// Number of trials with identical digests.
    pub identical: usize,
    /// Charged work to target, old / new.
    pub work: Option<Effect>,
    /// Seconds of whole trials, including their starts, old / new.
    pub seconds: Option<Effect>,
    /// Difference of the final results, above 0 if the new run is better.
    pub end: Option<Effect>,
    /// Success rate, new minus old.
    pub success: Option<Effect>,
    /// Measures that changed significantly (Holm over all cells and the four measures, at 0.05).
    pub beyond_noise: Vec<&'static str>,
}

/// Measures of a cell, in the order of [`Change`]'s fields.
const MEASURES: [&str; 4] = ["work", "seconds", "end", "success"];

type Cells = BTreeMap<(String, String, String), BTreeMap<u64, Row>>;

/// Compares two runs.
pub fn changes(mut old: Rows, mut new: Rows) -> Changes {
    let infos: BTreeMap<String, DomainInfo> =
        new.headers.iter().flat_map(Header::domains).map(|info| (info.name.clone(), info)).collect();
    let mut notes = notes(&old, &new);
    // Own data need a common target for both runs: each run always reaches its own best value.
    let count = old.rows.len();
    let mut all = std::mem::take(&mut old.rows);
    all.append(&mut new.rows);
    user_data::set_targets(&mut all, &infos);
    let later = all.split_off(count);
    let (old, new) = (cells(all), cells(later));
    let mut found = Vec::new();
    for (name, new) in &new {
        if let (Some(old), Some(info)) = (old.get(name), infos.get(&name.0)) {
            found.extend(change(name, old, new, info));
        }
    }
    let trials = |cells: &Cells| cells.values().map(BTreeMap::len).sum::<usize>();
    let compared: usize = found.iter().map(|change| change.n).sum();
    let (before, after) = (trials(&old), trials(&new));
    if before.max(after) > compared {
        notes.push(format!(
            "{compared} trials are compared, of {before} in the old run and {after} in the new run; the others are missing in one \
             run, or have different instances"
        ));
    }
    let alone = new.keys().filter(|name| !old.contains_key(*name)).count();
    let gone = old.keys().filter(|name| !new.contains_key(*name)).count();
    if alone + gone > 0 {
        notes.push(format!("{alone} cells are only in the new run, {gone} only in the old run"));
    }
    let mut note = |what: &str, differs: fn(&Row, &Row) -> bool| {
        let both = new.iter().filter_map(|(name, new)| Some((old.get(name)?, new)));
        let count = both.filter(|(old, new)| is_other(old, new, differs)).count();
        if count > 0 {
            notes.push(format!("{count} cells were run with {what} in the new run than in the old one"));
        }
    };
    note("other hyperparameters", |a, b| a.knobs != b.knobs);
    note("another budget", |a, b| a.budget != b.budget);
    mark(&mut found);
    Changes { cells: found, notes }
}

fn notes(old: &Rows, new: &Rows) -> Vec<String> {
    fn of(rows: &Rows, what: impl Fn(&Header) -> Option<String>) -> BTreeSet<String> {
        rows.headers.iter().filter_map(what).collect()
    }
    fn list(values: BTreeSet<String>) -> String {
        values.into_iter().collect::<Vec<_>>().join(", ")
    }
    let mut notes = Vec::new();
    let [before, after] = [old, new].map(|rows| of(rows, |header| Some(header.seed.to_string())));
    if before != after {
        notes.push(format!(
            "the runs have different seeds ({} and {}): only trials on the same instance are compared, and they differ by more \
             than rounding",
            list(before),
            list(after)
        ));
    }
    let [before, after] = [old, new].map(|rows| of(rows, |header| Some(header.cpu.clone())));
    if before != after {
        notes.push(format!(
            "seconds are not comparable: the runs are from different processors ({} and {})",
            list(before),
            list(after)
        ));
    }
    // Headers of older versions do not record the level.
    let level =
        |header: &Header| header.features.iter().find_map(|feature| feature.strip_prefix(USES)).map(str::to_owned);
    let [before, after] = [old, new].map(|rows| of(rows, level));
    if before != after && !before.is_empty() && !after.is_empty() {
        notes.push(format!(
            "seconds are not comparable: the runs used different vector instructions ({} and {})",
            list(before),
            list(after)
        ));
    }
    notes
}

fn is_other(old: &BTreeMap<u64, Row>, new: &BTreeMap<u64, Row>, differs: fn(&Row, &Row) -> bool) -> bool {
    new.iter().any(|(replicate, row)| old.get(replicate).is_some_and(|before| differs(before, row)))
}

/// Groups rows by cell. As in a report, only the experiment of each problem that was written last is kept.
fn cells(rows: Vec<Row>) -> Cells {
    let last: HashMap<_, _> =
        rows.iter().map(|row| ((row.domain.clone(), row.problem.clone()), row.experiment)).collect();
    let mut cells = Cells::new();
    for row in rows {
        if last.get(&(row.domain.clone(), row.problem.clone())) == Some(&row.experiment) {
            let name = (row.domain.to_string(), row.problem.to_string(), row.start.to_string());
            cells.entry(name).or_default().insert(row.replicate, row);
        }
    }
    cells
}

fn change(
    (domain, problem, start): &(String, String, String),
    old: &BTreeMap<u64, Row>,
    new: &BTreeMap<u64, Row>,
    info: &DomainInfo,
) -> Option<Change> {
    let both = new.iter().filter_map(|(replicate, row)| Some((row, old.get(replicate)?)));
    let both: Vec<(&Row, &Row)> = both.filter(|(new, old)| pairs::same_instance(new, old)).collect();
    if both.is_empty() {
        return None;
    }
    let identical = both.iter().filter(|(new, old)| new.digest == old.digest).count();
    let known = info.problem(problem);
    let ratio = Estimand::Work { charged: true };
    let logs = |of: fn(&Row) -> f64| both.iter().map(|(new, old)| (of(old) / of(new)).ln()).collect();
    let measured = |differences: Vec<f64>, estimand: &Estimand| {
        effect(&Sample::Differences(differences), estimand, ALPHA / 2.0, ALPHA / 2.0, false)
    };
    let judged = known.map_or(Quantity::Value, |problem: &ProblemInfo| problem.judged_by.clone());
    let noise = known.map_or(0.0, |problem| problem.resolution);
    let ends =
        both.iter().map(|(new, old)| difference(final_cost(old, &judged, info), final_cost(new, &judged, info), noise));
    let reached = |row: &Row| row.status == Status::Reached;
    let (first, second): (Vec<bool>, Vec<bool>) = both.iter().map(|(new, old)| (reached(new), reached(old))).unzip();
    let outcomes = PairedOutcomes::count(&first, &second)?;
    Some(Change {
        domain: domain.clone(),
        problem: problem.clone(),
        start: start.clone(),
        n: both.len(),
        identical,
        work: measured(logs(|row| work_spent(row, true).work), &ratio),
        // At least one clock tick, so that the logarithm is finite for a trial that died at once.
        seconds: measured(logs(|row| (row.start_seconds + row.seconds).max(1e-9)), &ratio),
        end: measured(ends.collect(), &Estimand::Final(judged.clone())),
        success: effect(&Sample::Outcomes(outcomes), &Estimand::Success, ALPHA / 2.0, ALPHA / 2.0, false),
        beyond_noise: Vec::new(),
    })
}

/// Marks significant changes (Holm over all cells and measures).
fn mark(changes: &mut [Change]) {
    let p = |change: &Change| {
        [change.work, change.seconds, change.end, change.success].map(|effect| effect.and_then(|effect| effect.p))
    };
    let raw: Vec<f64> = changes.iter().flat_map(p).map(|p| p.unwrap_or(1.0)).collect();
    let adjusted = stats::holm(&raw).unwrap_or_default();
    for (change, p) in changes.iter_mut().zip(adjusted.chunks(MEASURES.len())) {
        change.beyond_noise =
            MEASURES.into_iter().zip(p).filter(|(_, p)| **p <= ALPHA).map(|(measure, _)| measure).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::toy;
    use headstart_domain::toy::trials;
    use headstart_domain::trace::Point;

    fn rows() -> Rows {
        let headers = vec![headstart_rows::sample::header(&[toy::entry()], "test")];
        Rows { headers, rows: trials(3, 20), damaged: Vec::new() }
    }

    #[test]
    fn the_same_run_has_not_changed() {
        let changes = changes(rows(), rows());
        assert_eq!(changes.cells.len(), 3);
        for cell in changes.cells {
            assert_eq!((cell.n, cell.identical), (20, 20));
            assert_eq!(cell.work.map(|effect| effect.estimate), Some(1.0));
            assert!(!cell.beyond_noise.contains(&"work") && !cell.beyond_noise.contains(&"end"));
        }
    }

    #[test]
    fn only_the_faster_start_is_marked() {
        let mut new = rows();
        for row in new.rows.iter_mut().filter(|row| &*row.start == "far") {
            row.work_to_target = row.work_to_target.map(|work| work / 2.0);
            row.digest = "changed".into();
        }
        let changes = changes(rows(), new);
        for cell in &changes.cells {
            let marked = cell.beyond_noise.contains(&"work");
            assert_eq!(marked, cell.start == "far", "{cell:?}");
            assert_eq!(cell.identical, if cell.start == "far" { 0 } else { 20 });
        }
        let far = changes.cells.iter().find(|cell| cell.start == "far").unwrap();
        assert!((far.work.unwrap().estimate - 2.0).abs() < 0.1);
    }

    #[test]
    fn own_data_have_one_target_over_both_runs() {
        let found_after = |work: f64| {
            let mut rows = rows();
            for row in &mut rows.rows {
                (row.own, row.target, row.status, row.work_to_target) = (true, None, Status::Budget, None);
                let point = |(work, value)| Point { work, seconds: work / 10.0, value };
                row.trace = [(1.0, 5.0), (work, 0.0)].map(point).into();
            }
            rows
        };
        for cell in changes(found_after(20.0), found_after(10.0)).cells {
            assert!(cell.work.unwrap().estimate > 1.0, "{cell:?}");
        }
    }

    #[test]
    fn rows_of_an_older_experiment_are_left_out() {
        let mut new = rows();
        let mut older = rows().rows;
        for row in &mut older {
            row.experiment = "older".into();
            row.replicate += 20;
            row.budget *= 2.0;
        }
        new.rows.splice(..0, older);
        let found = changes(new.clone(), rows());
        assert!(found.cells.iter().all(|cell| cell.n == 20) && found.notes.is_empty(), "{:?}", found.notes);
        for row in &mut new.rows {
            row.budget *= 2.0;
        }
        assert!(changes(new, rows()).notes[0].contains("3 cells were run with another budget"));
    }
}
