//! Convolution by im2col: every window becomes a row, then one matrix product.

use super::contract::{Layer, Pass, Signal};
use super::rows::{column_sums, fit};
use super::window::{Sliding, Window};
use crate::{Error, Real, Shape, Tensor};
use headstart_simd::gemm::{Matrix, Onto, product};

/// A convolution whose kernel is shared by all positions. As usual in networks, the kernel is not flipped
/// (cross-correlation).
#[derive(Clone, Debug)]
pub struct Conv<T> {
    sliding: Sliding,
    /// Windows of the last forward pass, one row each.
    windows: Vec<T>,
    window_gradients: Vec<T>,
}

impl<T: Real> Conv<T> {
    /// Creates a layer from an image to an image of `channels` channels.
    pub fn new(input: Shape, channels: usize, window: Window, bias: bool) -> Result<Self, Error> {
        let sliding = Sliding::new("a convolution", input, channels, window, bias)?;
        Ok(Self { sliding, windows: Vec::new(), window_gradients: Vec::new() })
    }
}

impl<T: Real> Layer<T> for Conv<T> {
    fn name(&self) -> &'static str {
        "a convolution"
    }

    fn input(&self) -> Shape {
        self.sliding.input
    }

    fn output(&self) -> Shape {
        self.sliding.output
    }

    fn tensors(&self) -> Vec<Tensor> {
        self.sliding.tensors(None)
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let (numbers, channels) = (self.sliding.numbers(), self.sliding.output.channels);
        let rows = pass.batch * self.sliding.output.places();
        let mut buffer = std::mem::take(&mut self.windows);
        let windows = fit(&mut buffer, rows * numbers);
        if self.sliding.window.padding > 0 {
            windows.fill(T::zero());
        }
        headstart_simd::arch().dispatch(Gather { sliding: self.sliding, pictures: input, windows: &mut *windows });
        let (weight, bias) = parameters.split_at(numbers * channels);
        let onto = if self.sliding.bias { Onto::Row(bias) } else { Onto::Zero };
        let (x, w) = (Matrix::rows(windows, numbers), Matrix::rows(weight, channels));
        product((output, channels), [rows, channels, numbers], x, w, onto, pass.packing);
        self.windows = buffer;
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        let (numbers, channels) = (self.sliding.numbers(), self.sliding.output.channels);
        let rows = pass.batch * self.sliding.output.places();
        let (weight, bias) = gradients.split_at_mut(numbers * channels);
        let dy = Matrix::rows(signal.gradient, channels);
        let windows = Matrix::transpose(&self.windows, numbers);
        product((weight, channels), [numbers, channels, rows], windows, dy, Onto::Zero, pass.packing);
        if self.sliding.bias {
            column_sums(signal.gradient, bias);
        }
        let Some(dx) = input_gradient else { return };
        let from = fit(&mut self.window_gradients, rows * numbers);
        let w = Matrix::transpose(&parameters[..numbers * channels], channels);
        product((&mut *from, numbers), [rows, numbers, channels], dy, w, Onto::Zero, pass.packing);
        headstart_simd::arch().dispatch(Scatter { sliding: self.sliding, windows: from, pictures: dx });
    }
}

/// Copies every window of every image into a row. A function object, because the compiler does not inline a closure of
/// this size into code with vector instructions.
struct Gather<'a, T> {
    sliding: Sliding,
    pictures: &'a [T],
    windows: &'a mut [T],
}

impl<T: Real> pulp::NullaryFnOnce for Gather<'_, T> {
    type Output = ();

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn call(self) {
        let Self { sliding, pictures, windows } = self;
        let numbers = sliding.numbers();
        let samples = pictures.chunks_exact(sliding.input.numbers());
        for (picture, windows) in samples.zip(windows.chunks_exact_mut(sliding.output.places() * numbers)) {
            for (place, to) in windows.chunks_exact_mut(numbers).enumerate() {
                sliding.gather(place, picture, to);
            }
        }
    }
}

/// Adds all windows back onto the positions of the images.
struct Scatter<'a, T> {
    sliding: Sliding,
    windows: &'a [T],
    pictures: &'a mut [T],
}

impl<T: Real> pulp::NullaryFnOnce for Scatter<'_, T> {
    type Output = ();

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn call(self) {
        let Self { sliding, windows, pictures } = self;
        let numbers = sliding.numbers();
        pictures.fill(T::zero());
        let samples = pictures.chunks_exact_mut(sliding.input.numbers());
        for (picture, windows) in samples.zip(windows.chunks_exact(sliding.output.places() * numbers)) {
            for (place, from) in windows.chunks_exact(numbers).enumerate() {
                sliding.scatter(place, from, picture);
            }
        }
    }
}
