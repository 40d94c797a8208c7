//! Stochastic gradient descent on a layout: edges of the fuzzy graph attract, random points repel.

mod batch;
mod power;
mod schedule;
mod serial;

use std::num::NonZeroU32;
use std::ops::ControlFlow;

use headstart_check::check;
use ndarray::Array2;

pub(crate) use power::power;

use crate::{Curve, Error, Graph, error};

/// Mode of an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// All points move at once by forces at one layout, for half of the edges at a time. Runs in parallel;
    /// counter-based random numbers give the same layout on any number of threads.
    #[default]
    Batch,
    /// Edge by edge as in umap-learn, each edge using the result of the one before; on one thread.
    Serial,
}

/// Options of the descent.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// Curve of the layout's memberships.
    pub curve: Curve,
    /// Number of epochs N.
    pub epochs: usize,
    /// Learning rate of the first epochs; it falls as 1 - n/N.
    pub learning_rate: f32,
    /// Negative samples per drawn edge.
    pub negatives: u32,
    /// Mode of an epoch.
    pub mode: Mode,
}

/// Progress of a descent.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Epochs done.
    pub epochs: usize,
    /// Number of edges drawn so far.
    pub edge_samples: u64,
    /// The current layout.
    pub layout: &'a Array2<f32>,
}

/// Result of a descent.
#[derive(Clone, Debug, PartialEq)]
pub struct Descended {
    /// The final layout.
    pub layout: Array2<f32>,
    /// Number of epochs done, fewer than requested if the observer stopped the descent.
    pub epochs: usize,
    /// Number of edges drawn.
    pub edge_samples: u64,
}

/// Each coordinate of a force is clipped to this, as in umap-learn.
const CLIP: f32 = 4.0;

/// Added to the squared distance in repulsive forces.
const SOFTENING: f32 = 1e-3;

impl Descent {
    /// Improves a layout of shape (n, dim) for a graph of n points.
    ///
    /// In epoch n = 0, 1, .. an edge of weight w is drawn when n w / max w passes an integer. It attracts its points
    /// with 2 a b d^2(b-1) / (1 + a d^2b) times their difference. `negatives` random points repel the edge's first
    /// point with 2 b / ((0.001 + d²) (1 + a d^2b)) times the difference. The coordinates of each force are clipped to
    /// +-4 and multiplied by the learning rate 1 - (n-1)/N (`McInnes` et al. 2018, algorithm 5;
    /// `optimize_layout_euclidean` of umap-learn, whose epochs 0 and 1 both have the full rate).
    ///
    /// The observer is called before the first epoch (with 0 epochs done) and after every epoch; `Break` stops the
    /// descent.
    ///
    /// Errors: a layout of the wrong shape or not finite, an option out of range, a layout that diverges.
    pub fn run(
        &self,
        graph: &Graph,
        layout: Array2<f32>,
        seed: u64,
        observer: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Descended, Error> {
        self.run_with_fixed(graph, layout, None, seed, observer)
    }

    /// As [`run`](Self::run), but the edges of `graph` lead to the points of `fixed`, which do not move.
    pub(crate) fn run_with_fixed(
        &self,
        graph: &Graph,
        layout: Array2<f32>,
        fixed: Option<&Array2<f32>>,
        seed: u64,
        observer: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Descended, Error> {
        error::shape("the layout", layout.dim(), (graph.len(), layout.ncols()))?;
        error::table("the layout", &layout.view())?;
        let rate = f64::from(self.learning_rate);
        check(rate > 0.0 && rate.is_finite(), "learning_rate", rate, "positive and finite")?;
        let layout = if layout.is_standard_layout() { layout } else { layout.as_standard_layout().into_owned() };
        let mut done = Descended { layout, epochs: 0, edge_samples: 0 };
        if observer(&done.progress()).is_break() {
            return Ok(done);
        }
        let mut state = match self.mode {
            Mode::Batch => State::Batch(batch::Batch::new(self, graph, seed)),
            Mode::Serial => State::Serial(serial::Serial::new(self, graph, &done.layout, seed)),
        };
        for epoch in 0..self.epochs {
            let rate = self.learning_rate * (1.0 - epoch.saturating_sub(1) as f32 / self.epochs as f32);
            // No edge is due in epoch 0.
            if let Some(epoch) = NonZeroU32::new(epoch as u32) {
                done.edge_samples += match &mut state {
                    State::Batch(batch) => batch.epoch(epoch, rate, &mut done.layout, fixed),
                    State::Serial(serial) => serial.epoch(epoch, rate, &mut done.layout, fixed),
                };
            }
            done.epochs = epoch + 1;
            // Counted, because a search that may stop early is slower.
            if done.layout.iter().filter(|x| !x.is_finite()).count() > 0 {
                return Err(Error::Diverged { epoch: done.epochs });
            }
            if observer(&done.progress()).is_break() {
                break;
            }
        }
        Ok(done)
    }
}

/// State of the mode between epochs.
enum State<'a> {
    Batch(batch::Batch<'a>),
    Serial(serial::Serial<'a>),
}

impl Descended {
    fn progress(&self) -> Progress<'_> {
        Progress { epochs: self.epochs, edge_samples: self.edge_samples, layout: &self.layout }
    }
}
