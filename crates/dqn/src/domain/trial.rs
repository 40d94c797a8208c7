//! One trial: a training with metrics and figures.

use headstart_domain::{Knob, Result, Run};

use super::measures::{Watch, note};
use super::problems::Instance;
use super::starts::InitialAgent;
use crate::{Epsilon, Settings, Training, rho};

/// Learning rate of Adam, tuned for each start on the same settings.
pub(super) const RATE: Knob = Knob::new("rate", "learning rate of Adam", &[3e-4, 1e-3, 3e-3, 1e-2], 1e-3);

/// The value is the share of this many last episodes.
const WINDOW: usize = 50;

/// Prizes and returns of all episodes so far.
#[derive(Default)]
struct Window {
    prizes: Vec<bool>,
    sums: Vec<f64>,
}

impl Window {
    fn push(&mut self, prize: bool, sum: f64) {
        self.prizes.push(prize);
        self.sums.push(sum);
    }

    /// Share of the last [`WINDOW`] episodes with the prize; missing episodes count as without it.
    fn share(&self) -> f64 {
        let last = &self.prizes[self.prizes.len().saturating_sub(WINDOW)..];
        last.iter().filter(|prize| **prize).count() as f64 / WINDOW as f64
    }

    /// Mean return of the last [`WINDOW`] episodes.
    fn last_return(&self) -> f64 {
        let last = &self.sums[self.sums.len().saturating_sub(WINDOW)..];
        last.iter().sum::<f64>() / last.len() as f64
    }
}

/// Runs one training.
pub(super) fn training(instance: &Instance, begin: &InitialAgent, run: &mut Run) -> Result<()> {
    let (rate, epsilon) = (run.knob(&RATE), Epsilon::constant(begin.epsilon));
    let settings = Settings { gamma: instance.gamma, rate, epsilon, ..Settings::BSUITE };
    let start = &begin.start;
    let held = start.clone().holding_output_bias();
    for (name, start) in [("rho", start), ("rho_features", &held)] {
        let rho = run.off_the_clock(|| rho(start, &instance.states))?;
        note(run, name, rho);
    }
    let biases = &start.parameters[start.output_biases()];
    let bias = biases.iter().map(|b| f64::from(*b)).sum::<f64>() / biases.len() as f64;
    note(run, "bias", bias / instance.v_max);
    let mut training = Training::new(instance.world.clone(), start, settings, run.stream())?;
    let (mut window, mut watch, keeps) = (Window::default(), Watch::default(), run.keeps_files());
    run.off_the_clock(|| watch.look(training.agent_mut(), instance, 0, 0.0, keeps))?;
    let mut stopped = run.observe(0.0, || 1.0).is_break();
    while !stopped {
        let ended = training.step()?;
        let work = training.steps() as f64;
        if let Some(episode) = ended {
            window.push(episode.prize, episode.sum);
            let (number, share) = (window.sums.len() as u64, window.share());
            run.off_the_clock(|| watch.look(training.agent_mut(), instance, number, share, keeps))?;
        }
        // The budget may end in the middle of an episode.
        if ended.is_some() || work >= run.budget() {
            stopped = run.observe(work, || 1.0 - window.share()).is_break();
        }
    }
    let first = window.prizes.iter().position(|prize| *prize);
    let episodes = window.sums.len();
    note(run, "hit", if first.is_some() { 1.0 } else { 0.0 });
    note(run, "first_hit", first.unwrap_or(episodes) as f64 + 1.0);
    note(run, "sustained", if window.share() >= 0.5 * instance.prize_rate { 1.0 } else { 0.0 });
    note(run, "regret", instance.optimum - window.sums.iter().sum::<f64>() / episodes as f64);
    note(run, "last_return", window.last_return());
    watch.record(training.agent(), instance, run);
    Ok(())
}
