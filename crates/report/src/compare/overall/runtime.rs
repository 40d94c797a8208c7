//! Runtime distributions over (problem, replicate, target), for a ladder of targets.

use super::Steps;
use crate::compare::Study;
use crate::compare::curve::{self, Scale};
use crate::compare::interval;
use crate::compare::pairs::{self, Cell};
use headstart_domain::info::DomainInfo;
use headstart_rows::{Row, Status};
use headstart_stats::{Ecdf, Ladder, first_met};

/// Runtime distributions of a start and of the baseline, over the same replicates and targets.
#[derive(Clone, Debug)]
pub struct Runtimes {
    /// Of the start: share of targets met over charged work, in units of the budget; area on a logarithmic axis.
    pub start: Steps,
    /// Of the baseline.
    pub baseline: Steps,
    /// Number of (replicate, target) combinations that count.
    pub targets: usize,
    /// Number of (replicate, target) combinations left out, since the baseline met them at its first observation.
    pub dropped: usize,
    /// 95% interval of the area under the start's distribution minus that under the baseline's.
    pub difference: Option<(f64, f64)>,
}

/// Returns `None` if no pair of trials can be timed.
pub(super) fn runtimes(info: &DomainInfo, studies: &[&Study], start: &str) -> Option<Runtimes> {
    let mut times = (Vec::new(), Vec::new());
    // Ranges of `times` that hold the targets of each replicate, by problem.
    let mut places: Vec<Vec<std::ops::Range<usize>>> = Vec::new();
    let (mut dropped, mut budget) = (0, 1.0_f64);
    for study in studies {
        let targets = Targets::new(info, study);
        let baseline = study.cells.get(info.baseline())?;
        let mut of_study = Vec::new();
        for (a, b) in pairs::pairs(study.cells.get(start)?, baseline) {
            budget = budget.max(b.budget);
            let (met, all) = targets.dropped(b);
            dropped += met;
            let first = times.0.len();
            times.0.extend(targets.times(a, b, all));
            times.1.extend(targets.times(b, b, all));
            of_study.push(first..times.0.len());
        }
        places.push(of_study);
    }
    // The axis runs from one unit of work to the whole budget, for the largest budget.
    let (from, to) = (1.0 / budget.max(2.0), 1.0);
    let steps = |times: Vec<f64>| {
        let curve = Ecdf::of(times)?;
        Some(Steps::new(&curve, from, to, curve.log_area(from, to)?))
    };
    // Contribution of a time to the area under a distribution on a logarithmic axis.
    let above = |time: &f64| if time.is_finite() { ((to / time).ln() / (to / from).ln()).clamp(0.0, 1.0) } else { 0.0 };
    let gain = |range: &std::ops::Range<usize>| {
        let of = |times: &[f64]| times[range.clone()].iter().map(above).sum::<f64>();
        (of(&times.0) - of(&times.1), range.len() as f64)
    };
    let parts: Vec<Vec<(f64, f64)>> = places.iter().map(|of_study| of_study.iter().map(gain).collect()).collect();
    let difference = interval::of_mean(&parts);
    let targets = times.0.len();
    Some(Runtimes { start: steps(times.0)?, baseline: steps(times.1)?, targets, dropped, difference })
}

/// Targets of a problem: a ladder if gaps to the best known value are defined, otherwise the target alone.
struct Targets<'a> {
    info: &'a DomainInfo,
    scale: Scale,
    /// The ladder, with the baseline's replicates in ascending order.
    ladder: Option<(Ladder, Vec<u64>)>,
}

impl<'a> Targets<'a> {
    fn new(info: &'a DomainInfo, study: &'a Study) -> Self {
        let rows = || study.cells.values().flat_map(|cell| cell.rows.values());
        let scale = curve::scale(info, &study.problem, rows());
        let mut targets = Self { info, scale, ladder: None };
        let lowest = rows().filter_map(|row| row.target).fold(f64::INFINITY, f64::min);
        let resolution = match scale {
            _ if study.problem.resolution > 0.0 => study.problem.resolution,
            Scale::Gap { within, .. } => within,
            Scale::Log { .. } | Scale::Linear => lowest,
        };
        if let Some(baseline) = study.cells.get(info.baseline()) {
            let ladder = Ladder::new(&targets.first_gaps(baseline), resolution);
            targets.ladder = ladder.map(|ladder| (ladder, baseline.rows.keys().copied().collect()));
        }
        targets
    }

    /// Gap of the baseline at its first observation, by replicate.
    fn first_gaps(&self, baseline: &Cell) -> Vec<Option<f64>> {
        if self.scale == Scale::Linear {
            return Vec::new();
        }
        baseline.rows.values().map(|row| self.gap(row, row.trace.first()?.value)).collect()
    }

    /// Distance of a value from the best known one; `None` if that is unknown.
    fn gap(&self, row: &Row, value: f64) -> Option<f64> {
        let cost = |value| self.info.direction.cost(value);
        match self.scale {
            Scale::Linear => None,
            Scale::Log { .. } => Some(value),
            Scale::Gap { within, .. } => Some(cost(value) - cost(row.target?) + within),
        }
    }

    /// Number of targets that the baseline met at once in its replicate, and the remaining targets.
    fn dropped(&self, baseline: &Row) -> (usize, &[f64]) {
        let Some((ladder, replicates)) = &self.ladder else { return (0, &[]) };
        let Ok(place) = replicates.binary_search(&baseline.replicate) else { return (0, &[]) };
        let left = ladder.targets(place);
        (Ladder::RUNGS - left.len(), left)
    }

    /// Charged work to each target in units of the budget, infinite if the target was not met. A failed trial met none.
    fn times(&self, row: &Row, baseline: &Row, targets: &[f64]) -> Vec<f64> {
        let share = |work: f64| (row.start_work + work) / row.budget.max(1.0);
        if self.ladder.is_none() {
            let reached = row.work_to_target.filter(|_| row.status == Status::Reached);
            return vec![reached.map_or(f64::INFINITY, |work| share(work.max(1.0)))];
        }
        if !row.status.is_sound() {
            return vec![f64::INFINITY; targets.len()];
        }
        // A target belongs to the instance, so the gaps of both trials of a pair use the same one.
        let gap = |point: &headstart_domain::trace::Point| Some((point.work, self.gap(baseline, point.value)?));
        let gaps: Vec<(f64, f64)> = row.trace.iter().filter_map(gap).collect();
        first_met(&gaps, targets, row.budget).into_iter().map(|time| time.map_or(f64::INFINITY, share)).collect()
    }
}
