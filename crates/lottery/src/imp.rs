//! Iterative magnitude pruning (Frankle & Carbin 2019): train, prune the smallest weights, rewind, repeat.

use headstart_check::check;
use rand::Rng;

use crate::prune::{self, Scope};
use crate::{Mask, Model, Result};

/// Settings of iterative magnitude pruning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Rounds of training and pruning.
    pub rounds: usize,
    /// Share of the remaining weights pruned per round; half of it in the output layer.
    pub rate: f64,
    /// The set of weights among which the smallest are chosen.
    pub scope: Scope,
    /// Step of the first training to which weights are rewound (Frankle et al. 2020); 0 means the initial weights.
    pub rewind: usize,
}

impl Plan {
    /// Prunes a fifth of each layer per round and rewinds to the initial weights.
    pub fn rounds(rounds: usize) -> Self {
        Self { rounds, rate: 0.2, scope: Scope::Layer, rewind: 0 }
    }
}

/// One training during pruning.
#[derive(Clone, Debug)]
pub struct Level {
    /// Mask during this training.
    pub mask: Mask,
    /// Value at the end of this training.
    pub value: f64,
}

/// The result of pruning.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Mask after the last round.
    pub mask: Mask,
    /// Parameters to which training is rewound.
    pub weights: Vec<f32>,
    /// The trainings, of which the first is dense. The network with the final mask has not been trained.
    pub levels: Vec<Level>,
    /// Total training steps.
    pub steps: usize,
}

/// Finds a ticket from the initial parameters `initial`.
pub fn imp(model: &mut dyn Model, initial: &[f32], plan: &Plan, rng: &mut dyn Rng) -> Result<Ticket> {
    prune::check_rate(plan.rate)?;
    let steps = model.steps();
    let rewind = plan.rewind as f64;
    check(plan.rewind < steps, "the step to rewind to", rewind, "below the steps of a training")?;
    let mut mask = Mask::full(model.layers());
    let mut weights = initial.to_vec();
    let mut levels = Vec::new();
    let mut taken = 0;
    for round in 0..plan.rounds {
        let from = if round == 0 { 0 } else { plan.rewind };
        model.begin(&weights, Some(&mask), from)?;
        for step in from..steps {
            if round == 0 && step == plan.rewind && step > 0 {
                weights = model.ends();
            }
            model.step(1.0, rng)?;
        }
        taken += steps - from;
        levels.push(Level { mask: mask.clone(), value: model.value()? });
        mask = pruned(model, &mask, plan, round + 1)?;
    }
    Ok(Ticket { mask, weights, levels, steps: taken })
}

/// Prunes once after one training, to the counts per layer that iterative pruning would leave. Returns the mask and the
/// training steps.
pub fn one_shot(model: &mut dyn Model, initial: &[f32], plan: &Plan, rng: &mut dyn Rng) -> Result<(Mask, usize)> {
    let keep = prune::counts(model.layers(), plan.rate, plan.rounds)?;
    crate::model::train(model, initial, None, rng)?;
    let mask = prune::largest(model.layers(), &sizes(&model.ends()), &keep)?;
    Ok((mask, model.steps()))
}

/// Removes the smallest current weights from the mask.
fn pruned(model: &dyn Model, mask: &Mask, plan: &Plan, rounds: usize) -> Result<Mask> {
    let (layers, sizes) = (model.layers(), sizes(&model.ends()));
    let keep = prune::counts(layers, plan.rate, rounds)?;
    match plan.scope {
        Scope::Layer => prune::from(mask, layers, &sizes, &keep),
        Scope::Global => prune::globally(mask, layers, &sizes, keep.iter().sum()),
    }
}

fn sizes(weights: &[f32]) -> Vec<f32> {
    weights.iter().map(|w| w.abs()).collect()
}
