//! The observations of one trial, thinned as they come.

use serde::{Deserialize, Serialize};

/// One observation: work and seconds spent so far, and the value. In rows it is the array `[work, seconds, value]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f64, f64, f64)", into = "(f64, f64, f64)")]
pub struct Point {
    /// Units of work, the charge not included.
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

/// Keeps the first observation of each of about `limit` log-spaced intervals of work, and besides the last observation
/// and the one that crossed the target. Which are kept depends on work alone, so it is the same on every run.
pub(crate) struct Trace {
    points: Vec<Point>,
    last: Option<Point>,
    interval: Option<u64>,
    intervals_per_log: f64,
}

impl Trace {
    pub(crate) fn new(limit: usize, budget: f64) -> Self {
        // Room for the first, the last and the crossing; the first interval holds all work below one unit.
        let intervals = limit.saturating_sub(4).max(1) as f64;
        Self { points: Vec::new(), last: None, interval: None, intervals_per_log: intervals / budget.max(2.0).ln() }
    }

    /// Why this observation cannot be right, if it cannot.
    pub(crate) fn fault(&self, point: Point) -> Option<String> {
        if !point.value.is_finite() {
            return Some(format!("the value is {} after {} units of work", point.value, point.work));
        }
        if !point.work.is_finite() || point.work < 0.0 {
            return Some(format!("work is {}: it must be finite and not negative", point.work));
        }
        let before = self.last.map_or(0.0, |last| last.work);
        (point.work < before).then(|| format!("work went back from {before} to {}", point.work))
    }

    pub(crate) fn push(&mut self, point: Point) {
        let interval = Some((point.work.max(1.0).ln() * self.intervals_per_log) as u64);
        if interval != self.interval || self.points.is_empty() {
            self.interval = interval;
            self.points.push(point);
        }
        self.last = Some(point);
    }

    /// Keeps the observation that was just pushed.
    pub(crate) fn keep_last(&mut self) {
        if let Some(last) = self.last
            && self.points.last() != Some(&last)
        {
            self.points.push(last);
        }
    }

    pub(crate) fn last(&self) -> Option<Point> {
        self.last
    }

    pub(crate) fn into_points(mut self) -> Vec<Point> {
        self.keep_last();
        self.points
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
        let mut trace = Trace::new(200, 1e6);
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
    fn short_traces_are_whole() {
        let mut trace = Trace::new(200, 10.0);
        (1..=10).for_each(|work| trace.push(point(f64::from(work))));
        assert_eq!(trace.into_points().len(), 10);
    }

    #[test]
    fn points_are_arrays_in_rows() {
        assert_eq!(serde_json::to_string(&point(2.0)).unwrap(), "[2.0,0.0,-2.0]");
    }
}
