//! Stochastic gradient descent on a layout: edges of the fuzzy graph pull, points drawn at random push.

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

/// How an epoch is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// All points move at once, by forces at one layout, for half of the edges at a time; in parallel, with random
    /// numbers by counter: the same layout for any number of threads.
    #[default]
    Batch,
    /// Edge by edge as in umap-learn, each seeing what the last has done; on one thread.
    Serial,
}

/// What the descent needs besides graph and layout.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// The curve of the layout's memberships.
    pub curve: Curve,
    /// Number of epochs N.
    pub epochs: usize,
    /// Learning rate of the first epochs; it falls as 1 - n/N.
    pub learning_rate: f32,
    /// Points drawn to push, for each edge that pulls.
    pub negatives: u32,
    /// How an epoch is done.
    pub mode: Mode,
}

/// Where a descent stands.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Epochs done.
    pub epochs: usize,
    /// Edges drawn so far, over all epochs.
    pub edge_samples: u64,
    /// The layout now.
    pub layout: &'a Array2<f32>,
}

/// What a descent came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Descended {
    /// The layout at the end.
    pub layout: Array2<f32>,
    /// Epochs done: fewer than asked for if the observer stopped it.
    pub epochs: usize,
    /// Edges drawn.
    pub edge_samples: u64,
}

/// Each coordinate of a force is cut to this, as in umap-learn.
const CLIP: f32 = 4.0;

/// In a force that pushes, what is added to the squared distance.
const SOFTENING: f32 = 1e-3;

impl Descent {
    /// Improves a layout of shape (n, dim) for a graph of n points.
    ///
    /// In epoch n = 0, 1, .. an edge of weight w is drawn when n w / max w passes a whole number. It pulls its points with
    /// 2 a b d^2(b-1) / (1 + a d^2b) times their difference; `negatives` points drawn at random push the edge's first point
    /// with 2 b / ((0.001 + d²) (1 + a d^2b)) times the difference; coordinates of each are cut to +-4 and multiplied by
    /// the learning rate 1 - (n-1)/N (`McInnes` et al. 2018, algorithm 5; `optimize_layout_euclidean` of umap-learn, whose
    /// epochs 0 and 1 both have the full rate).
    ///
    /// The observer is called after every epoch, and with 0 epochs done before the first one; `Break` stops the descent.
    ///
    /// Errors: a layout of another shape or not finite, an option out of range, and a layout that runs away.
    pub fn run(
        &self,
        graph: &Graph,
        layout: Array2<f32>,
        seed: u64,
        observer: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Descended, Error> {
        self.run_with_fixed(graph, layout, None, seed, observer)
    }

    /// As [`run`](Self::run), but the points of `graph` are joined to those of `fixed`, which stay where they are.
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
            // In epoch 0 no edge is due.
            if let Some(epoch) = NonZeroU32::new(epoch as u32) {
                done.edge_samples += match &mut state {
                    State::Batch(batch) => batch.epoch(epoch, rate, &mut done.layout, fixed),
                    State::Serial(serial) => serial.epoch(epoch, rate, &mut done.layout, fixed),
                };
            }
            done.epochs = epoch + 1;
            // Counted, since a search that may stop is slower.
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

/// What the mode in use keeps from epoch to epoch.
enum State<'a> {
    Batch(batch::Batch<'a>),
    Serial(serial::Serial<'a>),
}

impl Descended {
    fn progress(&self) -> Progress<'_> {
        Progress { epochs: self.epochs, edge_samples: self.edge_samples, layout: &self.layout }
    }
}
