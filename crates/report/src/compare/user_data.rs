//! Targets of own data. Its optimum is unknown, so the target is the best value over all starts and replicates.

use std::collections::BTreeMap;

use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::digest::Digest;
use headstart_domain::direction::Direction;
use headstart_domain::info::DomainInfo;
use headstart_rows::{Row, Status};

/// The target of an experiment on own data, in units of the value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OwnTarget {
    /// Cost of the target.
    cost: f64,
    /// Distance of the target from the best value.
    pub(super) distance: f64,
    /// Ends that differ by less are equal.
    pub(super) resolution: f64,
}

/// Sets target and crossing of the rows of own data from their traces. Returns the targets by experiment.
pub(super) fn set_targets(rows: &mut [Row], infos: &BTreeMap<String, DomainInfo>) -> BTreeMap<Digest, OwnTarget> {
    let open = |row: &Row| row.own && row.target.is_none() && row.status.is_sound();
    let mut experiments: BTreeMap<Digest, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| open(row)) {
        experiments.entry(row.experiment).or_default().push(row);
    }
    let targets: BTreeMap<Digest, OwnTarget> = experiments
        .into_iter()
        .filter_map(|(experiment, rows)| Some((experiment, target(infos.get(&*rows.first()?.domain)?, &rows)?)))
        .collect();
    for row in rows.iter_mut().filter(|row| open(row)) {
        if let (Some(info), Some(target)) = (infos.get(&*row.domain), targets.get(&row.experiment)) {
            aim(row, info.direction, target.cost);
        }
    }
    targets
}

/// Rounding errors of the values, relative to the largest.
const ROUNDING: f64 = 1e-13;

/// The target of some rows: within a fraction of the typical descent of the best value, or farther, so that at least half of the
/// runs of one start reach it. It scales with the values and moves with them, so no verdict depends on their unit.
fn target(info: &DomainInfo, rows: &[&Row]) -> Option<OwnTarget> {
    let mut first = Vec::new();
    let mut ends: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut size = 0.0_f64;
    for row in rows {
        let costs = row.trace.iter().map(|point| info.direction.cost(point.value)).filter(|cost| cost.is_finite());
        first.extend(costs.clone().next());
        size = costs.clone().fold(size, |size, cost| size.max(cost.abs()));
        ends.entry(&row.start).or_default().push(costs.fold(f64::INFINITY, f64::min));
    }
    let best = ends.values().flatten().copied().fold(f64::INFINITY, f64::min);
    let descent = median(&mut first)? - best;
    let resolution = (info.within * descent).max(ROUNDING * size);
    let candidates = ends.iter_mut().filter(|(start, _)| info.is_candidate(start));
    let typical = candidates.filter_map(|(_, ends)| median(ends)).fold(f64::INFINITY, f64::min);
    let cost = if typical.is_finite() { typical.max(best + resolution) } else { best + resolution };
    best.is_finite().then_some(OwnTarget { cost, distance: cost - best, resolution })
}

/// The lower median: at least half of the numbers are no larger.
fn median(numbers: &mut [f64]) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

/// Sets the target of a row, and its crossing if the trace reaches the target.
pub fn aim(row: &mut Row, direction: Direction, target_cost: f64) {
    // `cost` changes the sign or nothing, so it is its own inverse.
    row.target = Some(direction.cost(target_cost));
    if let Some(point) = row.trace.iter().find(|point| direction.cost(point.value) <= target_cost) {
        row.status = Status::Reached;
        row.work_to_target = Some(point.work);
        row.seconds_to_target = Some(point.seconds);
    }
}

/// Describes own data as a problem.
pub(super) fn problem(info: &DomainInfo, name: String, target: Option<OwnTarget>) -> ProblemInfo {
    ProblemInfo {
        about: format!(
            "own data; the target is the best value over all starts and replicates, within {:e} of the median descent of \
             all runs, or the median end of the best start if that is farther",
            info.within
        )
        .into(),
        starts: info.own_starts().map(|start| start.name.to_string()).collect(),
        resolution: target.map_or(0.0, |target| target.resolution),
        budget: None,
        value_label: Some(&info.own_value_label)
            .filter(|own| !own.is_empty())
            .unwrap_or(&info.value_label)
            .clone()
            .into(),
        headline: info.headline.clone(),
        judged_by: info.judged_by.clone(),
        stop_at_target: false,
        hard: false,
        within: target.map(|target| target.distance),
        members: None,
        name: name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::trace::Point;
    use headstart_rows::sample::row;

    /// Rows of own data of the starts `a` and `b` with these values.
    fn rows(values: &[(&str, [f64; 3])], unit: f64, shift: f64) -> Vec<Row> {
        let point = |(work, value)| Point { work, seconds: work / 10.0, value: shift + unit * value };
        let own = |(replicate, (start, values)): (usize, &(&str, [f64; 3]))| Row {
            target: None,
            own: true,
            trace: [1.0, 2.0, 3.0].into_iter().zip(*values).map(point).collect(),
            ..row(start, replicate as u64, None)
        };
        values.iter().enumerate().map(own).collect()
    }

    fn reached(rows: &mut [Row]) -> (OwnTarget, Vec<Option<f64>>) {
        let info = headstart_domain::toy::info();
        let targets = set_targets(rows, &BTreeMap::from([("toy".to_owned(), info)]));
        (targets[&"one".into()], rows.iter().map(|row| row.work_to_target).collect())
    }

    #[test]
    fn the_target_is_the_best_over_all_rows() {
        let mut rows = rows(&[("a", [9.0, 5.0, 4.0]), ("b", [9.0, 8.0, 7.0])], 1.0, 0.0);
        let (target, reached) = reached(&mut rows);
        assert_eq!(target.resolution, 5e-3, "a thousandth of the descent from 9 to 4");
        assert!((target.distance - 5e-3).abs() < 1e-12);
        assert_eq!(reached, [Some(3.0), None]);
        assert_eq!((rows[0].status, rows[1].status), (Status::Reached, Status::Budget));
    }

    /// One run in three finds the best value. Then the target is the median end of the better start.
    #[test]
    fn half_of_the_runs_of_a_start_reach_the_target() {
        let values = [[9.0, 5.0, 4.0], [9.0, 6.0, 5.0], [9.0, 6.0, 5.5]].map(|values| ("a", values));
        let worse = [[9.0, 8.0, 4.5], [9.0, 8.0, 7.0], [9.0, 8.0, 7.0]].map(|values| ("b", values));
        let mut rows = rows(&[values, worse].concat(), 1.0, 0.0);
        let (target, reached) = reached(&mut rows);
        assert_eq!((target.distance, target.resolution), (1.0, 5e-3));
        assert_eq!(reached, [Some(2.0), Some(3.0), None, Some(3.0), None, None]);
    }

    #[test]
    fn nothing_depends_on_the_unit_or_the_origin_of_the_values() {
        let values = [("a", [9.0, 5.0, 4.0]), ("a", [9.0, 4.5, 4.001]), ("b", [9.0, 8.0, 4.1]), ("b", [8.0, 6.0, 4.0])];
        let (_, expected) = reached(&mut rows(&values, 1.0, 0.0));
        for (unit, shift) in [(1e-6, 0.0), (1e9, 0.0), (1.0, 1e6), (1e-3, -70.0)] {
            assert_eq!(reached(&mut rows(&values, unit, shift)).1, expected, "{unit} {shift}");
        }
    }
}
