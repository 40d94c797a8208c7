//! Fits a layout to data in one call.

mod transform;

use std::ops::ControlFlow;
use std::time::Instant;

use headstart_check::check;
use ndarray::{Array2, ArrayView2};

use crate::quality::effective_loss;
use crate::start::{Health, Input, Start};
use crate::{Curve, Descent, Error, Graph, Metric, Mode, Neighbours, Progress, Search, Stream};

/// Options of a fit. `Umap::default()` has the defaults of umap-learn, except for the batch mode.
#[derive(Clone, Debug, PartialEq)]
pub struct Umap {
    /// Neighbours of each point, including itself. Default 15.
    pub neighbours: usize,
    /// Distance between rows of the data. Default Euclidean.
    pub metric: Metric,
    /// Method of the neighbour search. Default: exact for up to some tens of thousands of points.
    pub search: Search,
    /// Columns of the layout. Default 2.
    pub dim: usize,
    /// Smallest distance of points in the layout. Default 0.1.
    pub min_dist: f64,
    /// Unit of length of the layout: memberships decay over this distance. Default 1.
    pub spread: f64,
    /// Epochs of the descent. `None` (default): 500 for up to 10,000 points, 200 beyond.
    pub epochs: Option<usize>,
    /// Learning rate of the first epochs. Default 1.
    pub learning_rate: f32,
    /// Negative samples per drawn edge. Default 5.
    pub negatives: u32,
    /// Number of neighbours that have membership 1. Default 1.
    pub local_connectivity: f64,
    /// Mix of fuzzy union (1) and intersection (0) of the directed memberships. Default 1.
    pub set_operation_mix: f64,
    /// Mode of an epoch. Default: in batches.
    pub mode: Mode,
    /// Number of times that the effective loss is computed during the descent, including the start and the end. Each
    /// costs n² / 2 pairs. Default 0.
    pub losses: usize,
}

impl Default for Umap {
    fn default() -> Self {
        Self {
            neighbours: 15,
            metric: Metric::Euclidean,
            search: Search::Automatic,
            dim: 2,
            min_dist: 0.1,
            spread: 1.0,
            epochs: None,
            learning_rate: 1.0,
            negatives: 5,
            local_connectivity: 1.0,
            set_operation_mix: 1.0,
            mode: Mode::Batch,
            losses: 0,
        }
    }
}

/// Seconds of each stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seconds {
    /// Neighbour search.
    pub neighbours: f64,
    /// Fuzzy graph.
    pub graph: f64,
    /// Start.
    pub start: f64,
    /// Descent, without the losses and the observer.
    pub descent: f64,
}

/// Result of a fit.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Coordinates, shape (n, dim).
    pub layout: Array2<f32>,
    /// Health of the start's eigenvectors, if it has any.
    pub health: Option<Health>,
    /// Cost of the start, in multiply-adds.
    pub start_multiply_adds: u64,
    /// Pairs of epochs done and effective loss, if [`Umap::losses`] is set.
    pub losses: Vec<(usize, f64)>,
    /// Number of epochs done.
    pub epochs: usize,
    /// Number of edges drawn.
    pub edge_samples: u64,
    /// Seconds of each stage.
    pub seconds: Seconds,
    /// Fuzzy graph with all its edges.
    pub graph: Graph,
    /// Curve of the layout's memberships.
    pub curve: Curve,
}

/// Stream numbers of a seed.
const START: u64 = 1;
const DESCENT: u64 = 2;
/// 3 is the stream of [`Umap::transform`].
const NEIGHBOURS: u64 = 4;

