//! Truncation of bonds.

use headstart_simd::Portable;
use serde::{Deserialize, Serialize};

/// How a bond is truncated: it keeps the fewest states whose discarded weight is at most `weight`, but no more than
/// `bond_dimension`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truncation {
    /// Most states of a bond, all sectors together.
    pub bond_dimension: usize,
    /// Largest discarded weight, relative to the squared norm. 0 discards only rounding.
    pub weight: f64,
}

impl Truncation {
    /// Limits the bond dimension only.
    pub fn to(bond_dimension: usize) -> Self {
        Self { bond_dimension, weight: 0.0 }
    }

    /// Returns how many of each sector's weights (descending) are kept, and the weight discarded relative to the total.
    pub(crate) fn choose(&self, spectra: &[Vec<f64>]) -> (Vec<usize>, f64) {
        let total: f64 = spectra.iter().flatten().sum();
        let mut all: Vec<(f64, usize)> = Vec::new();
        for (sector, weights) in spectra.iter().enumerate() {
            all.extend(weights.iter().map(|weight| (*weight, sector)));
        }
        // A stable sort: among equal weights, those of the first sector come first.
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

/// Weights below this fraction of the total are rounding.
const NOTHING: f64 = 1e-30;

/// The entropy -sum p ln p of weights that sum to 1, in nats.
pub(crate) fn entropy<'a>(weights: impl IntoIterator<Item = &'a f64>) -> f64 {
    -weights.into_iter().filter(|p| **p > 0.0).map(|p| p * p.portable_ln()).sum::<f64>()
}
