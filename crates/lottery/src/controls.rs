//! Control masks, which keep some properties of another mask and destroy the rest.

use rand::{Rng, RngExt};

use crate::{Error, Mask, Prunable, Result};

/// Attempted swaps per kept weight.
const TRIES: usize = 50;

/// Returns a random mask that keeps `keep[l]` weights of layer l.
pub fn random(layers: &[Prunable], keep: &[usize], rng: &mut dyn Rng) -> Result<Mask> {
    let mut keep = keep.iter();
    let mut fault = None;
    let mask = Mask::of(layers, |layer| {
        let (count, want) = (layer.weights(), keep.next().copied().unwrap_or(0));
        if want > count {
            fault = Some(Error::Count { layer: layer.name.clone(), keep: want, have: count });
        }
        let mut kept = vec![false; count];
        // Floyd's algorithm: a uniformly random subset of a given size.
        for last in count - want.min(count)..count {
            let at = rng.random_range(0..=last);
            let at = if kept[at] { last } else { at };
            kept[at] = true;
        }
        kept
    });
    fault.map_or(Ok(mask), Err)
}

/// Shuffles a mask so that every unit keeps its numbers of incoming and outgoing weights. Pairs of kept weights a-b and
/// c-d become a-d and c-b if the layer has these weights and they are cut.
pub fn shuffled(mask: &Mask, layers: &[Prunable], rng: &mut dyn Rng) -> Mask {
    const NONE: u32 = u32::MAX;
    let mut mask = mask.clone();
    for (own, layer) in mask.layers.iter_mut().zip(layers) {
        let [inputs, outputs] = layer.units();
        let mut place = vec![NONE; inputs * outputs];
        for (at, &[i, j]) in layer.edges.iter().enumerate() {
            place[i as usize * outputs + j as usize] = at as u32;
        }
        let mut kept: Vec<usize> = (0..own.kept.len()).filter(|&at| own.kept[at]).collect();
        if kept.len() < 2 {
            continue;
        }
        for _ in 0..TRIES * kept.len() {
            let [p, q] = [(); 2].map(|()| rng.random_range(0..kept.len()));
            let ([a, b], [c, d]) = (layer.edges[kept[p]], layer.edges[kept[q]]);
            let crossed = [[a, d], [c, b]].map(|[i, j]| place[i as usize * outputs + j as usize]);
            if crossed.iter().all(|&at| at != NONE && !own.kept[at as usize]) {
                own.kept[kept[p]] = false;
                own.kept[kept[q]] = false;
                [kept[p], kept[q]] = crossed.map(|at| at as usize);
                own.kept[kept[p]] = true;
                own.kept[kept[q]] = true;
            }
        }
    }
    mask
}

/// Reverses the order of the layers' masks among layers of equal shape.
pub fn reversed(mask: &Mask) -> Mask {
    let mut turned = mask.clone();
    for (place, own) in turned.layers.iter_mut().enumerate() {
        let alike: Vec<usize> =
            (0..mask.layers.len()).filter(|&at| mask.layers[at].shape == mask.layers[place].shape).collect();
        let within = alike.iter().position(|&at| at == place).unwrap_or(0);
        own.kept.clone_from(&mask.layers[alike[alike.len() - 1 - within]].kept);
    }
    turned
}

/// Permutes the channels of every position, independently on the two sides of every layer. Which positions are
/// connected, and by how many weights, stays; the match of channels between layers is lost.
pub fn relabelled(mask: &Mask, layers: &[Prunable], rng: &mut dyn Rng) -> Mask {
    let mut mask = mask.clone();
    for (own, layer) in mask.layers.iter_mut().zip(layers) {
        let names = layer.units().map(|units| names(units, layer.channels, rng));
        rename(own, layer, &names);
    }
    mask
}

/// Returns the signs of the weights with one magnitude per layer, the root mean square (Zhou et al. 2019).
pub fn constant_sizes(weights: &[f32], layers: &[Prunable]) -> Vec<f32> {
    let mut constant = weights.to_vec();
    for layer in layers {
        let own = &mut constant[layer.range.clone()];
        let square = own.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>() / own.len().max(1) as f64;
        for w in own {
            *w = w.signum() * square.sqrt() as f32;
        }
    }
    constant
}

/// Returns the magnitudes of `sizes` with the signs of `signs`.
pub fn with_signs(sizes: &[f32], signs: &[f32]) -> Vec<f32> {
    sizes.iter().zip(signs).map(|(size, sign)| size.abs().copysign(*sign)).collect()
}

/// Permutes the channels of every position between two layers in the same way for both layers. A chain then computes
/// the same function up to the permutation, but signals on shortcuts meet other channels than before.
pub fn renamed(mask: &Mask, layers: &[Prunable], rng: &mut dyn Rng) -> Mask {
    let between: Vec<Vec<u32>> =
        layers.iter().skip(1).map(|layer| names(layer.units()[0], layer.channels, rng)).collect();
    let mut mask = mask.clone();
    for (place, (own, layer)) in mask.layers.iter_mut().zip(layers).enumerate() {
        let [inputs, outputs] = layer.units().map(|units| (0..units as u32).collect::<Vec<_>>());
        let inputs = if place == 0 { inputs } else { between[place - 1].clone() };
        let outputs = between.get(place).cloned().unwrap_or(outputs);
        rename(own, layer, &[inputs, outputs]);
    }
    mask
}

/// Permutes the units within their positions.
fn names(units: usize, channels: u32, rng: &mut dyn Rng) -> Vec<u32> {
    let mut names: Vec<u32> = (0..units as u32).collect();
    for place in names.chunks_mut(channels as usize) {
        for last in (1..place.len()).rev() {
            place.swap(last, rng.random_range(0..=last));
        }
    }
    names
}

/// Moves every kept weight to the new indices of its units.
fn rename(own: &mut crate::LayerMask, layer: &Prunable, names: &[Vec<u32>; 2]) {
    let outputs = names[1].len();
    let mut kept = vec![false; names[0].len() * outputs];
    for (&[i, j], _) in layer.edges.iter().zip(&own.kept).filter(|(_, kept)| **kept) {
        kept[names[0][i as usize] as usize * outputs + names[1][j as usize] as usize] = true;
    }
    for (&[i, j], own) in layer.edges.iter().zip(&mut own.kept) {
        *own = kept[i as usize * outputs + j as usize];
    }
}
