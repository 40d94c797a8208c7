//! Which states of a bond are kept.

use headstart_simd::Portable;
use serde::{Deserialize, Serialize};

/// How a bond is cut: the fewest states whose lost weight is at most `weight`, but no more than `bond_dimension`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truncation {
    /// Most states of a bond, all sectors together.
    pub bond_dimension: usize,
    /// What may be lost of the norm squared (the discarded weight). 0 keeps all that is not rounding.
    pub weight: f64,
}

impl Truncation {
    /// At most so many states, and nothing lost on purpose.
    pub fn to(bond_dimension: usize) -> Self {
        Self { bond_dimension, weight: 0.0 }
    }

    /// How many of each sector's weights (descending, together 1) are kept, and the weight that is lost.
    pub(crate) fn choose(&self, spectra: &[Vec<f64>]) -> (Vec<usize>, f64) {
        let total: f64 = spectra.iter().flatten().sum();
        let mut all: Vec<(f64, usize)> = Vec::new();
        for (sector, weights) in spectra.iter().enumerate() {
            all.extend(weights.iter().map(|weight| (*weight, sector)));
        }
        // Stable: among equal weights the first sector's come first.
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let nothing = total * NOTHING;
        let mut lost: f64 = 0.0;
        let mut kept = all.len();
        while kept > 1 {
            let weight = all[kept - 1].0.max(0.0);
            if kept <= self.bond_dimension && weight > nothing && lost + weight > self.weight * total {
                break;
            }
            lost += weight;
            kept -= 1;
        }
        let mut widths = vec![0; spectra.len()];
        all[..kept].iter().for_each(|(_, sector)| widths[*sector] += 1);
        (widths, if total > 0.0 { lost / total } else { 0.0 })
    }
}

/// Weights below this part of the whole are rounding.
const NOTHING: f64 = 1e-30;

/// The entropy -sum p ln p of weights that add up to 1, in nats.
pub(crate) fn entropy<'a>(weights: impl IntoIterator<Item = &'a f64>) -> f64 {
    -weights.into_iter().filter(|p| **p > 0.0).map(|p| p * p.portable_ln()).sum::<f64>()
}
