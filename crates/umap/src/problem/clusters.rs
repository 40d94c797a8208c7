//! Separated clusters: on a grid, in a hierarchy, and at the corners of a simplex.

use ndarray::Array2;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::Shape;

/// Points assigned to the centres in turn, with standard normal noise.
fn around(centres: &Array2<f64>, n: usize, rng: &mut impl Rng) -> Shape {
    let labels: Vec<u32> = (0..n).map(|i| (i % centres.nrows()) as u32).collect();
    let points = Array2::from_shape_fn((n, centres.ncols()), |(i, axis)| {
        (centres[[labels[i] as usize, axis]] + rng.sample::<f64, _>(StandardNormal)) as f32
    });
    Shape { points, intrinsic: None, labels: Some(labels) }
}

/// Returns 5 x 5 clusters of standard normal points in 10 dimensions, with centres 30 apart on a grid in the first two.
pub fn grid25(n: usize, rng: &mut impl Rng) -> Shape {
    let centres = Array2::from_shape_fn((25, 10), |(c, axis)| match axis {
        0 => 30.0 * (c % 5) as f64,
        1 => 30.0 * (c / 5) as f64,
        _ => 0.0,
    });
    around(&centres, n, rng)
}

/// Returns 5 groups of 5 subgroups of 5 clusters of standard normal points in 50 dimensions. In every coordinate, the
/// standard deviation is 20 for the groups, 7 for subgroups within a group and 2.5 for clusters within a subgroup.
/// Labels number the clusters, 25 consecutive ones per group and 5 per subgroup.
pub fn hierarchy(n: usize, rng: &mut impl Rng) -> Shape {
    const DIM: usize = 50;
    let mut level = |count| Array2::<f64>::from_shape_simple_fn((count, DIM), || rng.sample(StandardNormal));
    let (top, middle, bottom) = (level(5), level(25), level(125));
    let centres = Array2::from_shape_fn((125, DIM), |(c, axis)| {
        20.0 * top[[c / 25, axis]] + 7.0 * middle[[c / 5, axis]] + 2.5 * bottom[[c, axis]]
    });
    around(&centres, n, rng)
}

/// Returns 10 clusters of standard normal points in 10 dimensions whose centres are all 30 apart. No plane preserves
/// these distances.
pub fn simplex10(n: usize, rng: &mut impl Rng) -> Shape {
    around(&(Array2::eye(10) * (30.0 / 2f64.sqrt())), n, rng)
}
