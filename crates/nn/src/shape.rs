//! Shapes of samples and descriptions of parameter tensors.

use serde::{Deserialize, Serialize};

/// The shape of one sample, channels last: `height x width x channels`. A plain vector is `1 x 1 x n`, a sequence of n
/// tokens of d numbers is `1 x n x d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows of the image; 1 for vectors and sequences.
    pub height: usize,
    /// Columns of the image or tokens of the sequence; 1 for vectors.
    pub width: usize,
    /// Numbers per position.
    pub channels: usize,
}

impl Shape {
    /// Returns the shape of a vector.
    pub fn vector(length: usize) -> Self {
        Self { height: 1, width: 1, channels: length }
    }

    /// Returns the shape of a sequence of tokens.
    pub fn sequence(tokens: usize, channels: usize) -> Self {
        Self { height: 1, width: tokens, channels }
    }

    /// Returns the shape of an image.
    pub fn picture(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels }
    }

    /// Number of positions in a sample: pixels or tokens.
    pub fn places(self) -> usize {
        self.height * self.width
    }

    /// Numbers per sample.
    pub fn numbers(self) -> usize {
        self.places() * self.channels
    }
}

/// The role of a parameter tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Multiplies and mixes signals.
    Weight,
    /// Added to a signal.
    Bias,
    /// Multiplies one signal at a time (norms, scalar multipliers).
    Scale,
    /// The slope of PReLU below zero.
    Slope,
}

/// A parameter tensor: its position in the network's parameters, and what an initialiser needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tensor {
    /// Path, like `0.weight` or `2.1.query`: indices of the nested layers, then the name.
    pub name: String,
    /// Role in the layer.
    pub role: Role,
    /// Shape, row-major, inputs first: `[in, out]` for a dense layer (the transpose of PyTorch's), `[height, width, in,
    /// out]` for a convolution, `[place, height, width, in, out]` for a locally connected layer.
    pub shape: Vec<usize>,
    /// Inputs summed into one output.
    pub fan_in: usize,
    /// Outputs that one input contributes to.
    pub fan_out: usize,
    /// Index of its first number in the network's parameters.
    pub offset: usize,
}

impl Tensor {
    /// Creates a tensor with offset 0 in its layer.
    pub fn new(name: &str, role: Role, shape: &[usize], [fan_in, fan_out]: [usize; 2]) -> Self {
        Self { name: name.to_owned(), role, shape: shape.to_vec(), fan_in, fan_out, offset: 0 }
    }

    /// Number of entries.
    pub fn numbers(&self) -> usize {
        self.shape.iter().product()
    }

    /// Index range in the network's parameters.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.numbers()
    }
}

/// Lays tensors out one after the other, with offsets from 0.
pub(crate) fn in_a_row(tensors: Vec<Tensor>) -> Vec<Tensor> {
    let mut offset = 0;
    let place = |mut tensor: Tensor| {
        tensor.offset = offset;
        offset += tensor.numbers();
        tensor
    };
    tensors.into_iter().map(place).collect()
}

/// Lays the tensors of nested layers out one after the other, and prefixes names with the layer's index.
pub(crate) fn nested(parts: impl Iterator<Item = Vec<Tensor>>) -> Vec<Tensor> {
    let named = parts.enumerate().flat_map(|(place, tensors)| {
        tensors.into_iter().map(move |tensor| Tensor { name: format!("{place}.{}", tensor.name), ..tensor })
    });
    in_a_row(named.collect())
}
