//! Values over work, as median and quartiles over replicates: what a convergence figure draws.

use super::pairs::Cell;
use crate::domain::Direction;
use crate::info::{DomainInfo, ProblemInfo};
use crate::record::Row;
use crate::stats;

/// Points of a curve, log-spaced in work.
const GRID: usize = 120;

/// `(work, lower quartile, median, upper quartile)`, in the scale of the problem.
pub type Quartiles = (f64, f64, f64, f64);

/// The best value so far over work: median and quartiles over replicates.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Over charged work.
    pub points: Vec<Quartiles>,
    /// Over work without the charge.
    pub uncharged: Vec<Quartiles>,
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// The value itself, on a logarithmic axis that ends at the floor.
    Log {
        /// Values below are drawn here.
        floor: f64,
    },
    /// The gap to the best known value, on a logarithmic axis that ends at the floor.
    Gap {
        /// Distance of the target from the best known value.
        within: f64,
        /// Gaps below are drawn here.
        floor: f64,
    },
    /// The value itself, on a linear axis.
    Linear,
}

/// The scale on which a problem's values are drawn.
pub(super) fn scale<'a>(info: &DomainInfo, problem: &ProblemInfo, rows: impl Iterator<Item = &'a Row>) -> Scale {
    if let Some(within) = problem.within {
        let floor = if problem.resolution > 0.0 { problem.resolution } else { within / 10.0 };
        return Scale::Gap { within, floor };
    }
    let mut positive = info.direction == Direction::Minimise;
    let mut lowest_target = f64::INFINITY;
    for row in rows {
        positive &= row.trace.iter().all(|point| point.value >= 0.0);
        lowest_target = lowest_target.min(row.target.unwrap_or(f64::INFINITY));
    }
    // A floor a little under the target keeps the crossing in the picture.
    let floor = if problem.resolution > 0.0 { problem.resolution } else { lowest_target / 100.0 };
    if positive && floor.is_finite() && floor > 0.0 { Scale::Log { floor } } else { Scale::Linear }
}

impl Scale {
    /// What is drawn for a value of this row.
    fn place(self, value: f64, row: &Row, direction: Direction) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log { floor } => value.max(floor),
            Self::Gap { within, floor } => {
                let target = row.target.unwrap_or(value);
                (direction.cost(value) - direction.cost(target) + within).max(floor)
            }
        }
    }

    /// Where the target is drawn.
    pub fn target(self, target: f64) -> f64 {
        match self {
            Self::Gap { within, .. } => within,
            Self::Log { .. } | Self::Linear => target,
        }
    }
}

pub(super) fn of(cell: &Cell, direction: Direction, scale: Scale, horizon: f64) -> Curve {
    let over = |charged: bool| {
        let path = |row| path(row, direction, scale, charged);
        quartiles(&cell.rows.values().map(path).collect::<Vec<_>>(), horizon)
    };
    Curve { points: over(true), uncharged: over(false) }
}

fn quartiles(paths: &[Vec<(f64, f64)>], horizon: f64) -> Vec<Quartiles> {
    let log = horizon.max(2.0).ln();
    let mut points = Vec::new();
    for index in 0..GRID {
        let work = (log * index as f64 / (GRID - 1) as f64).exp();
        let values: Vec<f64> = paths.iter().filter_map(|path| at(path, work)).collect();
        // Before half of the trials have begun there is no median to draw.
        if values.is_empty() || 2 * values.len() < paths.len() {
            continue;
        }
        let quantile = |p| stats::quantile(&values, p);
        if let (Some(low), Some(middle), Some(high)) = (quantile(0.25), quantile(0.5), quantile(0.75)) {
            points.push((work, low, middle, high));
        }
    }
    points
}

/// The best value so far, over work with or without its charge.
fn path(row: &Row, direction: Direction, scale: Scale, charged: bool) -> Vec<(f64, f64)> {
    let charge = if charged { row.start_work } else { 0.0 };
    let mut best: Option<f64> = None;
    let mut path = Vec::with_capacity(row.trace.len());
    for point in &row.trace {
        if best.is_none_or(|best| direction.cost(point.value) < direction.cost(best)) {
            best = Some(point.value);
            path.push((charge + point.work, scale.place(point.value, row, direction)));
        }
    }
    if !row.status.is_sound() {
        // From where it died a trial is worse than any.
        let end = row.trace.last().map_or(0.0, |point| point.work).max(1.0);
        path.push((charge + end, if scale == Scale::Linear { direction.cost(f64::INFINITY) } else { f64::INFINITY }));
    }
    path
}

/// The value of a path at some work: its last one before, carried on past its end.
fn at(path: &[(f64, f64)], work: f64) -> Option<f64> {
    let after = path.partition_point(|(at, _)| *at <= work);
    Some(path.get(after.checked_sub(1)?)?.1)
}
