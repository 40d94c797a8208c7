//! Mappings: which layer of a source network gives its mask to which layer of a target network.

use crate::{Error, LayerMask, Mask, Prunable, Result};

/// A mapping between architectures. A target layer without a source is an error: silently left dense, it would make the
/// network less sparse than reported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mapping {
    /// Layer l takes layer l.
    SameIndex,
    /// Consecutive layers of one shape form a stage. A layer takes the layer at the same position of the source stage
    /// with the same number; positions wrap around if the source stage is shorter.
    ByStage,
    /// Layer l of `Lt` takes layer floor(l `Ls` / `Lt`) of `Ls`.
    DepthRatio,
    /// Layer l takes layer l mod `Ls`.
    Cyclic,
    /// Explicit source of every layer of the target.
    Blocks(Vec<usize>),
}

impl Mapping {
    /// Parses explicit sources from a string of layer numbers separated by blanks, commas or bars:
    /// `0 1 | 0 1 | 2 3 | 2 3`.
    pub fn blocks(text: &str) -> Result<Self> {
        let refused = |reason: String| Error::Blocks { given: text.to_owned(), reason };
        let words = text.split([' ', ',', '|']).filter(|word| !word.is_empty());
        let numbers: Result<Vec<usize>> = words
            .map(|word| word.parse().map_err(|_| refused(format!("contains {word:?}, which is not a layer number"))))
            .collect();
        match numbers? {
            numbers if numbers.is_empty() => Err(refused("is empty".to_owned())),
            numbers => Ok(Self::Blocks(numbers)),
        }
    }

    /// Returns the source layer of each target layer. Shapes must match.
    pub fn sources(&self, source: &[Vec<usize>], target: &[Prunable]) -> Result<Vec<usize>> {
        let shapes: Vec<&[usize]> = target.iter().map(|layer| &layer.shape[..]).collect();
        let unmapped =
            |layer: usize, reason: String| Error::Unmapped { layer, name: target[layer].name.clone(), reason };
        if let Self::Blocks(sources) = self
            && sources.len() > target.len()
        {
            let given = format!("{sources:?}");
            return Err(Error::Blocks {
                given,
                reason: format!("has more entries than the {} layers of the target", target.len()),
            });
        }
        let one = |layer: usize| {
            let from = match self {
                Self::SameIndex => layer,
                Self::Cyclic => layer % source.len().max(1),
                Self::DepthRatio => layer * source.len() / target.len(),
                Self::ByStage => {
                    let sources: Vec<&[usize]> = source.iter().map(|shape| &shape[..]).collect();
                    let (stage, place) = stage_of(&shapes, layer);
                    let stage = stages(&sources).into_iter().nth(stage).ok_or_else(|| {
                        unmapped(layer, format!("it is in stage {stage}, which the source does not have"))
                    })?;
                    stage.start + place % stage.len()
                }
                Self::Blocks(sources) => *sources
                    .get(layer)
                    .ok_or_else(|| unmapped(layer, format!("only {} sources are given", sources.len())))?,
            };
            match source.get(from) {
                None => Err(unmapped(layer, format!("source layer {from} is out of range (0..{})", source.len()))),
                Some(shape) if shape[..] != *shapes[layer] => Err(unmapped(
                    layer,
                    format!("layer {from} has shape {shape:?}, which does not fit {:?}", shapes[layer]),
                )),
                Some(_) => Ok(from),
            }
        };
        (0..target.len()).map(one).collect()
    }

    /// Transfers the source's mask to the layers of the target.
    pub fn transfer(&self, mask: &Mask, target: &[Prunable]) -> Result<Mask> {
        let shapes: Vec<_> = mask.layers.iter().map(|layer| layer.shape.clone()).collect();
        let sources = self.sources(&shapes, target)?;
        let one = |(from, layer): (usize, &Prunable)| LayerMask {
            name: layer.name.clone(),
            shape: layer.shape.clone(),
            kept: mask.layers[from].kept.clone(),
        };
        Ok(Mask { layers: sources.into_iter().zip(target).map(one).collect() })
    }

    /// Copies the weights of the source's prunable layers into the target's parameters.
    pub fn weights(&self, (source, from): (&[Prunable], &[f32]), target: &[Prunable], into: &mut [f32]) -> Result<()> {
        let shapes: Vec<_> = source.iter().map(|layer| layer.shape.clone()).collect();
        for (from_layer, layer) in self.sources(&shapes, target)?.into_iter().zip(target) {
            into[layer.range.clone()].copy_from_slice(&from[source[from_layer].range.clone()]);
        }
        Ok(())
    }
}

/// Returns the stages: runs of layers of one shape.
fn stages(shapes: &[&[usize]]) -> Vec<std::ops::Range<usize>> {
    let mut stages: Vec<std::ops::Range<usize>> = Vec::new();
    for layer in 0..shapes.len() {
        match stages.last_mut() {
            Some(stage) if shapes[stage.start] == shapes[layer] => stage.end = layer + 1,
            _ => stages.push(layer..layer + 1),
        }
    }
    stages
}

/// Returns the stage of a layer and its position there.
fn stage_of(shapes: &[&[usize]], layer: usize) -> (usize, usize) {
    let stages = stages(shapes);
    let number = stages.iter().position(|stage| stage.contains(&layer)).unwrap_or(0);
    (number, layer - stages[number].start)
}
