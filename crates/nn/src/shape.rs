//! Shapes of samples and descriptions of parameter tensors.

use serde::{Deserialize, Serialize};

/// The shape of one sample, channels last: `height x width x channels`. A plain vector is `1 x 1 x n`, a sequence of n
/// tokens of d numbers is `1 x n x d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows of the picture; 1 for vectors and sequences.
    pub height: usize,
    /// Columns of the picture, or tokens of the sequence; 1 for vectors.
    pub width: usize,
    /// Numbers at each place.
    pub channels: usize,
}

impl Shape {
    /// A vector.
    pub fn vector(length: usize) -> Self {
        Self { height: 1, width: 1, channels: length }
    }

    /// A sequence of tokens.
    pub fn sequence(tokens: usize, channels: usize) -> Self {
        Self { height: 1, width: tokens, channels }
    }

    /// A picture.
    pub fn picture(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels }
    }

    /// Places of a sample: pixels, or tokens.
    pub fn places(self) -> usize {
        self.height * self.width
    }

    /// Numbers of a sample.
    pub fn numbers(self) -> usize {
        self.places() * self.channels
    }
}

/// What a parameter tensor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Multiplies signals and mixes them.
    Weight,
    /// Is added.
    Bias,
    /// Multiplies each signal by itself (norms, scalar multipliers).
    Scale,
    /// The slope of PReLU below zero.
    Slope,
}

/// One parameter tensor: where it lies in the network's parameters, and what an initialiser must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tensor {
    /// Its path, like `0.weight` or `2.1.query`: places of the layers, then the name.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// Its shape, row-major, inputs first: `[in, out]` for a dense layer (the transpose of PyTorch's),
    /// `[height, width, in, out]` for a convolution, `[place, height, width, in, out]` without sharing.
    pub shape: Vec<usize>,
    /// Numbers that are summed into an output.
    pub fan_in: usize,
    /// Outputs that a number goes into.
    pub fan_out: usize,
    /// Its first place in the parameters of the network.
    pub offset: usize,
}

impl Tensor {
    /// A tensor at the front of its layer's parameters.
    pub fn new(name: &str, role: Role, shape: &[usize], [fan_in, fan_out]: [usize; 2]) -> Self {
        Self { name: name.to_owned(), role, shape: shape.to_vec(), fan_in, fan_out, offset: 0 }
    }

    /// Numbers in it.
    pub fn numbers(&self) -> usize {
        self.shape.iter().product()
    }

    /// Its place in the parameters.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.numbers()
    }
}

/// Tensors one after the other, with offsets from 0.
pub(crate) fn in_a_row(tensors: Vec<Tensor>) -> Vec<Tensor> {
    let mut offset = 0;
    let place = |mut tensor: Tensor| {
        tensor.offset = offset;
        offset += tensor.numbers();
        tensor
    };
    tensors.into_iter().map(place).collect()
}

/// Tensors of parts one after another, each named after its place.
pub(crate) fn nested(parts: impl Iterator<Item = Vec<Tensor>>) -> Vec<Tensor> {
    let named = parts.enumerate().flat_map(|(place, tensors)| {
        tensors.into_iter().map(move |tensor| Tensor { name: format!("{place}.{}", tensor.name), ..tensor })
    });
    in_a_row(named.collect())
}
