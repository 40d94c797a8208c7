//! Pooling.

use serde::{Deserialize, Serialize};

use super::contract::{Layer, Pass, Signal};
use super::window::Window;
use crate::{Error, Real, Shape};

/// How a window is reduced, channel by channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PoolKind {
    /// The maximum; in ties the first gets the gradient.
    Max,
    /// The mean of the numbers inside the image.
    Average,
}

/// Pooling over windows.
#[derive(Clone, Debug)]
pub struct Pool {
    input: Shape,
    output: Shape,
    window: Window,
    kind: PoolKind,
    /// Index of the largest number of each window in its sample.
    largest: Vec<u32>,
}

impl Pool {
    /// Creates a layer over these windows.
    pub fn new(input: Shape, window: Window, kind: PoolKind) -> Result<Self, Error> {
        let output = window.over("pooling", input, input.channels)?;
        Ok(Self { input, output, window, kind, largest: Vec::new() })
    }

    /// Creates a layer that averages every channel over the whole image or sequence.
    pub fn global(input: Shape) -> Result<Self, Error> {
        let window = Window { height: input.height, width: input.width, stride: 1, padding: 0 };
        Self::new(input, window, PoolKind::Average)
    }

    /// Calls `visit` for each number of each window (first channel only) with the window's index in the output, the
    /// number's index in the input, and the number of entries of the window.
    // Inlined into code with vector instructions.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn each(&self, batch: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let Self { input, output, window, .. } = self;
        for place in 0..output.places() {
            let at = [place / output.width, place % output.width];
            let mut numbers = 0;
            window.rows(*input, at, |_, _, count| numbers += count / input.channels);
            for sample in 0..batch {
                let to = (sample * output.places() + place) * output.channels;
                window.rows(*input, at, |_, in_picture, count| {
                    for place in (in_picture..in_picture + count).step_by(input.channels) {
                        visit(to, sample * input.numbers() + place, numbers);
                    }
                });
            }
        }
    }
}

/// The maximum of every window and its index. A function object, because the compiler does not inline a closure of this
/// size into code with vector instructions.
struct MaxOver<'a, T> {
    of: &'a Pool,
    batch: usize,
    input: &'a [T],
    output: &'a mut [T],
    largest: &'a mut [u32],
}

impl<T: Real> pulp::NullaryFnOnce for MaxOver<'_, T> {
    type Output = ();

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn call(self) {
        let Self { of: pool, batch, input, output, largest } = self;
        let channels = pool.input.channels;
        pool.each(
            batch,
            #[inline(always)]
            |to: usize, from: usize, _: usize| {
                let (x, y) = (&input[from..][..channels], &mut output[to..][..channels]);
                for (c, ((y, at), &x)) in y.iter_mut().zip(&mut largest[to..][..channels]).zip(x).enumerate() {
                    // Written so that a NaN propagates.
                    let better = !(x <= *y);
                    *y = if better { x } else { *y };
                    *at = if better { (from + c) as u32 } else { *at };
                }
            },
        );
    }
}

impl<T: Real> Layer<T> for Pool {
    fn name(&self) -> &'static str {
        "pooling"
    }

    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.output
    }

    fn forward(&mut self, _parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let channels = self.input.channels;
        let mut largest = std::mem::take(&mut self.largest);
        if self.kind == PoolKind::Max && largest.len() < output.len() {
            largest.resize(output.len(), 0);
        }
        match self.kind {
            PoolKind::Average => {
                output.fill(T::zero());
                self.each(pass.batch, |to, from, count| {
                    let share = T::one() / T::of(count as f64);
                    for (y, &x) in output[to..][..channels].iter_mut().zip(&input[from..][..channels]) {
                        *y += share * x;
                    }
                });
            }
            PoolKind::Max => {
                output.fill(T::neg_infinity());
                let largest = &mut largest[..];
                headstart_simd::arch().dispatch(MaxOver { of: self, batch: pass.batch, input, output, largest });
            }
        }
        self.largest = largest;
    }

    fn backward(
        &mut self,
        _parameters: &[T],
        _gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        let Some(dx) = input_gradient else { return };
        dx.fill(T::zero());
        let channels = self.input.channels;
        match self.kind {
            PoolKind::Average => self.each(pass.batch, |from, to, count| {
                let share = T::one() / T::of(count as f64);
                for (dx, &dy) in dx[to..][..channels].iter_mut().zip(&signal.gradient[from..][..channels]) {
                    *dx += share * dy;
                }
            }),
            PoolKind::Max => {
                for (&at, &dy) in self.largest.iter().zip(signal.gradient) {
                    dx[at as usize] += dy;
                }
            }
        }
    }
}
