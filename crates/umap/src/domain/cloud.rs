//! The instance of a trial: points with their graph, and a second sample of them.

use std::time::Instant;

use headstart_domain::{Result, Stream};
use ndarray::{Array2, Axis};
use rand::seq::index;
use serde::Serialize;

use crate::problem::Shape;
use crate::start::Input;
use crate::{Curve, Descent, Graph, Metric, Mode, Neighbours, Search};

/// Points to lay out, with their graph and known properties.
#[derive(Serialize)]
pub struct Cloud {
    pub(super) settings: Settings,
    pub(super) whole: Sample,
    /// Nine tenths of the points (their rows, and the sample). This second replicate of the same problem measures the
    /// stability of the layout.
    #[serde(skip)]
    pub(super) twin: (Vec<usize>, Sample),
    /// A sample of the points for the quality metrics, if all points would be too many.
    #[serde(skip)]
    pub(super) judged: Option<Vec<usize>>,
    /// Distances along the shape, if known; otherwise distances in the data are used.
    #[serde(skip)]
    pub(super) intrinsic: Option<Array2<f32>>,
    #[serde(skip)]
    pub(super) colours: Colours,
    #[serde(skip)]
    pub(super) curve: Curve,
    /// Notes on how the user's data was read.
    #[serde(skip)]
    pub(super) notes: Vec<String>,
}

/// Labels of the points, for figures and outputs.
pub(super) enum Colours {
    Nothing,
    /// The group of each point, and the names of the groups.
    Groups(Vec<u32>, Vec<String>),
    /// A number for each point, and its label.
    Scale(Vec<f32>, String),
}

/// Settings that change the layout of the same points.
#[derive(Clone, Serialize)]
pub(super) struct Settings {
    pub(super) neighbours: usize,
    pub(super) min_dist: f64,
    pub(super) cosine: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { neighbours: 15, min_dist: 0.1, cosine: false }
    }
}

/// A table and its graph.
#[derive(Serialize)]
pub(super) struct Sample {
    pub(super) points: Array2<f32>,
    #[serde(skip)]
    pub(super) graph: Graph,
    /// The graph without the edges that are never drawn.
    #[serde(skip)]
    pub(super) pruned: Graph,
    /// Seconds spent on neighbours and graph.
    #[serde(skip)]
    pub(super) seconds: f64,
}

/// Above this number of points, quality is computed on a sample: all pairs would take longer than the fit.
const JUDGED: usize = 3000;
/// Columns of a layout.
pub(super) const DIM: usize = 2;
/// Number of multiply-adds charged to a start (sparse matrix products, orthogonalisation) that takes as long as the
/// force of one pair. Measured with spectral starts of 1000 points, one connected and one in 25 components.
const PAIR: f64 = 17.0;

impl Cloud {
    pub(super) fn of_shape(shape: Shape, stream: &mut Stream) -> Result<Self> {
        let colours = match (shape.labels, &shape.intrinsic) {
            (Some(labels), _) => {
                let count = labels.iter().max().map_or(0, |most| most + 1);
                Colours::Groups(labels, (1..=count).map(|group| format!("part {group}")).collect())
            }
            (None, Some(distances)) => {
                Colours::Scale(distances.row(0).to_vec(), "distance along the shape from one point".into())
            }
            (None, None) => Colours::Nothing,
        };
        let whole = Self::new(shape.points, Settings::default(), colours, stream)?;
        Ok(Self { intrinsic: shape.intrinsic, ..whole })
    }

    pub(super) fn new(points: Array2<f32>, settings: Settings, colours: Colours, stream: &mut Stream) -> Result<Self> {
        let n = points.nrows();
        let whole = Sample::new(points, &settings, stream)?;
        // With few points, nearly all must stay so that each has enough neighbours.
        let mut kept = index::sample(stream, n, (n * 9).div_ceil(10).max(settings.neighbours + 1).min(n)).into_vec();
        kept.sort_unstable();
        let judged = (n > JUDGED).then(|| index::sample(stream, n, JUDGED).into_vec());
        let twin = Sample::new(whole.points.select(Axis(0), &kept), &settings, stream)?;
        Ok(Self {
            curve: Curve::fit(settings.min_dist, 1.0)?,
            whole,
            twin: (kept, twin),
            judged,
            settings,
            intrinsic: None,
            colours,
            notes: Vec::new(),
        })
    }

    pub(super) fn epochs(&self) -> usize {
        epochs_for(self.whole.points.nrows())
    }

    pub(super) fn descent(&self, epochs: usize) -> Descent {
        Descent { curve: self.curve, epochs, learning_rate: 1.0, negatives: 5, mode: Mode::Batch }
    }

    /// The epochs after which the loss is computed. They are denser early on, and fewer for more points, because each
    /// takes all pairs.
    pub(super) fn evaluations(&self, epochs: usize) -> Vec<usize> {
        let times = match self.whole.points.nrows() {
            0..=2500 => 12,
            2501..=6000 => 6,
            _ => 3,
        };
        (0..times).map(|k| (epochs as f64 * (f64::from(k) / f64::from(times - 1)).powi(2)).round() as usize).collect()
    }

    /// Converts the multiply-adds of a start to epochs.
    pub(super) fn in_epochs(&self, multiply_adds: u64) -> f64 {
        let graph = &self.whole.pruned;
        let drawn: f64 = graph.degrees().iter().sum::<f64>() / f64::from(graph.largest());
        let pairs = drawn * f64::from(1 + self.descent(1).negatives);
        multiply_adds as f64 / (PAIR * pairs)
    }
}

impl Sample {
    fn new(points: Array2<f32>, settings: &Settings, stream: &mut Stream) -> Result<Self> {
        let clock = Instant::now();
        let metric = if settings.cosine { Metric::Cosine } else { Metric::Euclidean };
        let neighbours = Neighbours::search(points.view(), settings.neighbours, metric, Search::Automatic, stream)?;
        let graph = Graph::fuzzy(&neighbours, 1.0, 1.0)?;
        let pruned = graph.pruned(epochs_for(points.nrows()));
        Ok(Self { points, graph, pruned, seconds: clock.elapsed().as_secs_f64() })
    }

    pub(super) fn input(&self) -> Input<'_> {
        Input { data: Some(self.points.view()), graph: &self.pruned, dim: DIM }
    }
}

/// Number of epochs for n points, as in umap-learn.
fn epochs_for(n: usize) -> usize {
    if n <= 10_000 { 500 } else { 200 }
}

/// Rows scaled to length 1; their Euclidean distances have the order of the cosine distances.
pub(super) fn on_sphere(mut points: Array2<f32>) -> Array2<f32> {
    for mut row in points.rows_mut() {
        let length = row.dot(&row).sqrt();
        if length > 0.0 {
            row /= length;
        }
    }
    points
}
