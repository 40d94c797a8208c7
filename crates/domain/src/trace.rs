//! The observations of one trial, thinned as they arrive.

use serde::{Deserialize, Serialize};

use crate::direction::Direction;

/// One observation: work and seconds spent so far, and the value. In rows it is the array `[work, seconds, value]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f64, f64, f64)", into = "(f64, f64, f64)")]
pub struct Point {
    /// Units of work, without the charge of the start.
    pub work: f64,
    /// Seconds on the solver's clock.
    pub seconds: f64,
    /// The observed value.
    pub value: f64,
}

impl From<(f64, f64, f64)> for Point {
    fn from((work, seconds, value): (f64, f64, f64)) -> Self {
        Self { work, seconds, value }
    }
}

impl From<Point> for (f64, f64, f64) {
    fn from(point: Point) -> Self {
        (point.work, point.seconds, point.value)
    }
}

/// Keeps the first and the best observation of each of about `limit / 2` log-spaced intervals of work, the last
/// observation, and the first one at the target. The choice depends only on work and values, so it is the same on every
/// run.
pub(crate) struct Trace {
    points: Vec<Point>,
    last: Option<Point>,
    direction: Direction,
    intervals: f64,
    budget: f64,
    /// First positive work: the origin of the logarithmic scale.
    origin: Option<f64>,
    interval: Option<u64>,
    /// Whether the last of `points` is the interval's best, separate from its first.
    has_best: bool,
}

impl Trace {
    /// An empty trace that keeps about `limit` points.
    pub(crate) fn new(limit: usize, budget: f64, direction: Direction) -> Self {
        // Leaves room for the last point and the first one at the target.
        let intervals = (limit.saturating_sub(4) / 2).max(1) as f64;
        Self {
            points: Vec::new(),
            last: None,
            direction,
            intervals,
            budget,
            origin: None,
            interval: None,
            has_best: false,
        }
    }

    /// Why this observation is invalid, if it is.
    pub(crate) fn fault(&self, point: Point) -> Option<String> {
        if !point.value.is_finite() {
            return Some(format!("the value is {} after {} units of work: it must be finite", point.value, point.work));
        }
        if !point.work.is_finite() || point.work < 0.0 {
            return Some(format!("work is {}: it must be finite and not negative", point.work));
        }
        let before = self.last.map_or(0.0, |last| last.work);
        (point.work < before).then(|| format!("work went back from {before} to {}", point.work))
    }

    /// Adds an observation.
    pub(crate) fn push(&mut self, point: Point) {
        self.last = Some(point);
        let interval = Some(self.interval_of(point.work));
        if interval != self.interval || self.points.is_empty() {
            (self.interval, self.has_best) = (interval, false);
            self.points.push(point);
        } else if self.points.last().is_some_and(|kept| self.is_better(point, *kept)) {
            if self.has_best {
                self.points.pop();
            }
            self.points.push(point);
            self.has_best = true;
        }
    }

    fn is_better(&self, point: Point, kept: Point) -> bool {
        self.direction.cost(point.value) < self.direction.cost(kept.value)
    }

    fn interval_of(&mut self, work: f64) -> u64 {
        if work > 0.0 && self.origin.is_none() {
            self.origin = Some(work);
        }
        let Some(origin) = self.origin else { return 0 };
        let length = libm::log((self.budget / origin).max(2.0)) / self.intervals;
        1 + (libm::log((work / origin).max(1.0)) / length) as u64
    }

    /// Keeps the last observation, whether or not thinning would.
    pub(crate) fn keep_last(&mut self) {
        if let Some(last) = self.last
            && self.points.last() != Some(&last)
        {
            self.points.push(last);
        }
        // The next observation must not replace it.
        self.has_best = false;
        self.interval = None;
    }

    /// The last observation.
    pub(crate) fn last(&self) -> Option<Point> {
        self.last
    }

    /// Returns the points that were kept.
    pub(crate) fn into_points(mut self) -> Vec<Point> {
        self.keep_last();
        self.points
    }
}

