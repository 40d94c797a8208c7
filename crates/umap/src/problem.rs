//! Data with a shape that is known: curves, surfaces, trees, clusters, and the distances along them.

mod clusters;
mod curves;
mod tree;

use ndarray::Array2;

pub use clusters::{grid25, hierarchy, simplex10};
pub use curves::{circle, line, linked_rings, loop50, swiss_roll};
pub use tree::tree;

/// A data set and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The points, shape (n, p).
    pub points: Array2<f32>,
    /// Distances along the shape, without the noise, shape (n, n); those in the data are meant where there are none.
    pub intrinsic: Option<Array2<f32>>,
    /// Which cluster, ring or branch each point belongs to, for shapes that have any.
    pub labels: Option<Vec<u32>>,
}

/// A matrix of distances from a function of two points.
fn distances(n: usize, between: impl Fn(usize, usize) -> f64) -> Array2<f32> {
    Array2::from_shape_fn((n, n), |(i, j)| between(i, j) as f32)
}
