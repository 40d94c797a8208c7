//! PReLU (He et al. 2015).

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use crate::{Error, Real, Role, Shape, Tensor};

/// max(0, x) + a min(0, x) with trainable a: one for all channels, or one per channel.
#[derive(Clone, Debug)]
pub struct PRelu {
    shape: Shape,
    slopes: usize,
}

impl PRelu {
    /// Creates a layer with one slope, or one per channel if `per_channel`.
    pub fn new(shape: Shape, per_channel: bool) -> Result<Self, Error> {
        check(shape.numbers() > 0, "the number of inputs", shape.numbers() as f64, "at least 1")?;
        Ok(Self { shape, slopes: if per_channel { shape.channels } else { 1 } })
    }
}

impl<T: Real> Layer<T> for PRelu {
    fn name(&self) -> &'static str {
        "a PReLU"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn tensors(&self) -> Vec<Tensor> {
        vec![Tensor::new("slope", Role::Slope, &[self.slopes], [1, 1])]
    }

    fn forward(&mut self, slopes: &[T], input: &[T], output: &mut [T], _pass: &mut Pass<'_, T>) {
        let slope = |i: usize| slopes[i % self.slopes];
        for (x, y) in input.chunks_exact(self.shape.channels).zip(output.chunks_exact_mut(self.shape.channels)) {
            for (i, (&x, y)) in x.iter().zip(y).enumerate() {
                *y = if x > T::zero() { x } else { slope(i) * x };
            }
        }
    }

    fn backward(
        &mut self,
        slopes: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        let channels = self.shape.channels;
        gradients.fill(T::zero());
        for (x, dy) in signal.input.chunks_exact(channels).zip(signal.gradient.chunks_exact(channels)) {
            for (i, (&x, &dy)) in x.iter().zip(dy).enumerate() {
                if x <= T::zero() {
                    gradients[i % self.slopes] += x * dy;
                }
            }
        }
        if let Some(dx) = input_gradient {
            for ((i, (&x, &dy)), dx) in signal.input.iter().zip(signal.gradient).enumerate().zip(dx) {
                *dx = if x > T::zero() { dy } else { slopes[(i % channels) % self.slopes] * dy };
            }
        }
    }
}