/// Thins a finished trace to its first observation, its improvements on all earlier ones, and its last. If these are
/// more than `limit`, it keeps the last improvement in each of `limit - 2` log-spaced intervals of work. A curve of the
/// best value is then exact at the end of each interval, and a value is reached at most one interval late.
pub fn resample(points: &mut Vec<Point>, limit: usize, direction: Direction) {
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else { return };
    let mut best = f64::INFINITY;
    points.retain(|point| {
        let cost = direction.cost(point.value);
        let improves = cost < best;
        best = best.min(cost);
        improves
    });
    if points.len() > limit {
        let origin = points.iter().map(|point| point.work).find(|work| *work > 0.0).unwrap_or(1.0);
        let length = libm::log((last.work / origin).max(2.0)) / (limit.saturating_sub(3).max(1) as f64);
        let interval = |point: &Point| (libm::log((point.work / origin).max(1.0)) / length) as u64;
        let kept = points.chunk_by(|a, b| interval(a) == interval(b)).filter_map(<[Point]>::last).copied();
        *points = kept.collect();
        if points.first() != Some(&first) {
            points.insert(0, first);
        }
    }
    if points.last() != Some(&last) {
        points.push(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(work: f64) -> Point {
        Point { work, seconds: 0.0, value: -work }
    }

    #[test]
    fn long_traces_are_thinned_and_keep_first_last_and_crossing() {
        let mut trace = Trace::new(200, 1e6, Direction::Minimise);
        for work in 1..=1_000_000 {
            trace.push(point(f64::from(work)));
            if work == 777_777 {
                trace.keep_last();
            }
        }
        let points = trace.into_points();
        assert!(points.len() <= 200 && points.len() > 120, "{} points", points.len());
        assert_eq!((points[0], points[points.len() - 1]), (point(1.0), point(1e6)));
        assert!(points.contains(&point(777_777.0)));
        assert!(points.is_sorted_by(|a, b| a.work < b.work));
    }

    #[test]
    fn the_best_of_all_is_kept_wherever_it_is() {
        let mut trace = Trace::new(200, 1e5, Direction::Maximise);
        for work in 1..=100_000 {
            let value = if work == 54_321 { 9.0 } else { f64::from(work % 7) };
            trace.push(Point { work: f64::from(work), seconds: 0.0, value });
        }
        assert!(trace.into_points().iter().any(|point| point.work == 54_321.0));
    }

    #[test]
    fn a_resampled_trace_keeps_first_last_and_every_improvement_that_fits() {
        let mut few: Vec<Point> = [3.0, 5.0, 2.0, 2.0, 1.0, 4.0]
            .into_iter()
            .zip(1..)
            .map(|(value, work)| Point { work: f64::from(work), seconds: 0.0, value })
            .collect();
        resample(&mut few, 64, Direction::Minimise);
        assert_eq!(few.iter().map(|point| point.value).collect::<Vec<_>>(), [3.0, 2.0, 1.0, 4.0]);
        let whole: Vec<Point> = (1..=5000).map(|work| point(f64::from(work))).collect();
        let mut many = whole.clone();
        resample(&mut many, 64, Direction::Minimise);
        assert!((40..=64).contains(&many.len()), "{} points", many.len());
        assert_eq!((many[0], many[many.len() - 1]), (whole[0], whole[4999]));
        assert!(many.iter().all(|point| whole.contains(point)));
    }

    #[test]
    fn work_may_be_a_fraction() {
        let mut trace = Trace::new(200, 0.5, Direction::Minimise);
        (0..1000).for_each(|step| trace.push(point(f64::from(step) * 5e-4)));
        let points = trace.into_points();
        assert!(points.len() > 100 && points.len() <= 200, "{} points", points.len());
    }

    #[test]
    fn short_traces_are_whole() {
        let mut trace = Trace::new(200, 10.0, Direction::Minimise);
        (1..=10).for_each(|work| trace.push(point(f64::from(work))));
        assert_eq!(trace.into_points().len(), 10);
    }

    #[test]
    fn points_are_arrays_in_rows() {
        assert_eq!(serde_json::to_string(&point(2.0)).unwrap(), "[2.0,0.0,-2.0]");
    }
}
