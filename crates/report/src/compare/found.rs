//! The best result of all trials of a problem: the first thing that a user of own data wants to see.

use std::sync::Arc;

use super::Study;
use headstart_domain::info::DomainInfo;
use headstart_domain::{Quantity, Role};
use headstart_rows::Row;

/// The trial with the best end.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its start.
    pub start: String,
    /// Number of starts that reach an equal end in some replicate.
    pub starts: usize,
    /// Its replicate, from 0.
    pub replicate: u64,
    /// What its end is judged by: the value, or a metric.
    pub end: f64,
    /// The name of the optimum that it reached, where the domain names optima.
    pub optimum: Option<Arc<str>>,
    /// The metrics that its domain counts as results, in the domain's order, with their decimals.
    pub results: Vec<(String, f64, Option<u8>)>,
}

/// The trial with the best end over all starts that a user can take. Among equal ends (within the problem's resolution)
/// the first replicate goes first, because only that one keeps its output files, and then the order of the starts.
pub(super) fn found(info: &DomainInfo, study: &Study) -> Option<Found> {
    let problem = &study.problem;
    let judged = &problem.judged_by;
    let direction = info.direction_of(judged)?;
    let sound = info.starts.iter().filter(|start| is_shown(info, &start.name)).flat_map(|start| {
        let rows = study.cells.get(&*start.name).into_iter().flat_map(|cell| cell.rows.values());
        rows.filter(|row| row.status.is_sound()).filter_map(|row| Some((row, direction.cost(row.quantity(judged)?))))
    });
    let ends: Vec<(&Row, f64)> = sound.filter(|(_, cost)| cost.is_finite()).collect();
    let best = ends.iter().map(|(_, cost)| *cost).fold(f64::INFINITY, f64::min);
    let noise = info.resolution(judged, problem);
    let equal = || ends.iter().filter(|(_, cost)| *cost <= best + noise);
    let starts = equal().map(|(row, _)| &*row.start).collect::<std::collections::BTreeSet<_>>().len();
    // `min_by_key` keeps the first of equal keys.
    let (row, _) = equal().min_by_key(|(row, _)| row.replicate)?;
    let result = |metric: &headstart_domain::catalogue::Metric| {
        let value = row.metrics.get(&metric.name)?;
        Some((metric.name.to_string(), value, metric.decimals))
    };
    let is_end = |name: &str| matches!(judged, Quantity::Metric(metric) if metric == name);
    Some(Found {
        start: row.start.to_string(),
        starts,
        replicate: row.replicate,
        end: row.quantity(judged)?,
        optimum: row.basin.as_deref().map(Arc::from),
        results: info
            .metrics
            .iter()
            .filter(|metric| metric.is_result && !is_end(&metric.name))
            .filter_map(result)
            .collect(),
    })
}

/// Controls and oracles are not for use.
fn is_shown(info: &DomainInfo, start: &str) -> bool {
    matches!(info.role(start), Role::Start | Role::Algorithm)
}

/// Decimals of what the ends of a problem are judged by.
pub(super) fn decimals(info: &DomainInfo, judged: &Quantity) -> Option<u8> {
    match judged {
        Quantity::Value => info.value_decimals,
        Quantity::Metric(name) => info.metrics.iter().find(|metric| metric.name == *name)?.decimals,
    }
}
