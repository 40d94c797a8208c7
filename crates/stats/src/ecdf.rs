//! Empirical distribution functions of running times, with unfinished runs in the denominator.

/// A step curve: the share of runs whose running time (or ratio) is at most x.
///
/// With running times over (problem, replicate, target) it is the runtime ECDF of Hansen et al. 2022 (COCO); with
/// ratios to the best start, a performance profile. Every run has the same weight, so a problem with more targets or
/// replicates has more. Beyond the smallest budget of its runs the curve is a lower bound: if budgets differ, use
/// shares of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Ecdf {
    /// The times of finished runs, ascending.
    reached: Vec<f64>,
    runs: usize,
}

impl Ecdf {
    /// Creates a curve from one value per run, `None` (or infinite) for a run that did not finish within its budget.
    ///
    /// `None` for no runs, or if a value is NaN or negative.
    pub fn new(times: &[Option<f64>]) -> Option<Self> {
        Self::of(times.iter().map(|time| time.unwrap_or(f64::INFINITY)).collect())
    }

    /// Creates a curve from one value per run, infinite for an unfinished run. Unlike [`Ecdf::new`], it reuses the
    /// memory of the values.
    pub fn of(mut times: Vec<f64>) -> Option<Self> {
        if times.is_empty() || !times.iter().all(|time| *time >= 0.0) {
            return None;
        }
        let runs = times.len();
        times.retain(|time| *time < f64::INFINITY);
        times.sort_unstable_by(f64::total_cmp);
        Some(Self { reached: times, runs })
    }

    /// Returns the share of runs finished by x, between 0 and 1.
    pub fn at(&self, x: f64) -> f64 {
        self.reached.partition_point(|time| *time <= x) as f64 / self.runs as f64
    }

    /// Returns the steps of the curve for a figure, in ascending order: position and new height.
    pub fn steps(&self) -> Vec<(f64, f64)> {
        let groups = self.reached.chunk_by(|a, b| a == b);
        let mut done = 0;
        groups
            .map(|group| {
                done += group.len();
                (group[0], done as f64 / self.runs as f64)
            })
            .collect()
    }

    /// Returns the area under the curve on a linear axis: its integral over x from `from` to `to`, divided by `to -
    /// from`.
    ///
    /// It lies between 0 and 1, and larger is better. It is the mean over runs of the share of the axis beyond their
    /// time. `None` unless `from < to`, both finite.
    pub fn area(&self, from: f64, to: f64) -> Option<f64> {
        if !(from < to && (to - from).is_finite()) {
            return None;
        }
        let within = self.reached.iter().take_while(|time| **time < to);
        let total: f64 = within.map(|time| (to - time.max(from)) / (to - from)).sum();
        Some(total / self.runs as f64)
    }

    /// Returns the area under the curve on a logarithmic axis: its integral over ln x, divided by ln(to / from).
    ///
    /// Halving the time of every run changes it by ln 2 / ln(to / from), independent of the times, as long as they lie
    /// inside the axis. `from` is usually one unit, `to` the budget. `None` unless `0 < from < to`, both finite.
    pub fn log_area(&self, from: f64, to: f64) -> Option<f64> {
        if !(from > 0.0 && from < to && to < f64::INFINITY) {
            return None;
        }
        let logs = self.reached.iter().map(|time| time.ln()).collect();
        Self { reached: logs, runs: self.runs }.area(from.ln(), to.ln())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn curve(times: &[Option<f64>]) -> Ecdf {
        Ecdf::new(times).unwrap()
    }

    #[test]
    fn the_curve_steps_at_each_time() {
        let curve = curve(&[Some(10.0), None, Some(2.0), Some(10.0), Some(f64::INFINITY)]);
        assert_eq!([1.9, 2.0, 9.9, 10.0, f64::INFINITY].map(|x| curve.at(x)), [0.0, 0.2, 0.2, 0.6, 0.6]);
        assert_eq!(curve.steps(), [(2.0, 0.2), (10.0, 0.6)]);
        assert_eq!(Ecdf::of(vec![10.0, f64::INFINITY, 2.0, 10.0, f64::INFINITY]), Some(curve));
    }

    /// By hand: from 1 to 1000, the times 1, 10, 100 and never leave 3, 2, 1 and 0 of three decades.
    #[test]
    fn areas() {
        let curve = curve(&[Some(1.0), Some(10.0), None, Some(100.0)]);
        assert!((curve.log_area(1.0, 1000.0).unwrap() - 0.5).abs() < 1e-15);
        // From 10 to 100: the whole axis for two runs, nothing for the other two.
        assert!((curve.log_area(10.0, 100.0).unwrap() - 0.5).abs() < 1e-15);
        // From 0 to 20: 19 and 10 of 20.
        assert!((curve.area(0.0, 20.0).unwrap() - 29.0 / 80.0).abs() < 1e-15);
        assert_eq!(self::curve(&[None, None]).log_area(1.0, 10.0), Some(0.0));
        assert_eq!(self::curve(&[Some(1.0), Some(0.5)]).log_area(1.0, 10.0), Some(1.0));
    }

    #[test]
    fn twice_as_fast_is_the_same_step_everywhere() {
        let times = [Some(20.0), Some(400.0), Some(33.0)];
        let gain = curve(&times.map(|time| time.map(|t| t / 2.0))).log_area(1.0, 1000.0).unwrap()
            - curve(&times).log_area(1.0, 1000.0).unwrap();
        assert!((gain - 2f64.ln() / 1000f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn bad_input_has_no_answer() {
        assert_eq!(Ecdf::new(&[]), None);
        assert_eq!(Ecdf::new(&[Some(f64::NAN)]), None);
        assert_eq!(Ecdf::new(&[Some(-1.0), Some(2.0)]), None);
        let curve = curve(&[Some(1.0)]);
        for (from, to) in [(2.0, 2.0), (3.0, 2.0), (1.0, f64::INFINITY), (f64::NAN, 2.0), (1.0, f64::NAN)] {
            assert_eq!((curve.area(from, to), curve.log_area(from, to)), (None, None), "{from} {to}");
        }
        assert_eq!(curve.log_area(0.0, 2.0), None);
        assert_eq!(curve.at(f64::NAN), 0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        /// The area is the sum of rectangles under the steps.
        #[test]
        fn the_area_is_under_the_steps(times in prop::collection::vec(prop::option::of(0.0..10.0), 1..20)) {
            let curve = curve(&times);
            let (from, to) = (2.0, 7.0);
            let mut corners = vec![from];
            corners.extend(curve.steps().into_iter().map(|step| step.0).filter(|x| *x > from && *x < to));
            corners.push(to);
            let area: f64 = corners.windows(2).map(|pair| curve.at(pair[0]) * (pair[1] - pair[0])).sum();
            prop_assert!((curve.area(from, to).unwrap() - area / (to - from)).abs() < 1e-12);
        }
    }
}
