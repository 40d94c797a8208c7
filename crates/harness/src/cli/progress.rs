//! How far a run is: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::remark;

/// How often a line is printed where there is no bar.
const PAUSE: Duration = Duration::from_secs(15);

pub(super) struct Progress {
    bar: ProgressBar,
    lines: bool,
    printed: Instant,
    total: u64,
    done: u64,
    failed: u64,
}

impl Progress {
    pub(super) fn new(total: u64, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if quiet || !terminal { ProgressBar::hidden() } else { ProgressBar::new(total) };
        // The template is a constant: it either always parses or never.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} trials, {msg}{elapsed}, {eta} left") {
            bar.set_style(style);
        }
        Self { bar, lines: !quiet && !terminal, printed: Instant::now(), total, done: 0, failed: 0 }
    }

    pub(super) fn one(&mut self, sound: bool) {
        self.done += 1;
        self.failed += u64::from(!sound);
        self.bar.inc(1);
        if self.failed > 0 {
            self.bar.set_message(format!("{} failed, ", self.failed));
        }
        if self.lines && (self.printed.elapsed() > PAUSE || self.done == self.total) {
            self.printed = Instant::now();
            remark(&format!("{}/{} trials, {} failed", self.done, self.total, self.failed));
        }
    }

    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }
}
