//! Speed-ups and performance profiles over (problem, replicate), by charged work.

use super::{Against, RATIO, Steps, runtime};
use crate::compare::interval;
use crate::compare::pairs::{self, Cell, Rules};
use crate::compare::{ALPHA, Study};
use headstart_domain::info::DomainInfo;
use headstart_rows::Row;
use headstart_stats::{self as stats, JointIqm};

/// Number of bootstrap resamples, and the seed.
const RESAMPLES: u64 = 1000;
const SEED: u64 = 3;

/// Returns the rows of each replicate, one for each start. Replicates without rows of all starts are left out.
pub(super) fn replicates<'a>(study: &'a Study, starts: &[&str]) -> Option<Vec<Vec<&'a Row>>> {
    let cells: Vec<&Cell> = starts.iter().map(|start| study.cells.get(*start)).collect::<Option<_>>()?;
    let (first, _) = cells.split_first()?;
    let of = |replicate: &u64| cells.iter().map(|cell| cell.rows.get(replicate)).collect::<Option<Vec<_>>>();
    let complete = first.rows.keys().filter_map(of);
    Some(complete.filter(|rows| rows.iter().all(|row| pairs::same_instance(rows[0], row))).collect())
}

/// Returns the interquartile mean of each start's log speed-up against the first start, with its interval, as ratios.
pub(super) fn speedups(info: &DomainInfo, studies: &[&Study], starts: &[&str]) -> Option<Vec<(f64, f64, f64)>> {
    let mut values: Vec<Vec<Vec<f64>>> = vec![Vec::new(); starts.len()];
    for study in studies {
        let replicates = replicates(study, starts)?;
        let scope = study.scope(info, Rules::Shown);
        for (index, values) in values.iter_mut().enumerate() {
            let speedup = |rows: &Vec<&Row>| scope.work_difference(rows[index], rows[0], true);
            values.push(replicates.iter().map(speedup).collect());
        }
    }
    if values[0].iter().all(|replicates| replicates.len() < interval::FEWEST) {
        return None;
    }
    let joint = JointIqm::new(SEED, RESAMPLES, &values)?;
    let of = |start: usize| {
        let (low, high) = joint.interval(start, ALPHA)?;
        Some((joint.estimate(start)?.exp(), low.exp(), high.exp()))
    };
    (0..starts.len()).map(of).collect()
}

/// Returns the area under each start's performance profile among all of them, with a bootstrap interval that resamples
/// replicates within problems, jointly over starts.
pub(super) fn profile_areas(studies: &[&Study], starts: &[&str]) -> Option<Vec<(f64, f64, f64)>> {
    let replicates = studies.iter().map(|study| replicates(study, starts)).collect::<Option<Vec<_>>>()?;
    // Ratios to the best start of a replicate determine the profiles, and can be resampled.
    let ratios: Vec<Vec<Vec<f64>>> =
        replicates.iter().map(|rows| rows.iter().map(|row| ratios(row)).collect()).collect();
    let areas = |weight: &dyn Fn(usize, usize) -> u32| {
        let (mut areas, mut count) = (vec![0.0; starts.len()], 0_u32);
        for (problem, replicates) in ratios.iter().enumerate() {
            for (place, ratios) in replicates.iter().enumerate() {
                let times = weight(problem, place);
                count += times;
                areas.iter_mut().zip(ratios).for_each(|(area, ratio)| *area += f64::from(times) * share_above(*ratio));
            }
        }
        areas.into_iter().map(|area| area / f64::from(count.max(1))).collect()
    };
    let sizes: Vec<usize> = ratios.iter().map(Vec::len).collect();
    let intervals = interval::of_all(&sizes, |times| areas(&|problem, place| times[problem][place]))?;
    let estimates: Vec<f64> = areas(&|_, _| 1);
    Some(estimates.into_iter().zip(intervals).map(|(area, (low, high))| (area, low, high)).collect())
}

/// Each start's work divided by the smallest in the replicate; infinite for a start that missed the target.
fn ratios(rows: &[&Row]) -> Vec<f64> {
    let times: Vec<f64> = rows.iter().map(|row| time(row).unwrap_or(f64::INFINITY)).collect();
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    times.into_iter().map(|time| if best.is_finite() { time / best } else { f64::INFINITY }).collect()
}

/// Share of the axis from 1 to [`RATIO`] that lies above a ratio.
fn share_above(ratio: f64) -> f64 {
    ((RATIO - ratio) / (RATIO - 1.0)).clamp(0.0, 1.0)
}

/// Charged work to the target; `None` for a trial that missed it.
fn time(row: &Row) -> Option<f64> {
    let spent = pairs::work_spent(row, true);
    spent.reached.then_some(spent.work)
}

/// Compares a start with the baseline; `None` if they do not share a problem that ranks starts by work.
pub(super) fn against(info: &DomainInfo, studies: &[&Study], start: &str) -> Option<Against> {
    let shared: Vec<&Study> = studies.iter().copied().filter(|study| study.cells.contains_key(start)).collect();
    let mut times = (Vec::new(), Vec::new());
    let mut parts = Vec::new();
    for study in &shared {
        let pairs = pairs::pairs(study.cells.get(start)?, study.cells.get(info.baseline())?);
        let pairs: Vec<(&Row, &Row)> = pairs.collect();
        times.extend(pairs.iter().map(|(a, b)| (time(a), time(b))));
        let part = |(a, b): &(&Row, &Row)| {
            let ratios = ratios(&[a, b]);
            (share_above(ratios[0]) - share_above(ratios[1]), 1.0)
        };
        parts.push(pairs.iter().map(part).collect());
    }
    let (first, second) = stats::pairwise_profiles(&times.0, &times.1)?;
    let steps = |curve: &stats::Ecdf| Some(Steps::new(curve, 1.0, RATIO, curve.area(1.0, RATIO)?));
    Some(Against {
        start: start.to_owned(),
        problems: shared.len(),
        profile: (steps(&first)?, steps(&second)?),
        profile_difference: interval::of_mean(&parts),
        runtime: runtime::runtimes(info, &shared, start),
    })
}
