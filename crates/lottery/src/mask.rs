//! Masks over the layers of a network.

mod file;

use serde::Serialize;

use crate::error::{Result, check_length};
use crate::{Error, Prunable};

/// The mask of one layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayerMask {
    /// Name of the layer.
    pub name: String,
    /// Shape of its weights.
    pub shape: Vec<usize>,
    /// Whether each weight is kept.
    pub kept: Vec<bool>,
}

impl LayerMask {
    /// Number of kept weights.
    pub fn count(&self) -> usize {
        self.kept.iter().filter(|kept| **kept).count()
    }
}

/// Which weights of a network's prunable layers are kept; all others stay zero.
///
/// [`Mask::save`] writes JSON, which [`Mask::load`] reads:
///
/// ```json
/// {"format": "headstart-mask", "version": 1,
///  "layers": [{"name": "0.weight", "shape": [2, 3], "runs": [1, 2, 3]}]}
/// ```
///
/// Weights are in row-major order of `shape`. `runs` are the lengths of alternating runs of cut and kept weights,
/// beginning with cut ones (0 if the first weight is kept). Here one weight is cut, two are kept, three are cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mask {
    /// Masks of the layers, from input to output.
    pub layers: Vec<LayerMask>,
}

impl Mask {
    /// Returns a mask that keeps all weights.
    pub fn full(layers: &[Prunable]) -> Self {
        Self::of(layers, |layer| vec![true; layer.weights()])
    }

    /// Builds a mask from a function that gives the kept weights of each layer.
    pub(crate) fn of(layers: &[Prunable], mut kept: impl FnMut(&Prunable) -> Vec<bool>) -> Self {
        let one =
            |layer: &Prunable| LayerMask { name: layer.name.clone(), shape: layer.shape.clone(), kept: kept(layer) };
        Self { layers: layers.iter().map(one).collect() }
    }

    /// Total number of weights.
    pub fn weights(&self) -> usize {
        self.layers.iter().map(|layer| layer.kept.len()).sum()
    }

    /// Number of kept weights.
    pub fn count(&self) -> usize {
        self.layers.iter().map(LayerMask::count).sum()
    }

    /// Number of kept weights per layer.
    pub fn counts(&self) -> Vec<usize> {
        self.layers.iter().map(LayerMask::count).collect()
    }

    /// Share of kept weights.
    pub fn density(&self) -> f64 {
        self.count() as f64 / self.weights().max(1) as f64
    }

    /// Returns the Jaccard overlap: weights kept by both masks over weights kept by either (1 if neither keeps any).
    /// Fails if the shapes differ.
    pub fn jaccard(&self, other: &Self) -> Result<f64> {
        let (mut both, mut either) = (0, 0);
        for (a, b) in self.pairs(other)? {
            for (&a, &b) in a.kept.iter().zip(&b.kept) {
                both += usize::from(a && b);
                either += usize::from(a || b);
            }
        }
        Ok(if either == 0 { 1.0 } else { both as f64 / either as f64 })
    }

    /// Returns the [`jaccard`](Mask::jaccard) overlap expected by chance for masks with the same counts per layer
    /// (expected intersection over expected union). If both masks keep the share rho of every layer, this is
    /// [`chance_jaccard`].
    pub fn chance(&self, other: &Self) -> Result<f64> {
        let (mut both, mut either) = (0.0, 0.0);
        for (a, b) in self.pairs(other)? {
            let (n, a, b) = (a.kept.len().max(1) as f64, a.count() as f64, b.count() as f64);
            both += a * b / n;
            either += a + b - a * b / n;
        }
        Ok(if either == 0.0 { 1.0 } else { both / either })
    }

    fn pairs<'a>(&'a self, other: &'a Self) -> Result<impl Iterator<Item = (&'a LayerMask, &'a LayerMask)>> {
        let shapes = |mask: &Self| mask.layers.iter().map(|layer| layer.shape.clone()).collect::<Vec<_>>();
        if shapes(self) == shapes(other) {
            Ok(self.layers.iter().zip(&other.layers))
        } else {
            Err(Error::Layers {
                mask: format!("layers of shapes {:?}", shapes(self)),
                network: format!("the other mask has {:?}", shapes(other)),
            })
        }
    }

    /// Returns for each parameter of the network whether it is kept. Parameters outside the prunable layers are kept.
    pub fn over(&self, layers: &[Prunable], parameters: usize) -> Result<Vec<bool>> {
        let says = |name: &str, shape: &[usize]| format!("{name} of shape {shape:?}");
        if self.layers.len() != layers.len() {
            return Err(Error::Layers {
                mask: format!("{} layers", self.layers.len()),
                network: format!("the network has {} prunable layers", layers.len()),
            });
        }
        let mut all = vec![true; parameters];
        for (own, layer) in self.layers.iter().zip(layers) {
            if own.shape != layer.shape {
                let network = format!("the network has {} at this position", says(&layer.name, &layer.shape));
                return Err(Error::Layers { mask: says(&own.name, &own.shape), network });
            }
            check_length("the mask of a layer", layer.weights(), own.kept.len())?;
            all[layer.range.clone()].copy_from_slice(&own.kept);
        }
        Ok(all)
    }
}

/// Returns the Jaccard overlap expected for two random masks that both keep the share `density` = rho: rho / (2 - rho).
pub fn chance_jaccard(density: f64) -> f64 {
    density / (2.0 - density)
}
