//! Generated data of known shape (curves, surfaces, trees, clusters) with the distances along it.

mod clusters;
mod curves;
mod tree;

use ndarray::Array2;

pub use clusters::{grid25, hierarchy, simplex10};
pub use curves::{circle, line, linked_rings, loop50, swiss_roll};
pub use tree::tree;

/// A data set with its known distances and labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The points, shape (n, p).
    pub points: Array2<f32>,
    /// Distances along the shape, without the noise, shape (n, n). If `None`, distances in the data are the reference.
    pub intrinsic: Option<Array2<f32>>,
    /// The cluster, ring or branch of each point, for shapes that have them.
    pub labels: Option<Vec<u32>>,
}

/// The matrix of distances given by a function of two points.
fn distances(n: usize, between: impl Fn(usize, usize) -> f64) -> Array2<f32> {
    Array2::from_shape_fn((n, n), |(i, j)| between(i, j) as f32)
}
