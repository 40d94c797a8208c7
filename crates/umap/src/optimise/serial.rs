//! Serial mode: edge by edge, as in umap-learn.

use headstart_simd::Portable;
use std::num::NonZeroU32;

use ndarray::Array2;

use super::schedule::Rate;
use super::{CLIP, Descent, SOFTENING};
use crate::Graph;
use crate::counter::{below, key, word};

/// Purpose of the random numbers; each mode has a different one.
const PURPOSE: u64 = 0x5e;

pub(super) struct Serial<'a> {
    descent: &'a Descent,
    graph: &'a Graph,
    rates: Vec<Rate>,
    /// Number of negative samples of each edge so far, including the first few that umap-learn skips.
    pushed: Vec<u64>,
    dim: usize,
    key: u64,
    drawn: u64,
}

impl<'a> Serial<'a> {
    pub(super) fn new(descent: &'a Descent, graph: &'a Graph, layout: &Array2<f32>, seed: u64) -> Self {
        // umap-learn starts counting at `epochs_per_negative_sample`, one step in.
        let pushed = vec![1; graph.entries()];
        Self {
            descent,
            graph,
            rates: Rate::of(graph),
            pushed,
            dim: layout.ncols(),
            key: key(&[seed, PURPOSE]),
            drawn: 0,
        }
    }

    /// Moves the layout for one epoch. Returns the number of edges drawn.
    pub(super) fn epoch(
        &mut self,
        epoch: NonZeroU32,
        rate: f32,
        layout: &mut Array2<f32>,
        fixed: Option<&Array2<f32>>,
    ) -> u64 {
        let (a, b) = (self.descent.curve.a as f32, self.descent.curve.b as f32);
        let dim = self.dim;
        let Some(layout) = layout.as_slice_mut() else { return 0 };
        let fixed = fixed.and_then(|fixed| fixed.as_slice());
        let others = (fixed.map_or(layout.len(), <[f32]>::len) / dim) as u32;
        let mut samples = 0;
        for head in 0..self.graph.len() {
            for edge in self.graph.starts()[head]..self.graph.starts()[head + 1] {
                if !self.rates[edge].is_drawn(epoch) {
                    continue;
                }
                samples += 1;
                let tail = self.graph.columns()[edge] as usize;
                let squared = distance(layout, fixed, head, tail, dim);
                if squared > 0.0 {
                    let pull = -2.0 * a * b * squared.portable_powf(b - 1.0) / (a * squared.portable_powf(b) + 1.0);
                    for axis in 0..dim {
                        let other = fixed.map_or_else(|| layout[tail * dim + axis], |fixed| fixed[tail * dim + axis]);
                        let step = (pull * (layout[head * dim + axis] - other)).clamp(-CLIP, CLIP) * rate;
                        layout[head * dim + axis] += step;
                        if fixed.is_none() {
                            layout[tail * dim + axis] -= step;
                        }
                    }
                }
                let due = self.rates[edge].times(u64::from(epoch.get()) * u64::from(self.descent.negatives));
                for _ in self.pushed[edge]..due {
                    self.push(layout, fixed, head, others, rate);
                }
                self.pushed[edge] = self.pushed[edge].max(due);
            }
        }
        samples
    }

    fn push(&mut self, layout: &mut [f32], fixed: Option<&[f32]>, head: usize, others: u32, rate: f32) {
        let (a, b) = (self.descent.curve.a as f32, self.descent.curve.b as f32);
        let dim = self.dim;
        let other = below(others, word(self.key, self.drawn)) as usize;
        self.drawn += 1;
        let squared = distance(layout, fixed, head, other, dim);
        if squared > 0.0 {
            let push = 2.0 * b / ((SOFTENING + squared) * (a * squared.portable_powf(b) + 1.0));
            for axis in 0..dim {
                let at = fixed.map_or_else(|| layout[other * dim + axis], |fixed| fixed[other * dim + axis]);
                layout[head * dim + axis] += (push * (layout[head * dim + axis] - at)).clamp(-CLIP, CLIP) * rate;
            }
        }
    }
}

fn distance(layout: &[f32], fixed: Option<&[f32]>, head: usize, tail: usize, dim: usize) -> f32 {
    let own = &layout[head * dim..(head + 1) * dim];
    let other = &fixed.unwrap_or(layout)[tail * dim..(tail + 1) * dim];
    own.iter().zip(other).map(|(x, y)| (x - y) * (x - y)).sum()
}
