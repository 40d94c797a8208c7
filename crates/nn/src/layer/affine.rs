//! Scalar or channel-wise multipliers and biases, as used by Fixup.

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};

/// y = s x + b, with one s and b for all numbers or one per channel; either may be omitted.
#[derive(Clone, Debug)]
pub struct Affine {
    shape: Shape,
    numbers: usize,
    scale: bool,
    bias: bool,
}

impl Affine {
    /// Creates a layer with one multiplier and one bias, or one each per channel if `per_channel`. `scale` and `bias`
    /// choose which of the two exist.
    pub fn new(shape: Shape, per_channel: bool, [scale, bias]: [bool; 2]) -> Result<Self, Error> {
        check(shape.numbers() > 0, "the number of inputs", shape.numbers() as f64, "at least 1")?;
        Ok(Self { shape, numbers: if per_channel { shape.channels } else { 1 }, scale, bias })
    }
}

impl<T: Real> Layer<T> for Affine {
    fn name(&self) -> &'static str {
        "an affine layer"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn tensors(&self) -> Vec<Tensor> {
        let scale = self.scale.then(|| Tensor::new("scale", Role::Scale, &[self.numbers], [1, 1]));
        let bias = self.bias.then(|| Tensor::new("bias", Role::Bias, &[self.numbers], [1, 1]));
        in_a_row(scale.into_iter().chain(bias).collect())
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], _pass: &mut Pass<'_, T>) {
        let (scale, bias) = parameters.split_at(if self.scale { self.numbers } else { 0 });
        let lines = output.chunks_exact_mut(self.shape.channels);
        for (x, y) in input.chunks_exact(self.shape.channels).zip(lines) {
            for (i, (&x, y)) in x.iter().zip(y).enumerate() {
                let i = i % self.numbers;
                let scaled = if self.scale { scale[i] * x } else { x };
                *y = if self.bias { scaled + bias[i] } else { scaled };
            }
        }
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        let channels = self.shape.channels;
        gradients.fill(T::zero());
        let (scale, bias) = gradients.split_at_mut(if self.scale { self.numbers } else { 0 });
        for (x, dy) in signal.input.chunks_exact(channels).zip(signal.gradient.chunks_exact(channels)) {
            for (i, (&x, &dy)) in x.iter().zip(dy).enumerate() {
                if self.scale {
                    scale[i % self.numbers] += x * dy;
                }
                if self.bias {
                    bias[i % self.numbers] += dy;
                }
            }
        }
        let Some(dx) = input_gradient else { return };
        for (i, (dx, &dy)) in dx.iter_mut().zip(signal.gradient).enumerate() {
            *dx = if self.scale { parameters[(i % channels) % self.numbers] * dy } else { dy };
        }
    }
}
