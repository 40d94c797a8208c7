//! One forward and backward pass through a linear network, with the gradient written out.

use headstart_nn::Real;

use super::layout::{Architecture, CHANNELS, ENDS, UNITS};
use crate::rows::{Edges, LANES, Row, dot};

/// Signals and their gradients: after the stem, after each layer, after the head.
pub(super) struct Pass<T> {
    signals: Vec<Vec<Row<T>>>,
    gradients: Vec<Vec<Row<T>>>,
    output: Vec<Row<T>>,
    by_output: Vec<Row<T>>,
}

impl<T: Real> Pass<T> {
    pub(super) fn new(layers: usize) -> Self {
        let zeros = || vec![[T::zero(); LANES]; UNITS];
        Self {
            signals: vec![zeros(); layers + 1],
            gradients: vec![zeros(); layers + 1],
            output: zeros(),
            by_output: zeros(),
        }
    }

    /// Output of the last pass.
    pub(super) fn output(&self) -> &[Row<T>] {
        &self.output
    }
}

/// The inputs of a pass. A function object, because a closure of this size would be compiled without vector
/// instructions.
pub(super) struct Part<'a, T> {
    pub(super) architecture: Architecture,
    pub(super) edges: &'a [Edges],
    pub(super) values: &'a [T],
    pub(super) gradients: &'a mut [T],
    pub(super) teacher: &'a [Row<T>],
    pub(super) norm: T,
    pub(super) pass: &'a mut Pass<T>,
    pub(super) backward: bool,
    /// Computes the gradient of the sum of outputs for an input of ones, instead of the error's.
    pub(super) flow: bool,
}

impl<T: Real> pulp::NullaryFnOnce for Part<'_, T> {
    /// The normalised error.
    type Output = T;

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn call(self) -> T {
        let Self { architecture, edges, values, gradients, teacher, norm, pass, backward, flow } = self;
        let Pass { signals, gradients: back, output, by_output } = pass;
        let layers = edges.len();
        let (stem, rest) = values.split_at(ENDS);
        let (weights, head) = rest.split_at(rest.len() - ENDS);
        // The stem applied to the identity: stem[place, b, c] maps input channel b of a position to its output channel
        // c.
        for (unit, row) in signals[0].iter_mut().enumerate() {
            let (place, c) = (unit / CHANNELS, unit % CHANNELS);
            *row = [T::zero(); LANES];
            for b in 0..CHANNELS {
                row[place * CHANNELS + b] = stem[at(place, b, c)];
            }
        }
        let mut from = 0;
        for (layer, edges) in edges.iter().enumerate() {
            let (before, after) = signals.split_at_mut(layer + 1);
            let own = &weights[from..from + edges.len()];
            if architecture.adds(layer) {
                edges.forward(own, &before[layer], &mut after[0], |j| before[layer - 1][j]);
            } else {
                edges.forward(own, &before[layer], &mut after[0], |_| [T::zero(); LANES]);
            }
            from += edges.len();
        }
        let last = &signals[layers];
        let mut sums = [T::zero(); LANES];
        let share = (T::one() + T::one()) / norm;
        for (unit, (y, dy)) in output.iter_mut().zip(by_output.iter_mut()).enumerate() {
            let (place, c) = (unit / CHANNELS, unit % CHANNELS);
            let mut row = [T::zero(); LANES];
            for b in 0..CHANNELS {
                let h = head[at(place, b, c)];
                for (y, &x) in row.iter_mut().zip(&last[place * CHANNELS + b]) {
                    *y += h * x;
                }
            }
            *y = row;
            for ((sum, dy), (&y, &t)) in sums.iter_mut().zip(dy.iter_mut()).zip(row.iter().zip(&teacher[unit])) {
                let gap = y - t;
                *sum += gap * gap;
                *dy = share * gap;
            }
        }
        let error = crate::rows::sum(&sums) / norm;
        if !backward {
            return error;
        }
        if flow {
            for dy in by_output.iter_mut() {
                dy[..UNITS].fill(T::one());
            }
        }
        let (by_stem, by_rest) = gradients.split_at_mut(ENDS);
        let (by_weights, by_head) = by_rest.split_at_mut(weights.len());
        by_head.fill(T::zero());
        for (unit, dx) in back[layers].iter_mut().enumerate() {
            let (place, b) = (unit / CHANNELS, unit % CHANNELS);
            *dx = [T::zero(); LANES];
            for c in 0..CHANNELS {
                let (h, dy) = (head[at(place, b, c)], &by_output[place * CHANNELS + c]);
                for (dx, &dy) in dx.iter_mut().zip(dy) {
                    *dx += h * dy;
                }
                by_head[at(place, b, c)] += dot(&last[unit], dy);
            }
        }
        let mut to = weights.len();
        for (layer, edges) in edges.iter().enumerate().rev() {
            let from = to - edges.len();
            let (before, after) = back.split_at_mut(layer + 1);
            if architecture.adds(layer) {
                before[layer - 1].copy_from_slice(&after[0]);
            }
            // Before a pair, the gradient already holds the part of the shortcut.
            if !(layer + 1 < layers && architecture.adds(layer + 1)) {
                before[layer].fill([T::zero(); LANES]);
            }
            let dx = Some(&mut before[layer][..]);
            edges.backward(&weights[from..to], &signals[layer], &after[0], &mut by_weights[from..to], dx);
            to = from;
        }
        by_stem.fill(T::zero());
        for (unit, dx) in back[0].iter().enumerate() {
            let (place, c) = (unit / CHANNELS, unit % CHANNELS);
            for b in 0..CHANNELS {
                by_stem[at(place, b, c)] += dx[place * CHANNELS + b];
            }
        }
        error
    }
}

/// Index of the coefficient of a stem or head from channel `b` to `c` of a position.
#[allow(clippy::inline_always)]
#[inline(always)]
fn at(place: usize, b: usize, c: usize) -> usize {
    (place * CHANNELS + b) * CHANNELS + c
}
