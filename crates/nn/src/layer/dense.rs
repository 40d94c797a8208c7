//! The dense layer.

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use super::rows::column_sums;
use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};
use headstart_simd::gemm::{Matrix, Onto, product};

/// y = x W + b, on the whole sample or at every position with the same weights.
#[derive(Clone, Debug)]
pub struct Dense {
    places: Shape,
    inputs: usize,
    outputs: usize,
    bias: bool,
}

impl Dense {
    /// Creates a layer from all numbers of a sample to a vector of `outputs` numbers.
    pub fn new(input: Shape, outputs: usize, bias: bool) -> Result<Self, Error> {
        Self::at_places(Shape::vector(input.numbers()), outputs, bias)
    }

    /// Creates a layer that maps the channels of every position to `outputs` channels with the same weights: for
    /// tokens, or as a convolution of 1 x 1.
    pub fn pointwise(input: Shape, outputs: usize, bias: bool) -> Result<Self, Error> {
        Self::at_places(input, outputs, bias)
    }

    fn at_places(input: Shape, outputs: usize, bias: bool) -> Result<Self, Error> {
        check(input.numbers() > 0, "the number of inputs", input.numbers() as f64, "at least 1")?;
        check(outputs > 0, "the number of outputs", outputs as f64, "at least 1")?;
        Ok(Self { places: input, inputs: input.channels, outputs, bias })
    }
}

impl<T: Real> Layer<T> for Dense {
    fn name(&self) -> &'static str {
        "a dense layer"
    }

    fn input(&self) -> Shape {
        self.places
    }

    fn output(&self) -> Shape {
        Shape { channels: self.outputs, ..self.places }
    }

    fn tensors(&self) -> Vec<Tensor> {
        let fans = [self.inputs, self.outputs];
        let weight = Tensor::new("weight", Role::Weight, &fans, fans);
        let bias = Tensor::new("bias", Role::Bias, &fans[1..], fans);
        in_a_row(if self.bias { vec![weight, bias] } else { vec![weight] })
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let (weight, bias) = parameters.split_at(self.inputs * self.outputs);
        let rows = pass.batch * self.places.places();
        let onto = if self.bias { Onto::Row(bias) } else { Onto::Zero };
        let shape = [rows, self.outputs, self.inputs];
        let (x, w) = (Matrix::rows(input, self.inputs), Matrix::rows(weight, self.outputs));
        product((output, self.outputs), shape, x, w, onto, pass.packing);
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        let (inputs, outputs) = (self.inputs, self.outputs);
        let rows = pass.batch * self.places.places();
        let (weight, bias) = gradients.split_at_mut(inputs * outputs);
        let (x, dy) = (Matrix::transpose(signal.input, inputs), Matrix::rows(signal.gradient, outputs));
        product((weight, outputs), [inputs, outputs, rows], x, dy, Onto::Zero, pass.packing);
        if self.bias {
            column_sums(signal.gradient, bias);
        }
        if let Some(dx) = input_gradient {
            let w = Matrix::transpose(&parameters[..inputs * outputs], outputs);
            product((dx, inputs), [rows, inputs, outputs], dy, w, Onto::Zero, pass.packing);
        }
    }
}
