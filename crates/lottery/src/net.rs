//! The networks of the classification problems.

use headstart_nn::{Activation, Network, Role, Sequential, Shape, Window};
use serde::Serialize;

use crate::{Prunable, Result};

/// An architecture of a classifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Net {
    /// Dense layers with a `ReLU` after each but the last.
    Mlp {
        /// Inputs per sample.
        inputs: usize,
        /// Units of each hidden layer.
        hidden: Vec<usize>,
        /// Number of classes.
        classes: usize,
    },
    /// 3 x 3 convolutions on square images of one channel, each followed by a `ReLU`: one of stride 2 to `channels`,
    /// two more, one of stride 2 to twice as many channels, two more; then the mean over positions and a dense layer.
    /// Without `shortcuts` a chain like VGG; with them, every pair of equal width has a shortcut, as in `ResNet`. The
    /// weights have the same shapes in both.
    Conv {
        /// Rows and columns of an image.
        side: usize,
        /// Channels of the first half.
        channels: usize,
        /// Number of classes.
        classes: usize,
        /// Whether the pairs are residual blocks.
        shortcuts: bool,
    },
}

impl Net {
    /// Inputs per sample.
    pub fn inputs(&self) -> usize {
        match self {
            Self::Mlp { inputs, .. } => *inputs,
            Self::Conv { side, .. } => side * side,
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        match self {
            Self::Mlp { classes, .. } | Self::Conv { classes, .. } => *classes,
        }
    }

    /// Returns the layers.
    pub fn body(&self) -> Sequential<f32> {
        let relu = Activation::Relu;
        match self {
            Self::Mlp { inputs, hidden, classes } => hidden
                .iter()
                .fold(Sequential::new(Shape::vector(*inputs)), |body, units| body.dense(*units).activation(relu))
                .dense(*classes),
            Self::Conv { side, channels, classes, shortcuts } => {
                let half = Window { stride: 2, ..Window::same(3) };
                let stage = |body: Sequential<f32>, width: usize| {
                    let body = body.conv(width, half).activation(relu);
                    let pair = |body: Sequential<f32>| {
                        body.conv(width, Window::same(3)).activation(relu).conv(width, Window::same(3))
                    };
                    let body = if *shortcuts { body.residual(pair) } else { pair(body) };
                    body.activation(relu)
                };
                let body = stage(Sequential::new(Shape::picture(*side, *side, 1)), *channels);
                stage(body, 2 * channels).global_mean().dense(*classes)
            }
        }
    }

    /// Builds the network with all weights 0, and lists its prunable layers, which are all its layers with weights.
    pub fn build(&self) -> Result<(Network<f32>, Vec<Prunable>)> {
        let network = Network::new(self.body())?;
        let mut layers = Vec::new();
        for tensor in network.tensors().iter().filter(|tensor| tensor.role == Role::Weight) {
            let outputs = tensor.shape.last().copied().unwrap_or(1).max(1);
            let edge = |at: usize| [(at / outputs) as u32, (at % outputs) as u32];
            layers.push(Prunable {
                name: tensor.name.clone(),
                shape: tensor.shape.clone(),
                range: tensor.range(),
                edges: (0..tensor.numbers()).map(edge).collect(),
                channels: 1,
                output: false,
            });
        }
        headstart_check::check(!layers.is_empty(), "the number of layers", 0.0, "at least 1")?;
        if let Some(last) = layers.last_mut() {
            last.output = true;
        }
        Ok((network, layers))
    }

    /// Returns the units of each layer from input to output if all layers are dense.
    pub(crate) fn widths(&self) -> Option<Vec<usize>> {
        match self {
            Self::Mlp { inputs, hidden, classes } => {
                Some(std::iter::once(*inputs).chain(hidden.iter().copied()).chain([*classes]).collect())
            }
            Self::Conv { .. } => None,
        }
    }
}