impl Umap {
    /// Lays out the rows of a table of shape (n, p).
    ///
    /// `start` makes the initial layout: a function of [`start`](crate::start), or any function of the same form. The
    /// same seed gives the same layout on any number of threads.
    ///
    /// Errors: a table that is empty, too small for the number of neighbours or not finite; an option out of range; an
    /// error of the start.
    pub fn fit(
        &self,
        data: ArrayView2<'_, f32>,
        start: impl FnOnce(&Input<'_>, &mut Stream) -> Result<Start, Error>,
        seed: u64,
    ) -> Result<Fitted, Error> {
        self.fit_observed(data, start, seed, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`fit`](Self::fit), with an observer that is called after every epoch and may stop the descent.
    pub fn fit_observed(
        &self,
        data: ArrayView2<'_, f32>,
        start: impl FnOnce(&Input<'_>, &mut Stream) -> Result<Start, Error>,
        seed: u64,
        observer: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Fitted, Error> {
        self.check()?;
        let clock = Instant::now();
        let neighbours =
            Neighbours::search(data, self.neighbours, self.metric, self.search, &mut Stream::new(seed, NEIGHBOURS))?;
        let seconds = clock.elapsed().as_secs_f64();
        let mut fitted = self.lay_out(&neighbours, Some(data), start, seed, observer)?;
        fitted.seconds.neighbours = seconds;
        Ok(fitted)
    }

    /// Lays out points from their neighbours alone; `neighbours` replaces the field [`neighbours`](Self::neighbours).
    ///
    /// Errors: as for [`fit`](Self::fit), and a start that needs the data.
    pub fn fit_neighbours(
        &self,
        neighbours: &Neighbours,
        start: impl FnOnce(&Input<'_>, &mut Stream) -> Result<Start, Error>,
        seed: u64,
    ) -> Result<Fitted, Error> {
        self.check()?;
        self.lay_out(neighbours, None, start, seed, &mut |_| ControlFlow::Continue(()))
    }

    fn check(&self) -> Result<(), Error> {
        check(self.dim > 0, "dim", 0.0, "at least 1")?;
        check(self.negatives > 0, "negatives", 0.0, "at least 1")?;
        Curve::fit(self.min_dist, self.spread).map(|_| ())
    }

    /// Number of epochs for n points.
    fn epochs_for(&self, n: usize) -> usize {
        self.epochs.unwrap_or(if n <= 10_000 { 500 } else { 200 })
    }

    fn lay_out(
        &self,
        neighbours: &Neighbours,
        data: Option<ArrayView2<'_, f32>>,
        start: impl FnOnce(&Input<'_>, &mut Stream) -> Result<Start, Error>,
        seed: u64,
        observer: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Fitted, Error> {
        let mut seconds = Seconds::default();
        let clock = Instant::now();
        let curve = Curve::fit(self.min_dist, self.spread)?;
        let graph = Graph::fuzzy(neighbours, self.local_connectivity, self.set_operation_mix)?;
        let epochs = self.epochs_for(graph.len());
        // As in umap-learn, a run of few epochs keeps the edges of a default run.
        let pruned = graph.pruned(if epochs > 10 { epochs } else { Self::default().epochs_for(graph.len()) });
        seconds.graph = clock.elapsed().as_secs_f64();

        let clock = Instant::now();
        let input = Input { data: data.map(ArrayView2::reborrow), graph: &pruned, dim: self.dim };
        let start = start(&input, &mut Stream::new(seed, START))?;
        crate::error::shape("the start's layout", start.layout.dim(), (graph.len(), self.dim))?;
        seconds.start = clock.elapsed().as_secs_f64();

        let clock = Instant::now();
        let descent =
            Descent { curve, epochs, learning_rate: self.learning_rate, negatives: self.negatives, mode: self.mode };
        let mut losses = Vec::new();
        let mut aside = 0.0;
        let mut failed = None;
        let due: Vec<usize> = (0..self.losses).map(|k| k * epochs / (self.losses - 1).max(1)).collect();
        let mut watch = |progress: &Progress<'_>| {
            let clock = Instant::now();
            if due.contains(&progress.epochs) {
                match effective_loss(&graph, progress.layout.view(), curve, self.negatives) {
                    Ok(loss) => losses.push((progress.epochs, loss)),
                    Err(error) => failed = Some(error),
                }
            }
            let answer = observer(progress);
            aside += clock.elapsed().as_secs_f64();
            answer
        };
        let done = descent.run(&pruned, start.layout, Stream::new(seed, DESCENT).key(), &mut watch)?;
        if let Some(error) = failed {
            return Err(error);
        }
        seconds.descent = clock.elapsed().as_secs_f64() - aside;
        Ok(Fitted {
            layout: done.layout,
            health: start.health,
            start_multiply_adds: start.multiply_adds,
            losses,
            epochs: done.epochs,
            edge_samples: done.edge_samples,
            seconds,
            graph,
            curve,
        })
    }
}
