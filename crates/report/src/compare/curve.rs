//! Values over work and seconds, as median and quartiles over replicates: what a convergence figure draws.

use super::pairs::Cell;
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::direction::Direction;
use headstart_domain::info::DomainInfo;
use headstart_rows::Row;
use headstart_stats as stats;

/// Points of a curve, log-spaced in work.
const GRID: usize = 120;

/// `(work or seconds, lower quartile, median, upper quartile)`, in the scale of the problem.
pub type Quartiles = (f64, f64, f64, f64);

/// The best value so far over work or seconds: median and quartiles over replicates.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Over charged work.
    pub points: Vec<Quartiles>,
    /// Over work without the charge.
    pub uncharged: Vec<Quartiles>,
    /// Over seconds, with those of making the start.
    pub seconds: Vec<Quartiles>,
    /// Over seconds without them.
    pub seconds_uncharged: Vec<Quartiles>,
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

pub(super) fn of(cell: &Cell, direction: Direction, scale: Scale, reach: &Reach) -> Curve {
    let over = |axis: Axis| {
        let paths: Vec<_> = cell.rows.values().map(|row| path(row, direction, scale, axis)).collect();
        quartiles(&paths, if axis.seconds { reach.seconds } else { (1.0, reach.work.max(2.0)) })
    };
    let [points, uncharged, seconds, seconds_uncharged] = Axis::ALL.map(over);
    Curve { points, uncharged, seconds, seconds_uncharged }
}

/// What stands below a curve.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub(super) seconds: bool,
    pub(super) charged: bool,
}

impl Axis {
    /// In the order of [`Curve`]'s fields.
    pub(super) const ALL: [Self; 4] = [
        Self { seconds: false, charged: true },
        Self { seconds: false, charged: false },
        Self { seconds: true, charged: true },
        Self { seconds: true, charged: false },
    ];

    /// What a row spent on its start.
    pub(super) fn charge(self, row: &Row) -> f64 {
        match (self.charged, self.seconds) {
            (false, _) => 0.0,
            (true, false) => row.start_work,
            (true, true) => row.start_seconds,
        }
    }
}

/// How far the axes of a problem go, for all of its starts.
pub(super) struct Reach {
    pub(super) work: f64,
    /// From the first observation of any trial to the end of the longest.
    pub(super) seconds: (f64, f64),
}

impl Reach {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> Self {
        let first = |row: &Row| Some(row.trace.first()?.seconds).filter(|seconds| *seconds > 0.0);
        let from = rows.clone().filter_map(first).fold(f64::INFINITY, f64::min);
        let to = rows.clone().map(|row| row.start_seconds + row.seconds).fold(0.0, f64::max);
        Self {
            work: rows.map(|row| row.start_work + row.work).fold(1.0, f64::max),
            seconds: if from < to { (from, to) } else { (1e-9, 1.0) },
        }
    }
}

fn quartiles(paths: &[Vec<(f64, f64)>], (from, to): (f64, f64)) -> Vec<Quartiles> {
    let log = (to / from).ln();
    let mut points = Vec::new();
    for index in 0..GRID {
        let x = from * (log * index as f64 / (GRID - 1) as f64).exp();
        let values: Vec<f64> = paths.iter().filter_map(|path| at(path, x)).collect();
        // Before half of the trials have begun there is no median to draw.
        if values.is_empty() || 2 * values.len() < paths.len() {
            continue;
        }
        let quantile = |p| stats::quantile(&values, p);
        if let (Some(low), Some(middle), Some(high)) = (quantile(0.25), quantile(0.5), quantile(0.75)) {
            points.push((x, low, middle, high));
        }
    }
    points
}

/// The best value so far, over work or seconds with or without the charge.
fn path(row: &Row, direction: Direction, scale: Scale, axis: Axis) -> Vec<(f64, f64)> {
    let charge = axis.charge(row);
    let place = |point: &headstart_domain::trace::Point| if axis.seconds { point.seconds } else { point.work };
    let mut best: Option<f64> = None;
    let mut path = Vec::with_capacity(row.trace.len());
    for point in &row.trace {
        if best.is_none_or(|best| direction.cost(point.value) < direction.cost(best)) {
            best = Some(point.value);
            path.push((charge + place(point), scale.place(point.value, row, direction)));
        }
    }
    if !row.status.is_sound() {
        // From where it died a trial is worse than any.
        let least = if axis.seconds { 1e-9 } else { 1.0 };
        let end = row.trace.last().map_or(0.0, place).max(least);
        path.push((charge + end, if scale == Scale::Linear { direction.cost(f64::INFINITY) } else { f64::INFINITY }));
    }
    path
}

/// The value of a path at some work: its last one before, carried on past its end.
fn at(path: &[(f64, f64)], work: f64) -> Option<f64> {
    let after = path.partition_point(|(at, _)| *at <= work);
    Some(path.get(after.checked_sub(1)?)?.1)
}
