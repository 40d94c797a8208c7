//! The interface between a solver and the harness: observations, metrics, random numbers, and when to stop.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::direction::Direction;
use crate::figure::Figure;
use crate::knob::{Knob, KnobReader};
use crate::metrics::Metrics;
use crate::seed::Stream;
use crate::trace::{Point, Trace};

/// One trial, as its solver sees it.
pub struct Run {
    clock: Clock,
    stream: Stream,
    goal: Goal,
    knobs: KnobReader,
    trace: Trace,
    crossing: Option<Point>,
    metrics: Metrics,
    timings: Vec<String>,
    basin: Option<String>,
    remarks: Vec<String>,
    figures: Vec<Figure>,
    files: Vec<(String, Vec<u8>)>,
    fault: Option<String>,
    stopped: bool,
    observed_after_break: bool,
}

/// When a trial is solved and when it must stop.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// Work that the trial may spend.
    pub budget: f64,
    /// The value at which it counts as solved.
    pub target: Option<f64>,
    /// Which values are better.
    pub direction: Direction,
    /// Whether the trial ends at its target.
    pub stop_at_target: bool,
    /// Maximum number of points in the trace.
    pub trace_points: usize,
    /// Whether output files and figures are kept.
    pub keeps_files: bool,
}

/// The record of a finished run.
pub struct Finished {
    /// The observations, thinned.
    pub trace: Vec<Point>,
    /// The last observation.
    pub last: Option<Point>,
    /// The first observation at the target.
    pub crossing: Option<Point>,
    /// The recorded metrics.
    pub metrics: Metrics,
    /// Names of the metrics that are seconds, which differ from run to run.
    pub timings: Vec<String>,
    /// Name of the optimum that was reached.
    pub basin: Option<String>,
    /// Fallbacks and warnings.
    pub remarks: Vec<String>,
    /// Figures of the result.
    pub figures: Vec<Figure>,
    /// Output files: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// The first impossible report of the solver, if any.
    pub fault: Option<String>,
    /// Whether the solver was told to stop.
    pub stopped: bool,
    /// Whether the solver called `observe` again after it was told to stop.
    pub observed_after_break: bool,
    /// The hyperparameters that the start and the solver read.
    pub knobs_read: BTreeSet<String>,
}

impl Run {
    /// Starts a trial and its clock.
    pub fn new(stream: Stream, goal: Goal, knobs: KnobReader) -> Self {
        Self {
            clock: Clock::start(),
            stream,
            goal,
            knobs,
            trace: Trace::new(goal.trace_points, goal.budget, goal.direction),
            crossing: None,
            metrics: Metrics::default(),
            timings: Vec::new(),
            basin: None,
            remarks: Vec::new(),
            figures: Vec::new(),
            files: Vec::new(),
            fault: None,
            stopped: false,
            observed_after_break: false,
        }
    }

    /// Reports the work spent so far and the current value. The clock is paused while the closure computes the value.
    /// `Break` means that the solver must stop: the budget is spent, or the report was invalid (work that decreases, a
    /// value that is not finite). An invalid report fails the trial.
    ///
    /// A run goes on past the target, so that its final value can be compared, unless the problem sets
    /// `stop_at_target`.
    pub fn observe(&mut self, work: f64, value: impl FnOnce() -> f64) -> ControlFlow<()> {
        if self.stopped {
            self.observed_after_break = true;
            return ControlFlow::Break(());
        }
        let seconds = self.clock.pause();
        let value = value();
        let answer = self.take(Point { work, seconds, value });
        self.clock.resume();
        self.stopped = answer.is_break();
        answer
    }

