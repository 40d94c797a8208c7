//! From data to layout in one call.

mod transform;

use std::ops::ControlFlow;
use std::time::Instant;

use headstart_check::check;
use ndarray::{Array2, ArrayView2};

use crate::quality::effective_loss;
use crate::start::{Health, Input, Start};
use crate::{Curve, Descent, Error, Graph, Metric, Mode, Neighbours, Progress, Search, Stream};

/// The options of a fit. `Umap::default()` is umap-learn's, but for the batch mode.
#[derive(Clone, Debug, PartialEq)]
pub struct Umap {
    /// Neighbours of each point, the point itself counted; 15.
    pub neighbours: usize,
    /// Distances of the data; Euclidean.
    pub metric: Metric,
    /// How neighbours are looked for; exactly up to some tens of thousands of points.
    pub search: Search,
    /// Columns of the layout; 2.
    pub dim: usize,
    /// How close points may come in the layout; 0.1.
    pub min_dist: f64,
    /// The layout's unit of length: memberships fall off over this distance; 1.
    pub spread: f64,
    /// Epochs of the descent; 500 up to 10,000 points and 200 beyond if `None`.
    pub epochs: Option<usize>,
    /// Learning rate of the first epochs; 1.
    pub learning_rate: f32,
    /// Points that push for each edge that pulls; 5.
    pub negatives: u32,
    /// Neighbours taken to be connected with certainty; 1.
    pub local_connectivity: f64,
    /// 1 for the union of the two directed memberships, 0 for their intersection; 1.
    pub set_operation_mix: f64,
    /// How an epoch is done; in batches.
    pub mode: Mode,
    /// Times that the effective loss is computed along the way, the start and the end among them; 0. Each costs n² / 2
    /// pairs.
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
    /// Finding the neighbours.
    pub neighbours: f64,
    /// The fuzzy graph.
    pub graph: f64,
    /// Making the start.
    pub start: f64,
    /// The descent, without the losses and the observer.
    pub descent: f64,
}

/// A layout and how it came about.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Coordinates, shape (n, dim).
    pub layout: Array2<f32>,
    /// What is known of the start's eigenvectors, if it is made of any.
    pub health: Option<Health>,
    /// What the start cost, in multiplications with an addition.
    pub start_multiply_adds: u64,
    /// Epochs done and the effective loss then, if [`Umap::losses`] asks for it.
    pub losses: Vec<(usize, f64)>,
    /// Epochs done.
    pub epochs: usize,
    /// Edges drawn.
    pub edge_samples: u64,
    /// Seconds of each stage.
    pub seconds: Seconds,
    /// The fuzzy graph, with all its edges.
    pub graph: Graph,
    /// The curve of the layout's memberships.
    pub curve: Curve,
}

/// Numbers of the streams of a seed.
const START: u64 = 1;
const DESCENT: u64 = 2;
/// After the transform's.
const NEIGHBOURS: u64 = 4;

impl Umap {
    /// Lays out the rows of a table of shape (n, p).
    ///
    /// `start` makes the first layout: a function of [`start`](crate::start), or any of that form. The same seed gives the
    /// same layout, whatever the number of threads.
    ///
    /// Errors: a table that is empty, too small for the number of neighbours or not finite; an option out of range; what
    /// the start refuses.
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

    /// Lays out points of which only the neighbours are known; their number replaces [`neighbours`](Self::neighbours).
    ///
    /// Errors: as [`fit`](Self::fit), and a start that needs the data.
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

    /// Epochs for n points.
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
        // As umap-learn: a run of a few epochs keeps the edges of a usual one.
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
