//! Progress of a run: a bar on a terminal, a line every 15 seconds elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::remark;
use crate::calibration::{Forecast, about};

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(15);

/// The first line comes sooner, so that the time left is known early.
const FIRST: Duration = Duration::from_secs(3);

pub(super) struct Progress {
    bar: ProgressBar,
    lines: bool,
    begun: Instant,
    next: Duration,
    total: u64,
    done: u64,
    failed: u64,
    forecast: Forecast,
}

impl Progress {
    pub(super) fn new(total: u64, quiet: bool, forecast: Forecast) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if quiet || !terminal { ProgressBar::hidden() } else { ProgressBar::new(total) };
        // The template is a constant: it either always parses or never.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} trials, {msg}{elapsed} so far") {
            bar.set_style(style);
        }
        let lines = !quiet && !terminal;
        let progress = Self { bar, lines, begun: Instant::now(), next: FIRST, total, done: 0, failed: 0, forecast };
        progress.bar.set_message(progress.text());
        progress
    }

    pub(super) fn one(&mut self, domain: &str, sound: bool) {
        self.done += 1;
        self.failed += u64::from(!sound);
        self.forecast.one(domain);
        self.bar.set_message(self.text());
        self.bar.inc(1);
        if self.lines && (self.begun.elapsed() > self.next || self.done == self.total) {
            self.next = self.begun.elapsed() + PAUSE;
            let left = self.left().map_or_else(String::new, |left| format!(", {left}"));
            remark(&format!("{}/{} trials, {} failed{left}", self.done, self.total, self.failed));
        }
    }

    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }

    /// Returns the text before the elapsed time.
    fn text(&self) -> String {
        let failed = (self.failed > 0).then(|| format!("{} failed", self.failed));
        failed.into_iter().chain(self.left()).flat_map(|part| [part, ", ".to_owned()]).collect()
    }

    fn left(&self) -> Option<String> {
        let seconds = self.forecast.seconds_left(self.begun.elapsed().as_secs_f64());
        seconds.filter(|_| self.done < self.total).map(|seconds| format!("about {} left", about(seconds)))
    }
}
