//! Locally connected layers: windows as in a convolution, but separate weights at every position.

use super::contract::{Layer, Pass, Signal};
use super::rows::{column_sums, fit};
use super::window::{Sliding, Window};
use crate::{Error, Real, Shape, Tensor};
use headstart_simd::gemm::{Matrix, Onto, product};

/// A convolution without weight sharing.
#[derive(Clone, Debug)]
pub struct Local<T> {
    sliding: Sliding,
    /// Windows of the last forward pass: for each position one row per sample.
    windows: Vec<T>,
    window_gradients: Vec<T>,
}

impl<T: Real> Local<T> {
    /// Creates a layer from an image to an image of `channels` channels. Each position and channel has its own bias.
    pub fn new(input: Shape, channels: usize, window: Window, bias: bool) -> Result<Self, Error> {
        let sliding = Sliding::new("a locally connected layer", input, channels, window, bias)?;
        Ok(Self { sliding, windows: Vec::new(), window_gradients: Vec::new() })
    }
}

impl<T: Real> Layer<T> for Local<T> {
    fn name(&self) -> &'static str {
        "a locally connected layer"
    }

    fn input(&self) -> Shape {
        self.sliding.input
    }

    fn output(&self) -> Shape {
        self.sliding.output
    }

    fn tensors(&self) -> Vec<Tensor> {
        self.sliding.tensors(Some(self.sliding.output.places()))
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let (numbers, channels, places) =
            (self.sliding.numbers(), self.sliding.output.channels, self.sliding.output.places());
        let (weight, bias) = parameters.split_at(places * numbers * channels);
        let mut windows = std::mem::take(&mut self.windows);
        fit(&mut windows, places * pass.batch * numbers).fill(T::zero());
        for (place, windows) in windows.chunks_exact_mut(pass.batch * numbers).take(places).enumerate() {
            let samples = input.chunks_exact(self.sliding.input.numbers());
            for (picture, to) in samples.zip(windows.chunks_exact_mut(numbers)) {
                self.sliding.gather(place, picture, to);
            }
            let onto = if self.sliding.bias { Onto::Row(&bias[place * channels..][..channels]) } else { Onto::Zero };
            let w = Matrix::rows(&weight[place * numbers * channels..][..numbers * channels], channels);
            let to = (&mut output[place * channels..], places * channels);
            product(to, [pass.batch, channels, numbers], Matrix::rows(windows, numbers), w, onto, pass.packing);
        }
        self.windows = windows;
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        mut input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        let (numbers, channels, places) =
            (self.sliding.numbers(), self.sliding.output.channels, self.sliding.output.places());
        let (weight, bias) = gradients.split_at_mut(places * numbers * channels);
        if self.sliding.bias {
            column_sums(signal.gradient, bias);
        }
        if let Some(dx) = input_gradient.as_deref_mut() {
            dx.fill(T::zero());
        }
        let mut from = std::mem::take(&mut self.window_gradients);
        for place in 0..places {
            let dy = Matrix::rows(&signal.gradient[place * channels..], places * channels);
            let own = place * numbers * channels;
            let windows = Matrix::transpose(&self.windows[place * pass.batch * numbers..], numbers);
            let to = (&mut weight[own..][..numbers * channels], channels);
            product(to, [numbers, channels, pass.batch], windows, dy, Onto::Zero, pass.packing);
            let Some(dx) = input_gradient.as_deref_mut() else { continue };
            let from = fit(&mut from, pass.batch * numbers);
            let w = Matrix::transpose(&parameters[own..][..numbers * channels], channels);
            product((&mut *from, numbers), [pass.batch, numbers, channels], dy, w, Onto::Zero, pass.packing);
            let samples = dx.chunks_exact_mut(self.sliding.input.numbers());
            for (picture, from) in samples.zip(from.chunks_exact(numbers)) {
                self.sliding.scatter(place, from, picture);
            }
        }
        self.window_gradients = from;
    }
}
