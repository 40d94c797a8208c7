//! Speed-ups and performance profiles over (problem, replicate), by charged work.

use super::{Against, RATIO, Steps, runtime};
use crate::compare::pairs::{self, Cell};
use crate::compare::{ALPHA, Study};
use headstart_domain::info::DomainInfo;
use headstart_rows::Row;
use headstart_stats::{self as stats, JointIqm};

/// Resamples of the bootstrap, and its stored seed.
const RESAMPLES: u64 = 1000;
const SEED: u64 = 3;

/// Rows of one replicate, one a start; replicates that some start lacks are left out.
fn replicates<'a>(study: &'a Study, starts: &[&str]) -> Option<Vec<Vec<&'a Row>>> {
    let cells: Vec<&Cell> = starts.iter().map(|start| study.cells.get(*start)).collect::<Option<_>>()?;
    let (first, _) = cells.split_first()?;
    let of = |replicate: &u64| cells.iter().map(|cell| cell.rows.get(replicate)).collect::<Option<Vec<_>>>();
    let complete = first.rows.keys().filter_map(of);
    Some(complete.filter(|rows| rows.iter().all(|row| pairs::same_instance(rows[0], row))).collect())
}

/// The interquartile mean of the log speed-up against the first start, with its interval, as ratios.
pub(super) fn speedups(studies: &[&Study], starts: &[&str]) -> Option<Vec<(f64, f64, f64)>> {
    let mut values: Vec<Vec<Vec<f64>>> = vec![Vec::new(); starts.len()];
    for study in studies {
        let replicates = replicates(study, starts)?;
        let work = |row| pairs::work_spent(row, true).work;
        for (index, values) in values.iter_mut().enumerate() {
            values.push(replicates.iter().map(|rows| (work(rows[0]) / work(rows[index])).ln()).collect());
        }
    }
    let joint = JointIqm::new(SEED, RESAMPLES, &values)?;
    let of = |start: usize| {
        let (low, high) = joint.interval(start, ALPHA)?;
        Some((joint.estimate(start)?.exp(), low.exp(), high.exp()))
    };
    (0..starts.len()).map(of).collect()
}

/// The area under each start's performance profile among all of them.
pub(super) fn profile_areas(studies: &[&Study], starts: &[&str]) -> Option<Vec<f64>> {
    let mut times: Vec<Vec<Option<f64>>> = vec![Vec::new(); starts.len()];
    for study in studies {
        for rows in replicates(study, starts)? {
            times.iter_mut().zip(rows).for_each(|(times, row)| times.push(time(row)));
        }
    }
    let profiles = stats::performance_profiles(&times)?;
    profiles.iter().map(|profile| profile.area(1.0, RATIO)).collect()
}

/// Charged work to the target, of trials that reached it.
fn time(row: &Row) -> Option<f64> {
    let spent = pairs::work_spent(row, true);
    spent.reached.then_some(spent.work)
}

/// A start beside the baseline; `None` where they share no problem that is about work.
pub(super) fn against(info: &DomainInfo, studies: &[&Study], start: &str) -> Option<Against> {
    let shared: Vec<&Study> = studies.iter().copied().filter(|study| study.cells.contains_key(start)).collect();
    let mut times = (Vec::new(), Vec::new());
    for study in &shared {
        let pairs = pairs::pairs(study.cells.get(start)?, study.cells.get(info.baseline())?);
        times.extend(pairs.map(|(a, b)| (time(a), time(b))));
    }
    let (first, second) = stats::pairwise_profiles(&times.0, &times.1)?;
    let steps = |curve: &stats::Ecdf| Some(Steps::new(curve, 1.0, RATIO, curve.area(1.0, RATIO)?));
    Some(Against {
        start: start.to_owned(),
        problems: shared.len(),
        profile: (steps(&first)?, steps(&second)?),
        runtime: runtime::runtimes(info, &shared, start),
    })
}
