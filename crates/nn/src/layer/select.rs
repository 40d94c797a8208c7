//! Selection of channels.

use std::ops::Range;

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use crate::{Error, Real, Shape};

/// A range of channels at every position, e.g. for branches of different widths.
#[derive(Clone, Debug)]
pub struct Select {
    input: Shape,
    channels: Range<usize>,
}

impl Select {
    /// Creates a layer that selects these channels.
    pub fn new(input: Shape, channels: Range<usize>) -> Result<Self, Error> {
        check(
            channels.end <= input.channels,
            "the end of the selected channels",
            channels.end as f64,
            "at most the number of channels",
        )?;
        check(!channels.is_empty(), "the number of selected channels", 0.0, "at least 1")?;
        Ok(Self { input, channels })
    }
}

impl<T: Real> Layer<T> for Select {
    fn name(&self) -> &'static str {
        "a selection"
    }

    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        Shape { channels: self.channels.len(), ..self.input }
    }

    fn forward(&mut self, _parameters: &[T], input: &[T], output: &mut [T], _pass: &mut Pass<'_, T>) {
        for (x, y) in input.chunks_exact(self.input.channels).zip(output.chunks_exact_mut(self.channels.len())) {
            y.copy_from_slice(&x[self.channels.clone()]);
        }
    }

    fn backward(
        &mut self,
        _parameters: &[T],
        _gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        let Some(dx) = input_gradient else { return };
        dx.fill(T::zero());
        let lines = signal.gradient.chunks_exact(self.channels.len());
        for (dy, dx) in lines.zip(dx.chunks_exact_mut(self.input.channels)) {
            dx[self.channels.clone()].copy_from_slice(dy);
        }
    }
}
