//! Convergence curves: median and quartiles over replicates of the best value so far, over work and over seconds.

use super::pairs::Cell;
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::direction::Direction;
use headstart_domain::info::DomainInfo;
use headstart_domain::trace::Point;
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
    /// Over seconds, including the seconds spent on making the start.
    pub seconds: Vec<Quartiles>,
    /// Over seconds of the solver alone.
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
    // A floor below the target keeps the crossing visible.
    let floor = if problem.resolution > 0.0 { problem.resolution } else { lowest_target / 100.0 };
    if positive && floor.is_finite() && floor > 0.0 { Scale::Log { floor } } else { Scale::Linear }
}

impl Scale {
    /// Ordinate of a value of this row.
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

    /// Ordinate of the target.
    pub fn target(self, target: f64) -> f64 {
        match self {
            Self::Gap { within, .. } => within,
            Self::Log { .. } | Self::Linear => target,
        }
    }
}

pub(super) fn of(cell: &Cell, direction: Direction, scale: Scale, reach: &Reach) -> Curve {
    let over = |axis: Axis| {
        let view = View { direction, scale, axis };
        let walks = cell.rows.values().map(|row| Walk::new(row, view)).collect();
        quartiles(walks, if axis.seconds { reach.seconds } else { (1.0, reach.work.max(2.0)) })
    };
    let [points, uncharged, seconds, seconds_uncharged] = Axis::ALL.map(over);
    Curve { points, uncharged, seconds, seconds_uncharged }
}

/// Quantity on the horizontal axis.
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

    /// Charge of a row on this axis; 0 if the axis is uncharged.
    pub(super) fn charge(self, row: &Row) -> f64 {
        match (self.charged, self.seconds) {
            (false, _) => 0.0,
            (true, false) => row.start_work,
            (true, true) => row.start_seconds,
        }
    }
}

/// Ranges of the axes of a problem, common to all of its starts.
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

fn quartiles(mut walks: Vec<Walk>, (from, to): (f64, f64)) -> Vec<Quartiles> {
    let log = (to / from).ln();
    let mut points = Vec::new();
    let mut values = Vec::with_capacity(walks.len());
    for index in 0..GRID {
        let x = from * (log * index as f64 / (GRID - 1) as f64).exp();
        values.clear();
        values.extend(walks.iter_mut().filter_map(|walk| walk.to(x)));
        // The median is undefined until half of the trials have begun.
        if values.is_empty() || 2 * values.len() < walks.len() {
            continue;
        }
        if let Some([low, middle, high]) = stats::quartiles(&mut values) {
            points.push((x, low, middle, high));
        }
    }
    points
}

/// How the values of a trial are drawn.
#[derive(Clone, Copy)]
struct View {
    direction: Direction,
    scale: Scale,
    axis: Axis,
}

impl View {
    /// Position of an observation on the axis, without the charge.
    fn place(self, point: &Point) -> f64 {
        if self.axis.seconds { point.seconds } else { point.work }
    }

    /// Value of a trial after it died: worse than any other.
    fn worst(self) -> f64 {
        if self.scale == Scale::Linear { self.direction.cost(f64::INFINITY) } else { f64::INFINITY }
    }
}

/// Evaluates a trial's curve at ascending positions, in a single pass over its trace.
struct Walk<'a> {
    row: &'a Row,
    view: View,
    /// Index and position of the next observation; the position is infinite after the last one.
    next: usize,
    until: f64,
    best: Option<f64>,
    /// Ordinate of the best value so far.
    drawn: Option<f64>,
}

impl<'a> Walk<'a> {
    fn new(row: &'a Row, view: View) -> Self {
        let mut walk = Self { row, view, next: 0, until: 0.0, best: None, drawn: None };
        walk.until = walk.place_of_next();
        walk
    }

    /// A trial that died has one further step, after its last observation.
    fn place_of_next(&self) -> f64 {
        let (row, view) = (self.row, self.view);
        let place = match row.trace.get(self.next) {
            Some(point) => view.place(point),
            None if self.next > row.trace.len() || row.status.is_sound() => return f64::INFINITY,
            None => {
                let least = if view.axis.seconds { 1e-9 } else { 1.0 };
                row.trace.last().map_or(0.0, |point| view.place(point)).max(least)
            }
        };
        view.axis.charge(row) + place
    }

    /// Returns the ordinate at `x`, which must not decrease between calls. The last value is kept after the trial ends.
    fn to(&mut self, x: f64) -> Option<f64> {
        while self.until <= x {
            self.step();
        }
        self.drawn
    }

    fn step(&mut self) {
        let View { direction, scale, .. } = self.view;
        match self.row.trace.get(self.next) {
            None => self.drawn = Some(self.view.worst()),
            Some(point) => {
                if self.best.is_none_or(|best| direction.cost(point.value) < direction.cost(best)) {
                    self.best = Some(point.value);
                    self.drawn = Some(scale.place(point.value, self.row, direction));
                }
            }
        }
        self.next += 1;
        self.until = self.place_of_next();
    }
}
