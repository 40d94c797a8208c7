//! Masks computed at initialisation, before any training.

use headstart_check::check;
use headstart_simd::Portable;
use rand::Rng;

use crate::{Mask, Model, Result, prune};

/// Rounds of [`synflow`], as in Tanaka et al.
const FLOW_ROUNDS: usize = 100;

/// Keeps the largest initial weights of each layer.
pub fn magnitude(model: &dyn Model, initial: &[f32], keep: &[usize]) -> Result<Mask> {
    let sizes: Vec<f32> = initial.iter().map(|w| w.abs()).collect();
    prune::largest(model.layers(), &sizes, keep)
}

/// SNIP: keeps the weights with the largest |w dL/dw| over all layers (Lee, Ajanthan & Torr 2019). Also returns the
/// cost in training steps.
pub fn snip(model: &mut dyn Model, initial: &[f32], keep: usize, rng: &mut dyn Rng) -> Result<(Mask, f64)> {
    let (gradient, cost) = model.gradient(initial, rng)?;
    let scores = scores(initial, &gradient);
    Ok((prune::globally(&Mask::full(model.layers()), model.layers(), &scores, keep)?, cost))
}

/// SynFlow: keeps the weights that would carry the largest flow over all layers if all weights were positive (Tanaka et
/// al. 2020), in a hundred rounds of exponential pruning without data. Also returns the cost in training steps.
pub fn synflow(model: &mut dyn Model, initial: &[f32], keep: usize) -> Result<(Mask, f64)> {
    let mut mask = Mask::full(model.layers());
    let all = mask.weights();
    check(
        keep > 0 && keep <= all,
        "the number of kept weights",
        keep as f64,
        "at least 1 and at most the number of weights",
    )?;
    let density = keep as f64 / all as f64;
    let mut total = 0.0;
    for round in 1..=FLOW_ROUNDS {
        let kept = mask.over(model.layers(), model.parameters())?;
        let weights: Vec<f32> = initial.iter().zip(kept).map(|(&w, kept)| if kept { w } else { 0.0 }).collect();
        let (gradient, cost) = model.flow(&weights)?;
        total += cost;
        let left = (density.portable_powf(round as f64 / FLOW_ROUNDS as f64) * all as f64).round() as usize;
        let left = if round == FLOW_ROUNDS { keep } else { left.max(keep) };
        mask = prune::globally(&mask, model.layers(), &scores(&weights, &gradient), left)?;
    }
    Ok((mask, total))
}

fn scores(weights: &[f32], gradient: &[f32]) -> Vec<f32> {
    weights.iter().zip(gradient).map(|(w, g)| (w * g).abs()).collect()
}
