//! One trial: a training under a mask.

use headstart_domain::{Knob, Over, Result, Run};
use headstart_simd::Portable;

use super::instance::{Experiment, Instance};
use super::measures;
use super::problems::{LINEAR_EVERY, LOOKS, TUNED};
use super::starts::InitialNetwork;

/// Learning rate of the training, tuned for each start on the same settings. Masks are found at the problem's own rate.
pub(super) const RATE: Knob =
    Knob::new("rate", "learning rate, in units of the problem's", &[0.3, 1.0, 3.0], 1.0).over(Over::These(TUNED));

/// Errors that are not finite, or far above that of a network without weights, count as this.
const WORST: f64 = 1e3;

pub(super) fn training(instance: &Instance, begin: &InitialNetwork, run: &mut Run) -> Result<()> {
    instance.notes.iter().for_each(|note| run.remark(note));
    let mut model = instance.target.model()?;
    let (factor, every) = match instance.target {
        Experiment::Linear(_) => (1.0, LINEAR_EVERY),
        Experiment::Classes(_) => (run.knob(&RATE), model.steps().div_ceil(LOOKS)),
    };
    measures::record(instance, begin, model.layers(), run)?;
    if model.steps() as f64 > run.budget() {
        run.remark("the budget ends before the training's last step; pass a --budget of at least --steps");
    }
    model.begin(&begin.weights, begin.mask.as_ref(), 0)?;
    let mut looked = Ok(WORST);
    let mut look = |model: &mut dyn crate::Model, step: usize, run: &mut Run| -> Result<(f64, bool)> {
        let stopped = run
            .observe(step as f64, || {
                looked = model.value();
                looked.as_ref().map_or(WORST, |value| if *value < WORST { *value } else { WORST })
            })
            .is_break();
        let value = std::mem::replace(&mut looked, Ok(WORST))?;
        Ok((if value < WORST { value } else { WORST }, stopped))
    };
    let (mut value, mut stopped) = look(&mut *model, 0, run)?;
    let mut step = 0;
    while !stopped && step < model.steps() {
        for _ in 0..every.min(model.steps() - step) {
            model.step(factor, run.stream())?;
            step += 1;
        }
        (value, stopped) = look(&mut *model, step, run)?;
    }
    let seconds = run.seconds();
    if seconds > 0.0 && step > 0 {
        run.timing("steps_per_second", step as f64 / seconds);
    }
    match instance.target {
        Experiment::Linear(_) => run.metric("log10_error", value.max(1e-12).portable_log10()),
        Experiment::Classes(_) => run.metric("accuracy", 1.0 - value),
    }
    if let Some(mask) = &begin.mask {
        let ends = model.ends();
        let kept = mask.over(model.layers(), model.parameters())?;
        if ends.iter().zip(kept).any(|(weight, kept)| !kept && *weight != 0.0) {
            return Err("a cut weight is not zero after training".into());
        }
    }
    Ok(())
}
