//! Convolution by im2col: every window a row, then one product.

use headstart_check::check;

use super::{Layer, Pass, Signal, column_sums, fit};
use crate::gemm::{Matrix, Onto, product};
use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};

/// A window that slides over a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Rows and columns from one place to the next.
    pub stride: usize,
    /// Zeros round the picture.
    pub padding: usize,
}

impl Window {
    /// Square, with stride 1 and as much padding as keeps the size of the picture (for an odd side).
    pub fn same(side: usize) -> Self {
        Self { height: side, width: side, stride: 1, padding: side / 2 }
    }

    /// Square, side by side, without padding.
    pub fn tiles(side: usize) -> Self {
        Self { height: side, width: side, stride: side, padding: 0 }
    }

    /// The picture of its places.
    pub(crate) fn over(self, layer: &'static str, picture: Shape, channels: usize) -> Result<Shape, Error> {
        check(self.stride > 0, "the stride", self.stride as f64, "at least 1")?;
        check(self.height.min(self.width) > 0, "a side of the window", 0.0, "at least 1")?;
        check(channels > 0, "the number of channels", channels as f64, "at least 1")?;
        let places = |side: usize, window: usize| {
            (side + 2 * self.padding).checked_sub(window).map(|rest| rest / self.stride + 1)
        };
        match (places(picture.height, self.height), places(picture.width, self.width)) {
            (Some(height), Some(width)) if picture.channels > 0 && self.padding < self.height.max(self.width) => {
                Ok(Shape { height, width, channels })
            }
            _ => Err(Error::Shape {
                layer,
                needs: format!("a picture into which a window of {} x {} fits", self.height, self.width),
                given: format!("{} x {} x {}", picture.height, picture.width, picture.channels),
            }),
        }
    }

    /// For the place (`y`, `x`) calls `visit` with each row of the window that meets the picture: first number of the row
    /// in the window and in the picture, and how many.
    // Inlined where vector instructions are enabled.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(crate) fn rows(self, picture: Shape, [y, x]: [usize; 2], mut visit: impl FnMut(usize, usize, usize)) {
        let left = (x * self.stride).max(self.padding);
        let right = (x * self.stride + self.width).min(picture.width + self.padding);
        for i in 0..self.height {
            let row = y * self.stride + i;
            if row < self.padding || row >= picture.height + self.padding || left >= right {
                continue;
            }
            let in_window = (i * self.width + left - x * self.stride) * picture.channels;
            let in_picture = ((row - self.padding) * picture.width + left - self.padding) * picture.channels;
            visit(in_window, in_picture, (right - left) * picture.channels);
        }
    }
}

/// A convolution (the sum that networks call so: without turning the kernel round) with a kernel shared by all places.
#[derive(Clone, Debug)]
pub struct Conv<T> {
    input: Shape,
    output: Shape,
    window: Window,
    bias: bool,
    /// Windows of the last forward pass, a row each.
    windows: Vec<T>,
    window_gradients: Vec<T>,
}

impl<T: Real> Conv<T> {
    /// From a picture to one of `channels` channels.
    pub fn new(input: Shape, channels: usize, window: Window, bias: bool) -> Result<Self, Error> {
        let output = window.over("a convolution", input, channels)?;
        Ok(Self { input, output, window, bias, windows: Vec::new(), window_gradients: Vec::new() })
    }

    fn window_numbers(&self) -> usize {
        self.window.height * self.window.width * self.input.channels
    }
}

impl<T: Real> Layer<T> for Conv<T> {
    fn name(&self) -> &'static str {
        "a convolution"
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
        let weight = Tensor::new("weight", Role::Weight, &[height, width, inputs, outputs], fans);
        let bias = Tensor::new("bias", Role::Bias, &[outputs], fans);
        in_a_row(if self.bias { vec![weight, bias] } else { vec![weight] })
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let (numbers, channels) = (self.window_numbers(), self.output.channels);
        let rows = pass.batch * self.output.places();
        let mut buffer = std::mem::take(&mut self.windows);
        let windows = fit(&mut buffer, rows * numbers);
        if self.window.padding > 0 {
            windows.fill(T::zero());
        }
        let (from, to) = (self.input, self.output);
        let gather = Gather { window: self.window, input: from, output: to, pictures: input, windows: &mut *windows };
        pulp::Arch::new().dispatch(gather);
        let (weight, bias) = parameters.split_at(numbers * channels);
        let onto = if self.bias { Onto::Row(bias) } else { Onto::Zero };
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
        let (numbers, channels) = (self.window_numbers(), self.output.channels);
        let rows = pass.batch * self.output.places();
        let (weight, bias) = gradients.split_at_mut(numbers * channels);
        let dy = Matrix::rows(signal.gradient, channels);
        let windows = Matrix::transpose(&self.windows, numbers);
        product((weight, channels), [numbers, channels, rows], windows, dy, Onto::Zero, pass.packing);
        if self.bias {
            column_sums(signal.gradient, bias);
        }
        let Some(dx) = input_gradient else { return };
        let from = fit(&mut self.window_gradients, rows * numbers);
        let w = Matrix::transpose(&parameters[..numbers * channels], channels);
        product((&mut *from, numbers), [rows, numbers, channels], dy, w, Onto::Zero, pass.packing);
        let (input, output) = (self.input, self.output);
        pulp::Arch::new().dispatch(Scatter { window: self.window, input, output, windows: from, pictures: dx });
    }
}

/// Every window of every picture as a row. A function object, not a closure: the compiler inlines closures of this size
/// into nothing that has vector instructions.
struct Gather<'a, T> {
    window: Window,
    input: Shape,
    output: Shape,
    pictures: &'a [T],
    windows: &'a mut [T],
}

impl<T: Real> pulp::NullaryFnOnce for Gather<'_, T> {
    type Output = ();

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn call(self) {
        let Self { window, input, output, pictures, windows } = self;
        let numbers = window.height * window.width * input.channels;
        let samples = pictures.chunks_exact(input.numbers());
        for (picture, windows) in samples.zip(windows.chunks_exact_mut(output.places() * numbers)) {
            for (place, to) in windows.chunks_exact_mut(numbers).enumerate() {
                let at = [place / output.width, place % output.width];
                window.rows(input, at, |in_window, in_picture, count| {
                    let (to, from) = (&mut to[in_window..][..count], &picture[in_picture..][..count]);
                    if count < 16 {
                        // Not worth a call of `memcpy`.
                        for (to, &from) in to.iter_mut().zip(from) {
                            *to = from;
                        }
                    } else {
                        to.copy_from_slice(from);
                    }
                });
            }
        }
    }
}

/// The sums of all windows' numbers at each place of the pictures.
struct Scatter<'a, T> {
    window: Window,
    input: Shape,
    output: Shape,
    windows: &'a [T],
    pictures: &'a mut [T],
}

impl<T: Real> pulp::NullaryFnOnce for Scatter<'_, T> {
    type Output = ();

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn call(self) {
        let Self { window, input, output, windows, pictures } = self;
        let numbers = window.height * window.width * input.channels;
        pictures.fill(T::zero());
        let samples = pictures.chunks_exact_mut(input.numbers());
        for (picture, windows) in samples.zip(windows.chunks_exact(output.places() * numbers)) {
            for (place, from) in windows.chunks_exact(numbers).enumerate() {
                let at = [place / output.width, place % output.width];
                window.rows(input, at, |in_window, in_picture, count| {
                    let (to, from) = (&mut picture[in_picture..][..count], &from[in_window..][..count]);
                    for (to, &from) in to.iter_mut().zip(from) {
                        *to += from;
                    }
                });
            }
        }
    }
}