    fn take(&mut self, point: Point) -> ControlFlow<()> {
        if let Some(fault) = self.trace.fault(point) {
            self.fault = Some(fault);
            return ControlFlow::Break(());
        }
        if point.work > self.goal.budget {
            return ControlFlow::Break(());
        }
        self.trace.push(point);
        if self.crossing.is_none() && self.goal.target.is_some_and(|target| self.passes(point.value, target)) {
            self.crossing = Some(point);
            self.trace.keep_last();
            if self.goal.stop_at_target {
                return ControlFlow::Break(());
            }
        }
        if point.work >= self.goal.budget { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn passes(&self, value: f64, target: f64) -> bool {
        self.goal.direction.cost(value) <= self.goal.direction.cost(target)
    }

    /// Returns the work that this trial may spend (tau). A solver with phases may plan with it; `observe` enforces it.
    pub fn budget(&self) -> f64 {
        self.goal.budget
    }

    /// Returns the value of a hyperparameter in this trial, declared in [`Domain::KNOBS`](crate::Domain::KNOBS): the
    /// value tuned for this start on this problem, or the default.
    pub fn knob(&mut self, knob: &Knob) -> f64 {
        self.knobs.read(knob)
    }

    /// Returns the solver's random stream, which is the same for every start of a replicate.
    pub fn stream(&mut self) -> &mut Stream {
        &mut self.stream
    }

    /// Records a metric declared in [`Domain::METRICS`](crate::Domain::METRICS). The last value counts. A value that is
    /// not finite fails the trial: leave a metric out where it is undefined.
    pub fn metric(&mut self, name: &str, value: f64) {
        if !value.is_finite() {
            self.fault.get_or_insert_with(|| format!("metric {name} is {value}: leave it out where it is undefined"));
        }
        self.metrics.insert(name, value);
    }

    /// Records seconds under a name declared in [`Domain::METRICS`](crate::Domain::METRICS). Such a metric may differ
    /// between runs with the same seed, so the digest of the row leaves it out.
    pub fn timing(&mut self, name: &str, seconds: f64) {
        self.metric(name, seconds);
        if !self.timings.iter().any(|known| known == name) {
            self.timings.push(name.to_owned());
        }
    }

    /// Records a remark that a reader of the result must know, such as a warning or a fallback. Reports count how often
    /// each start caused the same text, so put numbers in metrics.
    pub fn remark(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.remarks.contains(&text) {
            self.remarks.push(text);
        }
    }

    /// Keeps a figure of the result, for the first replicate of each start.
    pub fn figure(&mut self, figure: Figure) {
        match figure.fault() {
            Some(fault) => {
                self.fault.get_or_insert(fault);
            }
            None if self.goal.keeps_files => self.figures.push(figure.thinned()),
            None => {}
        }
    }

    /// Names the optimum (basin of attraction) that was reached, if the solver can tell them apart. Reports then state
    /// how often each start reached each optimum. The last name counts.
    pub fn basin(&mut self, name: &str) {
        self.basin = Some(name.to_owned());
    }

    /// Returns whether files and figures of this trial are kept; if not, they need not be made.
    pub fn keeps_files(&self) -> bool {
        self.goal.keeps_files
    }

    /// Keeps an output file (a layout, a motif, fitted coefficients). It is written for the first replicate of each
    /// start, with the start's name before the extension.
    pub fn file(&mut self, name: &str, bytes: Vec<u8>) {
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            self.fault.get_or_insert_with(|| format!("file `{name}`: must be a plain file name, such as layout.csv"));
            return;
        }
        self.files.push((name.to_owned(), bytes));
    }

    /// Returns the seconds spent so far, without those spent off the clock.
    pub fn seconds(&mut self) -> f64 {
        let seconds = self.clock.pause();
        self.clock.resume();
        seconds
    }

    /// Runs a computation with the clock paused, for diagnostics that are not part of the solver.
    pub fn off_the_clock<T>(&mut self, compute: impl FnOnce() -> T) -> T {
        self.clock.pause();
        let result = compute();
        self.clock.resume();
        result
    }

    /// Ends the trial and returns its record.
    pub fn finish(self) -> Finished {
        Finished {
            last: self.trace.last(),
            trace: self.trace.into_points(),
            crossing: self.crossing,
            metrics: self.metrics,
            timings: self.timings,
            basin: self.basin,
            remarks: self.remarks,
            figures: self.figures,
            files: self.files,
            fault: self.fault.or_else(|| self.knobs.fault()),
            stopped: self.stopped,
            observed_after_break: self.observed_after_break,
            knobs_read: self.knobs.names_read().clone(),
        }
    }
}

/// A stopwatch that can be paused.
pub(crate) struct Clock {
    elapsed: Duration,
    since: Instant,
}

impl Clock {
    /// A running stopwatch at zero.
    pub(crate) fn start() -> Self {
        Self { elapsed: Duration::ZERO, since: Instant::now() }
    }

