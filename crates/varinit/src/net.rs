//! The networks of the problems, one for each rule.

use headstart_nn::{Activation, Attention, Layer, PRelu, Select, Sequential, Shape};
use headstart_simd::Portable;
use serde::Serialize;

/// An architecture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Net {
    /// Dense layers with an activation after each, dropout after that, and a linear one.
    Mlp {
        /// Numbers of a sample.
        inputs: usize,
        /// Hidden layers.
        layers: usize,
        /// Units of each.
        width: usize,
        /// Numbers that come out.
        outputs: usize,
        /// After each hidden layer.
        activation: Activation,
        /// Its probability, 0 for none.
        dropout: f64,
    },
    /// The same with `PReLU` whose slope is trained.
    PRelu {
        /// Numbers of a sample, and units of every layer.
        width: usize,
        /// Hidden layers.
        layers: usize,
    },
    /// Blocks of eight branches whose fan-ins go from 1/8 of the width to all of it, each block a sum and a `ReLU`.
    Branches {
        /// Numbers of a sample, and of every block.
        width: usize,
        /// Blocks.
        blocks: usize,
    },
    /// One head of attention over pairs of a key and a value; the last token asks for one of the keys, and what is read
    /// there should be its value.
    Recall {
        /// Tokens, the asking one among them.
        tokens: usize,
        /// Numbers of a token, half key and half value.
        width: usize,
    },
    /// Affine couplings in turn on either half.
    Flow {
        /// Numbers of a sample.
        inputs: usize,
        /// Couplings.
        couplings: usize,
        /// Hidden units of each coupling's network, two layers of tanh.
        width: usize,
    },
}

/// Branches of a block.
pub(crate) const BRANCHES: usize = 8;
/// The scale of couplings is held within this.
const BOUND: f64 = 2.0;

impl Net {
    /// Numbers that a branch of a block takes.
    pub fn branch(width: usize, branch: usize) -> usize {
        (width * (branch + 1) / BRANCHES).max(1)
    }

    /// The layers.
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
                // The value's half of the last token.
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

    /// Numbers of a sample, in and out.
    pub fn numbers(self) -> [usize; 2] {
        let body = self.body();
        [body.input().numbers(), Layer::<f32>::output(&body).numbers()]
    }
}
