//! One trial: a training or a grid of trainings.

use headstart_domain::{Knob, Over, Result, Run};
use headstart_nn::Method;

use super::measures;
use super::problems::Instance;
use super::schedule::{EVERY, RATES, STEPS};
use super::starts::TrainingStart;
use crate::{Training, WORST};

/// Learning rate, tuned for each start on the same settings.
pub(super) const RATE: Knob = Knob::new(
    "rate",
    "learning rate, in units of the problem's middle rate",
    &[0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0],
    1.0,
)
.over(Over::These(&[
    "deep-relu-sgd",
    "deep-relu-adam",
    "deep-relu-12-sgd",
    "deep-relu-12-adam",
    "prelu-sgd",
    "deep-tanh-sgd",
    "deep-gelu-adam",
    "dropout-sgd",
    "recall-sgd",
    "recall-adam",
    "branches-sgd",
    "branches-adam",
    "low-variance-sgd",
    "low-variance-adam",
    "whitened-sgd",
    "whitened-adam",
    "top-component-sgd",
    "top-component-adam",
    "flow-moons",
    "flow-ring",
    "dead-relu",
]));

/// Runs one training.
pub(super) fn training(instance: &Instance, begin: &TrainingStart, run: &mut Run) -> Result<()> {
    instance.notes.iter().for_each(|note| run.remark(note));
    let task = &instance.task;
    let rate = task.rate * run.knob(&RATE);
    let mut training = Training::new(task, &begin.parameters, begin.method.unwrap_or(task.method), begin.exact)?;
    let mut signals_stream = run.stream().clone();
    let signals = run.off_the_clock(|| training.signals(&mut signals_stream))?;
    measures::record(&signals, run);
    let mut value = training.value()?;
    let mut stopped = run.observe(0.0, || value).is_break();
    let mut steps = 0;
    let mut history = measures::History::new();
    history.push(steps, &signals);
    while !stopped {
        for _ in 0..EVERY {
            training.step(rate * begin.rate, run.stream())?;
            steps += 1;
            if steps == 1 {
                note(run, "first_update", training.relative_change(&begin.parameters));
            }
        }
        let mut looked = Ok(WORST);
        stopped = run
            .observe(f64::from(steps), || {
                looked = training.value();
                *looked.as_ref().unwrap_or(&WORST)
            })
            .is_break();
        value = looked?;
        if run.keeps_files() && measures::History::is_due(&signals, steps, run.budget()) {
            let now = run.off_the_clock(|| training.signals(&mut signals_stream))?;
            history.push(steps, &now);
        }
        // Parameters that are not finite never recover.
        if value >= WORST && !training.network().parameters().iter().all(|w| w.is_finite()) {
            break;
        }
    }
    if let Some(figure) = run.keeps_files().then(|| history.figure(&signals)).flatten() {
        run.figure(figure);
    }
    if !signals.dead.is_empty() && value < WORST {
        let after = run.off_the_clock(|| training.signals(&mut signals_stream))?;
        if let Some(dead) = after.dead.iter().copied().reduce(f64::max) {
            run.metric("dead_end", dead);
        }
    }
    Ok(())
}

/// Trains at all rates by Adam and by gradient descent, and records the best rate of each.
pub(super) fn rate_grid(instance: &Instance, begin: &TrainingStart, run: &mut Run) -> Result<()> {
    let task = &instance.task;
    let count = begin.parameters.len() as f64;
    let square = begin.parameters.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>() / count;
    note(run, "sigma", square.sqrt());
    let mut best_of_all = WORST;
    let mut steps = 0;
    for (method, name) in [(Method::ADAM, "best_rate"), (Method::SGD, "best_rate_sgd")] {
        let mut best = (WORST, RATES[0]);
        for rate in RATES {
            let mut training = Training::new(task, &begin.parameters, method, None)?;
            // Uses the same samples at every rate.
            let mut stream = run.stream().clone();
            for _ in 0..STEPS {
                training.step(rate, &mut stream)?;
            }
            steps += STEPS;
            let value = training.value()?;
            if value < best.0 {
                best = (value, rate);
            }
            best_of_all = f64::min(best_of_all, value);
            if run.observe(steps as f64, || best_of_all).is_break() && steps < (2 * RATES.len() * STEPS) {
                return Ok(());
            }
        }
        run.metric(name, best.1);
        if method == Method::SGD {
            run.metric("best_sgd", best.0);
        }
    }
    Ok(())
}

fn note(run: &mut Run, name: &str, value: f64) {
    if value.is_finite() {
        run.metric(name, value);
    }
}
