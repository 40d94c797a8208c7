//! Targets of own data. Its optimum is unknown, so the target is the best value over all starts and replicates.

use std::collections::BTreeMap;

use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::digest::Digest;
use headstart_domain::direction::Direction;
use headstart_domain::info::DomainInfo;
use headstart_rows::{Row, Status};

/// Sets target and crossing of the rows of own data from their traces. Returns the distance of the target from the best
/// value, by experiment.
pub(super) fn set_targets(rows: &mut [Row], infos: &BTreeMap<String, DomainInfo>) -> BTreeMap<Digest, f64> {
    let mut best: BTreeMap<Digest, f64> = BTreeMap::new();
    let open = |row: &Row| row.own && row.target.is_none() && row.status.is_sound();
    for row in rows.iter().filter(|row| open(row)) {
        let Some(info) = infos.get(&*row.domain) else { continue };
        let costs = row.trace.iter().map(|point| info.direction.cost(point.value));
        let lowest = costs.fold(f64::INFINITY, f64::min);
        let known = best.entry(row.experiment).or_insert(f64::INFINITY);
        *known = known.min(lowest);
    }
    let mut within = BTreeMap::new();
    for row in rows.iter_mut().filter(|row| open(row)) {
        let (Some(info), Some(best)) = (infos.get(&*row.domain), best.get(&row.experiment)) else { continue };
        let distance = info.within * best.abs().max(1.0);
        aim(row, info.direction, best + distance);
        within.insert(row.experiment, distance);
    }
    within
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

/// Describes own data as a problem; `within` is the distance of the target from the best value.
pub(super) fn problem(info: &DomainInfo, name: String, within: Option<f64>) -> ProblemInfo {
    ProblemInfo {
        about: format!(
            "own data; the target is the best value over all starts and replicates, within {:e} of max(1, |best|)",
            info.within
        )
        .into(),
        starts: info.own_starts().map(|start| start.name.to_string()).collect(),
        resolution: within.unwrap_or(0.0),
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
        within,
        members: None,
        name: name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::trace::Point;
    use headstart_rows::sample::row;

    #[test]
    fn the_target_is_the_best_over_all_rows() {
        let trace = |values: [f64; 3]| {
            let point = |(work, value)| Point { work, seconds: work / 10.0, value };
            [1.0, 2.0, 3.0].into_iter().zip(values).map(point).collect()
        };
        let mut rows = [row("a", 0, None), row("b", 0, None)];
        for (row, values) in rows.iter_mut().zip([[9.0, 5.0, 4.0], [9.0, 8.0, 7.0]]) {
            row.target = None;
            row.own = true;
            row.trace = trace(values);
        }
        let info = headstart_domain::toy::info();
        let within = set_targets(&mut rows, &BTreeMap::from([("toy".to_owned(), info)]));
        assert_eq!(within[&"one".into()], 4e-3, "relative to the best value");
        assert_eq!((rows[0].status, rows[0].work_to_target), (Status::Reached, Some(3.0)));
        assert_eq!((rows[1].status, rows[1].work_to_target), (Status::Budget, None));
    }
}
