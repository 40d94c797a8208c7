//! The networks of the problems, one for each rule.

use headstart_nn::{Activation, Attention, Layer, PRelu, Select, Sequential, Shape};
use headstart_simd::Portable;
use serde::Serialize;

/// The architecture of a problem's network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Net {
    /// Hidden dense layers, each followed by an activation and dropout, then a linear layer.
    Mlp {
        /// Inputs per sample.
        inputs: usize,
        /// Number of hidden layers.
        layers: usize,
        /// Units of each hidden layer.
        width: usize,
        /// Number of outputs.
        outputs: usize,
        /// Activation after each hidden layer.
        activation: Activation,
        /// Dropout probability; 0 for no dropout.
        dropout: f64,
    },
    /// The same, but with `PReLU` and trained slopes.
    PRelu {
        /// Inputs per sample, and units of every layer.
        width: usize,
        /// Number of hidden layers.
        layers: usize,
    },
    /// Blocks of eight branches with fan-ins from 1/8 of the width to all of it. Each block adds its branches and
    /// applies a `ReLU`.
    Branches {
        /// Inputs per sample, and units of every block.
        width: usize,
        /// Number of blocks.
        blocks: usize,
    },
    /// One attention head over pairs of a key and a value. The last token is a query for one of the keys, and its
    /// output should be the value of that key.
    Recall {
        /// Number of tokens, including the query.
        tokens: usize,
        /// Size of a token, half key and half value.
        width: usize,
    },
    /// Affine couplings that transform the two halves in turn.
    Flow {
        /// Numbers per sample.
        inputs: usize,
        /// Number of couplings.
        couplings: usize,
        /// Units of the two hidden tanh layers of each coupling's network.
        width: usize,
    },
}

/// Branches per block.
pub(crate) const BRANCHES: usize = 8;
/// Bound of the couplings' scales.
const BOUND: f64 = 2.0;

impl Net {
    /// Returns the inputs of a block's branch.
    pub fn branch(width: usize, branch: usize) -> usize {
        (width * (branch + 1) / BRANCHES).max(1)
    }

    /// Returns the layers.
    pub fn body(self) -> Sequential<f32> {
        match self {
            Self::Mlp { inputs, layers, width, outputs, activation, dropout } => {
                let layer = |body: Sequential<f32>, _| {
                    let body = body.dense(width).activation(activation);
                    if dropout > 0.0 { body.dropout(dropout) } else { body }
                };
                (0..layers).fold(Sequential::new(Shape::vector(inputs)), layer).dense(outputs)
            }
            Self::PRelu { width, layers } => {
                let shape = Shape::vector(width);
                let layer = |body: Sequential<f32>, _| body.dense(width).made(PRelu::new(shape, false));
                (0..layers).fold(Sequential::new(shape), layer).dense(1)
            }
            Self::Branches { width, blocks } => {
                let branch =
                    |i: usize| Sequential::new(Shape::vector(width)).select(0..Self::branch(width, i)).linear(width);
                let block = |body: Sequential<f32>, _| {
                    body.branches((0..BRANCHES).map(branch).collect()).activation(Activation::Relu)
                };
                (0..blocks).fold(Sequential::new(Shape::vector(width)), block).dense(1)
            }
            Self::Recall { tokens, width } => {
                let shape = Shape::sequence(tokens, width);
                let attention = Attention::new(shape, 1, width, (width as f64).portable_powf(-0.5), false, false);
                let all = Shape::vector(tokens * width);
                // The value half of the last token.
                let read = Select::new(all, tokens * width - width / 2..tokens * width);
                Sequential::new(shape).made(attention).made(read)
            }
            Self::Flow { inputs, couplings, width } => {
                let network = |body: Sequential<f32>, outputs: usize| {
                    let hidden = body.dense(width).activation(Activation::Tanh).dense(width);
                    hidden.activation(Activation::Tanh).dense(outputs)
                };
                let coupling = |body: Sequential<f32>, i: usize| body.coupling(i % 2 == 1, Some(BOUND), network);
                (0..couplings).fold(Sequential::new(Shape::vector(inputs)), coupling)
            }
        }
    }

    /// Returns the numbers per sample, in and out.
    pub fn numbers(self) -> [usize; 2] {
        let body = self.body();
        [body.input().numbers(), Layer::<f32>::output(&body).numbers()]
    }
}
