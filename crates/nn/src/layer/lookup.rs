//! A dense layer on one-hot samples, computed by looking up a row of the weights.

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use super::rows::{add, column_sums};
use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};

/// `y = W[i] + b` for a sample that consists of the index i. An invalid index (below 0, `rows` or more, NaN) means a
/// sample of zeros: y = b.
#[derive(Clone, Debug)]
pub struct Lookup {
    rows: usize,
    outputs: usize,
    bias: bool,
}

impl Lookup {
    /// Creates a layer for indices below `rows`.
    pub fn new(rows: usize, outputs: usize, bias: bool) -> Result<Self, Error> {
        check(rows > 0, "the number of rows", rows as f64, "at least 1")?;
        check(outputs > 0, "the number of outputs", outputs as f64, "at least 1")?;
        Ok(Self { rows, outputs, bias })
    }

    fn row<T: Real>(&self, index: T) -> Option<usize> {
        let index = index.to_usize()?;
        (index < self.rows).then_some(index)
    }
}

impl<T: Real> Layer<T> for Lookup {
    fn name(&self) -> &'static str {
        "a look-up"
    }

    fn input(&self) -> Shape {
        Shape::vector(1)
    }

    fn output(&self) -> Shape {
        Shape::vector(self.outputs)
    }

    fn tensors(&self) -> Vec<Tensor> {
        let fans = [self.rows, self.outputs];
        let weight = Tensor::new("weight", Role::Weight, &fans, fans);
        let bias = Tensor::new("bias", Role::Bias, &fans[1..], fans);
        in_a_row(if self.bias { vec![weight, bias] } else { vec![weight] })
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], _pass: &mut Pass<'_, T>) {
        let (weight, bias) = parameters.split_at(self.rows * self.outputs);
        for (&index, y) in input.iter().zip(output.chunks_exact_mut(self.outputs)) {
            if self.bias {
                y.copy_from_slice(bias);
            } else {
                y.fill(T::zero());
            }
            if let Some(row) = self.row(index) {
                add(y, &weight[row * self.outputs..][..self.outputs]);
            }
        }
    }

    fn backward(
        &mut self,
        _parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        let (weight, bias) = gradients.split_at_mut(self.rows * self.outputs);
        weight.fill(T::zero());
        for (&index, dy) in signal.input.iter().zip(signal.gradient.chunks_exact(self.outputs)) {
            if let Some(row) = self.row(index) {
                add(&mut weight[row * self.outputs..][..self.outputs], dy);
            }
        }
        if self.bias {
            column_sums(signal.gradient, bias);
        }
        // The gradient with respect to an index is set to zero.
        if let Some(dx) = input_gradient {
            dx.fill(T::zero());
        }
    }
}
