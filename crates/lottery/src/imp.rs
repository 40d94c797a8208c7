//! Iterative magnitude pruning (Frankle & Carbin 2019): train, prune the smallest, rewind, again.

use headstart_check::check;
use rand::Rng;

use crate::prune::{self, Scope};
use crate::{Mask, Model, Result};

/// How a ticket is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Rounds of training and pruning.
    pub rounds: usize,
    /// The share of the remaining weights that a round takes, half of it in the output layer.
    pub rate: f64,
    /// Among which weights the smallest are sought.
    pub scope: Scope,
    /// The step of the first training to which weights are rewound (Frankle et al. 2020); 0 for the initial ones.
    pub rewind: usize,
}

impl Plan {
    /// By layer, a fifth a round, rewound to the initial weights.
    pub fn rounds(rounds: usize) -> Self {
        Self { rounds, rate: 0.2, scope: Scope::Layer, rewind: 0 }
    }
}

/// A training on the way.
#[derive(Clone, Debug)]
pub struct Level {
    /// The mask under which it went.
    pub mask: Mask,
    /// The value at its end.
    pub value: f64,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The mask after the last round.
    pub mask: Mask,
    /// The parameters to which training is rewound.
    pub weights: Vec<f32>,
    /// The trainings, the first one dense; the network under the last mask has not been trained.
    pub levels: Vec<Level>,
    /// Training steps that it took.
    pub steps: usize,
}

/// Seeks a ticket from these initial parameters.
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

/// Prunes once after one training: as many by layer as iterating would leave.
pub fn one_shot(model: &mut dyn Model, initial: &[f32], plan: &Plan, rng: &mut dyn Rng) -> Result<(Mask, usize)> {
    let keep = prune::counts(model.layers(), plan.rate, plan.rounds)?;
    crate::model::train(model, initial, None, rng)?;
    let mask = prune::largest(model.layers(), &sizes(&model.ends()), &keep)?;
    Ok((mask, model.steps()))
}

/// The mask without the smallest of the weights as they stand.
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
