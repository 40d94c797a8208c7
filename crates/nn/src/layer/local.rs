//! Locally connected layers: windows as in a convolution, but every place has weights of its own.

use super::{Layer, Pass, Signal, Window, column_sums, fit};
use crate::gemm::{Matrix, Onto, product};
use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};

/// A convolution without sharing.
#[derive(Clone, Debug)]
pub struct Local<T> {
    input: Shape,
    output: Shape,
    window: Window,
    bias: bool,
    /// Windows of the last forward pass: for each place a row per sample.
    windows: Vec<T>,
    window_gradients: Vec<T>,
}

impl<T: Real> Local<T> {
    /// From a picture to one of `channels` channels; the bias is one per place and channel.
    pub fn new(input: Shape, channels: usize, window: Window, bias: bool) -> Result<Self, Error> {
        let output = window.over("a locally connected layer", input, channels)?;
        Ok(Self { input, output, window, bias, windows: Vec::new(), window_gradients: Vec::new() })
    }

    fn window_numbers(&self) -> usize {
        self.window.height * self.window.width * self.input.channels
    }

    fn at(&self, place: usize) -> [usize; 2] {
        [place / self.output.width, place % self.output.width]
    }
}

impl<T: Real> Layer<T> for Local<T> {
    fn name(&self) -> &'static str {
        "a locally connected layer"
    }

    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.output
    }

    fn tensors(&self) -> Vec<Tensor> {
        let Window { height, width, .. } = self.window;
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        let fans = [height * width * inputs, height * width * outputs];
        let shape = [self.output.places(), height, width, inputs, outputs];
        let weight = Tensor::new("weight", Role::Weight, &shape, fans);
        let bias = Tensor::new("bias", Role::Bias, &[self.output.places(), outputs], fans);
        in_a_row(if self.bias { vec![weight, bias] } else { vec![weight] })
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let (numbers, channels, places) = (self.window_numbers(), self.output.channels, self.output.places());
        let (weight, bias) = parameters.split_at(places * numbers * channels);
        let mut windows = std::mem::take(&mut self.windows);
        fit(&mut windows, places * pass.batch * numbers).fill(T::zero());
        for (place, windows) in windows.chunks_exact_mut(pass.batch * numbers).take(places).enumerate() {
            let at = self.at(place);
            let samples = input.chunks_exact(self.input.numbers());
            for (picture, to) in samples.zip(windows.chunks_exact_mut(numbers)) {
                self.window.rows(self.input, at, |in_window, in_picture, count| {
                    to[in_window..][..count].copy_from_slice(&picture[in_picture..][..count]);
                });
            }
            let onto = if self.bias { Onto::Row(&bias[place * channels..][..channels]) } else { Onto::Zero };
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
        let (numbers, channels, places) = (self.window_numbers(), self.output.channels, self.output.places());
        let (weight, bias) = gradients.split_at_mut(places * numbers * channels);
        if self.bias {
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
            let samples = dx.chunks_exact_mut(self.input.numbers());
            for (picture, from) in samples.zip(from.chunks_exact(numbers)) {
                self.window.rows(self.input, self.at(place), |in_window, in_picture, count| {
                    let to = &mut picture[in_picture..][..count];
                    for (to, &value) in to.iter_mut().zip(&from[in_window..][..count]) {
                        *to += value;
                    }
                });
            }
        }
        self.window_gradients = from;
    }
}
