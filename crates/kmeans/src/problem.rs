//! Points and the number of clusters to find.

use ndarray::{Array2, ArrayView1};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::{Error, Result};

/// Points to cluster, and the number of clusters.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "harness", derive(serde::Serialize))]
pub struct Task {
    pub(crate) points: Array2<f64>,
    pub(crate) clusters: usize,
}

impl Task {
    /// Makes a task from points, one per row, and the number of clusters. Fails if that number is 0 or above the number
    /// of points, or if a coordinate is not finite.
    pub fn new(points: Array2<f64>, clusters: usize) -> Result<Self> {
        if !(1..=points.nrows()).contains(&clusters) {
            return Err(Error::Clusters { clusters, points: points.nrows() });
        }
        if let Some(((row, column), value)) = points.indexed_iter().find(|(_, x)| !x.is_finite()) {
            return Err(Error::NotFinite { row, column, value: *value });
        }
        Ok(Self { points, clusters })
    }

    /// Returns the mean squared distance of the points to their nearest centre.
    pub fn inertia(&self, centres: &Array2<f64>) -> f64 {
        let nearest = |point| centres.rows().into_iter().map(|c| squared(point, c)).fold(f64::INFINITY, f64::min);
        self.points.rows().into_iter().map(nearest).sum::<f64>() / self.points.nrows() as f64
    }

    /// Number of distances in one iteration.
    pub(crate) fn per_iteration(&self) -> f64 {
        (self.points.nrows() * self.clusters) as f64
    }
}

pub(crate) fn squared(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

/// Draws `clusters` normal clusters of `size` points each, with standard deviation 1, in `columns` dimensions. Their
/// centres are uniform in a cube with edge length `side`.
pub fn mixture(clusters: usize, size: usize, columns: usize, side: f64, rng: &mut impl Rng) -> Result<Task> {
    let mut points = Array2::zeros((clusters * size, columns));
    for mut cloud in points.exact_chunks_mut((size.max(1), columns)) {
        let centre: Vec<f64> = (0..columns).map(|_| rng.random_range(0.0..side)).collect();
        cloud.indexed_iter_mut().for_each(|((_, j), x)| *x = centre[j] + rng.sample::<f64, _>(StandardNormal));
    }
    Task::new(points, clusters)
}