    /// Pauses it and returns the seconds so far.
    pub(crate) fn pause(&mut self) -> f64 {
        self.elapsed += self.since.elapsed();
        self.elapsed.as_secs_f64()
    }

    /// Continues after a pause.
    pub(crate) fn resume(&mut self) {
        self.since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seeds;

    fn run(budget: f64, target: Option<f64>) -> Run {
        let goal = Goal {
            budget,
            target,
            direction: Direction::Minimise,
            stop_at_target: false,
            trace_points: 200,
            keeps_files: false,
        };
        Run::new(Seeds::new(0, "d", "p", 0).solver(), goal, KnobReader::default())
    }

    #[test]
    fn the_budget_breaks_and_the_target_does_not() {
        let mut run = run(3.0, Some(5.0));
        assert!(run.observe(1.0, || 9.0).is_continue());
        assert!(run.observe(2.0, || 4.0).is_continue());
        assert!(run.observe(3.0, || 3.0).is_break());
        let finished = run.finish();
        assert_eq!(finished.crossing.map(|point| point.work), Some(2.0));
        assert_eq!(finished.last.map(|point| point.value), Some(3.0));
    }

    #[test]
    fn what_lies_past_the_budget_does_not_count() {
        let mut run = run(3.0, Some(5.0));
        assert!(run.observe(1.0, || 9.0).is_continue());
        assert!(run.observe(4.0, || 1.0).is_break());
        let finished = run.finish();
        assert!(finished.crossing.is_none());
        assert_eq!(finished.last.map(|point| point.value), Some(9.0));
    }

    #[test]
    fn faults_break_and_are_named() {
        let mut back = run(10.0, None);
        assert!(back.observe(2.0, || 1.0).is_continue());
        assert!(back.observe(1.0, || 1.0).is_break());
        assert_eq!(back.finish().fault.as_deref(), Some("work went back from 2 to 1"));
        let mut nan = run(10.0, None);
        assert!(nan.observe(1.0, || f64::NAN).is_break());
        assert_eq!(nan.finish().fault.as_deref(), Some("the value is NaN after 1 units of work: it must be finite"));
        let mut metric = run(10.0, None);
        metric.metric("gap", f64::INFINITY);
        assert!(metric.finish().fault.is_some_and(|text| text.starts_with("metric gap is inf")));
    }

    #[test]
    fn observing_after_break_is_noticed() {
        let mut run = run(1.0, None);
        assert!(run.observe(1.0, || 1.0).is_break());
        assert!(run.observe(2.0, || 1.0).is_break());
        assert!(run.finish().observed_after_break);
    }

    #[test]
    fn the_clock_stands_still_while_a_value_is_computed() {
        let began = Instant::now();
        let mut run = run(10.0, None);
        let pause = Duration::from_millis(20);
        let _ = run.observe(1.0, || {
            std::thread::sleep(pause);
            1.0
        });
        run.off_the_clock(|| std::thread::sleep(pause));
        let _ = run.observe(2.0, || 0.5);
        // Both pauses must be missing from the solver's time, however slow the machine is.
        let all = began.elapsed().as_secs_f64();
        assert!(run.finish().last.is_some_and(|point| point.seconds <= all - 2.0 * pause.as_secs_f64()));
    }
}
