//! Sliding windows over an image, and the geometry shared by the layers that use them.

use headstart_check::check;

use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};

/// A window that slides over an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Step in rows and columns.
    pub stride: usize,
    /// Rows and columns of zeros on each side of the image.
    pub padding: usize,
}

impl Window {
    /// Returns a square window with stride 1 and the padding that keeps the image size (for an odd side).
    pub fn same(side: usize) -> Self {
        Self { height: side, width: side, stride: 1, padding: side / 2 }
    }

    /// Returns square windows without overlap or padding.
    pub fn tiles(side: usize) -> Self {
        Self { height: side, width: side, stride: side, padding: 0 }
    }

    /// Returns the shape of the output image, or an error if the window does not fit.
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
                needs: format!("an image into which a window of {} x {} fits", self.height, self.width),
                given: format!("{} x {} x {}", picture.height, picture.width, picture.channels),
            }),
        }
    }

    /// Calls `visit` for each row of the window at (`y`, `x`) that overlaps the image: first index of the row in the
    /// window and in the image, and its length.
    // Inlined into code with vector instructions.
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

/// A window over an image and the resulting output image: the geometry of a convolution, with or without shared
/// weights.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sliding {
    pub(super) window: Window,
    pub(super) input: Shape,
    pub(super) output: Shape,
    pub(super) bias: bool,
}

impl Sliding {
    /// Creates the geometry of a layer named `layer` from an image to an image of `channels` channels.
    pub(super) fn new(
        layer: &'static str,
        input: Shape,
        channels: usize,
        window: Window,
        bias: bool,
    ) -> Result<Self, Error> {
        Ok(Self { window, input, output: window.over(layer, input, channels)?, bias })
    }

    /// Numbers per window.
    pub(super) fn numbers(&self) -> usize {
        self.window.height * self.window.width * self.input.channels
    }

    /// Returns the kernel tensor and, if there is one, the bias tensor; with `kernels`, that many of each.
    pub(super) fn tensors(&self, kernels: Option<usize>) -> Vec<Tensor> {
        let Window { height, width, .. } = self.window;
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        let fans = [height * width * inputs, height * width * outputs];
        let shape = |of_one: &[usize]| kernels.iter().chain(of_one).copied().collect::<Vec<_>>();
        let weight = Tensor::new("weight", Role::Weight, &shape(&[height, width, inputs, outputs]), fans);
        let bias = Tensor::new("bias", Role::Bias, &shape(&[outputs]), fans);
        in_a_row(if self.bias { vec![weight, bias] } else { vec![weight] })
    }

    /// Copies the window at a position of the image. Entries outside the image are left unchanged.
    // Inlined into code with vector instructions.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn gather<T: Real>(&self, place: usize, picture: &[T], window: &mut [T]) {
        self.window.rows(self.input, self.at(place), |in_window, in_picture, count| {
            let (to, from) = (&mut window[in_window..][..count], &picture[in_picture..][..count]);
            if count < 16 {
                // Too short for a call of `memcpy`.
                for (to, &from) in to.iter_mut().zip(from) {
                    *to = from;
                }
            } else {
                to.copy_from_slice(from);
            }
        });
    }

    /// Adds the window at a position to the image.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn scatter<T: Real>(&self, place: usize, window: &[T], picture: &mut [T]) {
        self.window.rows(self.input, self.at(place), |in_window, in_picture, count| {
            let (to, from) = (&mut picture[in_picture..][..count], &window[in_window..][..count]);
            for (to, &from) in to.iter_mut().zip(from) {
                *to += from;
            }
        });
    }

    /// Row and column of a position.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn at(&self, place: usize) -> [usize; 2] {
        [place / self.output.width, place % self.output.width]
    }
}
