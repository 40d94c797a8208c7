//! Points, and how many clusters to find.

use ndarray::{Array2, ArrayView1};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::{Error, Result};

/// Points to be clustered.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "harness", derive(serde::Serialize))]
pub struct Task {
    pub(crate) points: Array2<f64>,
    pub(crate) clusters: usize,
}

impl Task {
    /// Points (rows) and the number of clusters.
    pub fn new(points: Array2<f64>, clusters: usize) -> Result<Self> {
        if !(1..=points.nrows()).contains(&clusters) {
            return Err(Error::Clusters { clusters, points: points.nrows() });
        }
        if let Some(((row, column), value)) = points.indexed_iter().find(|(_, x)| !x.is_finite()) {
            return Err(Error::NotFinite { row, column, value: *value });
        }
        Ok(Self { points, clusters })
    }

    /// Mean squared distance of the points to their nearest centre.
    pub fn inertia(&self, centres: &Array2<f64>) -> f64 {
        let nearest = |point| centres.rows().into_iter().map(|c| squared(point, c)).fold(f64::INFINITY, f64::min);
        self.points.rows().into_iter().map(nearest).sum::<f64>() / self.points.nrows() as f64
    }

    /// Distances that one iteration takes.
    pub(crate) fn per_iteration(&self) -> f64 {
        (self.points.nrows() * self.clusters) as f64
    }
}

pub(crate) fn squared(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

/// `clusters` normal clouds of `size` points each and of standard deviation 1 about centres that are uniform in a cube of
/// this side, in `columns` dimensions.
pub fn mixture(clusters: usize, size: usize, columns: usize, side: f64, rng: &mut impl Rng) -> Result<Task> {
    let mut points = Array2::zeros((clusters * size, columns));
    for mut cloud in points.exact_chunks_mut((size.max(1), columns)) {
        let centre: Vec<f64> = (0..columns).map(|_| rng.random_range(0.0..side)).collect();
        cloud.indexed_iter_mut().for_each(|((_, j), x)| *x = centre[j] + rng.sample::<f64, _>(StandardNormal));
    }
    Task::new(points, clusters)
}
