//! A trial: climbs from one matrix after the other, and keeps the best result.

use headstart_domain::{Result, Run};

use super::{Dataset, Seeds};
use crate::start::random_pwm;
use crate::{Fit, Pwm};

/// The best result so far, and all results.
pub(super) struct Search<'a> {
    data: &'a Dataset,
    pub(super) best: Option<Found>,
    pub(super) climbs: Vec<Fit>,
    /// Passes of the climbs that have ended.
    passes: u64,
    stopped: bool,
}

/// The result of the best climb.
#[derive(Clone)]
pub(super) struct Found {
    /// Index of the width in the ladder.
    pub(super) rung: usize,
    pub(super) fit: Fit,
    /// Log-likelihood ratio minus the penalty of the width.
    pub(super) score: f64,
}

impl<'a> Search<'a> {
    pub(super) fn new(data: &'a Dataset) -> Self {
        Self { data, best: None, climbs: Vec::new(), passes: 0, stopped: false }
    }

    /// Climbs from all matrices of a start, alternating between the widths, so that a budget does not cut off only the
    /// wide ones.
    pub(super) fn all(&mut self, seeds: &Seeds, run: &mut Run) -> Result<()> {
        let most = seeds.ladder.iter().map(Vec::len).max().unwrap_or(0);
        for turn in 0..most {
            for (rung, seed) in seeds.ladder.iter().enumerate().filter_map(|(i, seeds)| Some((i, seeds.get(turn)?))) {
                if self.stopped {
                    return Ok(());
                }
                self.climb(rung, seed, run)?;
            }
        }
        Ok(())
    }

    /// Restarts from random matrices until the run is stopped.
    pub(super) fn restart(&mut self, run: &mut Run) -> Result<()> {
        while !self.stopped {
            for (rung, windows) in self.data.ladder.iter().enumerate() {
                let start = random_pwm(windows, run.stream())?;
                self.climb(rung, &start.seeds[0], run)?;
            }
        }
        Ok(())
    }

    fn climb(&mut self, rung: usize, seed: &Pwm, run: &mut Run) -> Result<()> {
        let windows = &self.data.ladder[rung];
        let penalty = self.data.penalty(windows);
        let before = self.best.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
        let fit = self.data.em.fit(windows, std::slice::from_ref(seed), &mut |progress| {
            let answer =
                run.observe((self.passes + progress.iterations) as f64, || before.max(progress.best - penalty));
            self.stopped = answer.is_break();
            answer
        })?;
        self.passes += fit.iterations;
        let score = fit.llr - penalty;
        if score > before {
            self.best = Some(Found { rung, fit: fit.clone(), score });
        }
        self.climbs.push(fit);
        Ok(())
    }
}
