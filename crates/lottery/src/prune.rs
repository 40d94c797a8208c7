//! Pruning by score with exact counts.

use headstart_check::check;
use serde::Serialize;

use crate::error::Result;
use crate::{Error, Mask, Prunable};

/// The set of weights among which the smallest are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Scope {
    /// Each layer separately.
    Layer,
    /// All layers together.
    Global,
}

/// Returns how many of `remaining` weights a round prunes: `round(rate * remaining)`, with half the rate in the output
/// layer.
pub fn taken(layer: &Prunable, rate: f64, remaining: usize) -> usize {
    let rate = if layer.output { rate / 2.0 } else { rate };
    ((rate * remaining as f64).round() as usize).min(remaining)
}

/// Returns how many weights each layer keeps after `rounds` rounds.
pub fn counts(layers: &[Prunable], rate: f64, rounds: usize) -> Result<Vec<usize>> {
    check_rate(rate)?;
    let one = |layer: &Prunable| (0..rounds).fold(layer.weights(), |left, _| left - taken(layer, rate, left));
    Ok(layers.iter().map(one).collect())
}

pub(crate) fn check_rate(rate: f64) -> Result<()> {
    Ok(check(rate > 0.0 && rate < 1.0, "the pruning rate", rate, "above 0 and below 1")?)
}

/// Keeps in each layer the `keep[l]` weights with the largest scores. `scores` has one entry per parameter. In ties,
/// later weights are kept.
pub fn largest(layers: &[Prunable], scores: &[f32], keep: &[usize]) -> Result<Mask> {
    from(&Mask::full(layers), layers, scores, keep)
}

/// Like [`largest`], among the weights that `mask` keeps.
pub(crate) fn from(mask: &Mask, layers: &[Prunable], scores: &[f32], keep: &[usize]) -> Result<Mask> {
    let mut mask = mask.clone();
    for ((own, layer), &keep) in mask.layers.iter_mut().zip(layers).zip(keep) {
        let scores = &scores[layer.range.clone()];
        let mut order: Vec<usize> = (0..own.kept.len()).filter(|&at| own.kept[at]).collect();
        let Some(cut) = order.len().checked_sub(keep) else {
            return Err(Error::Count { layer: layer.name.clone(), keep, have: order.len() });
        };
        // A stable sort breaks ties by index.
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        for &at in &order[..cut] {
            own.kept[at] = false;
        }
    }
    Ok(mask)
}

/// Keeps the `keep` weights with the largest scores over all layers, among those that `mask` keeps.
pub(crate) fn globally(mask: &Mask, layers: &[Prunable], scores: &[f32], keep: usize) -> Result<Mask> {
    let mut mask = mask.clone();
    let mut order = Vec::new();
    for (place, (own, layer)) in mask.layers.iter().zip(layers).enumerate() {
        let kept = (0..own.kept.len()).filter(|&at| own.kept[at]);
        order.extend(kept.map(|at| (scores[layer.range.start + at], place, at)));
    }
    let Some(cut) = order.len().checked_sub(keep) else {
        return Err(Error::Count { layer: "all".to_owned(), keep, have: order.len() });
    };
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    for &(_, place, at) in &order[..cut] {
        mask.layers[place].kept[at] = false;
    }
    Ok(mask)
}
