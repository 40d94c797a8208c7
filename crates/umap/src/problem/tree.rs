//! A tree in many dimensions.

use ndarray::{Array1, Array2};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::{Shape, distances};

const DIM: usize = 50;
const BRANCHES: usize = 15;

/// Returns 15 straight branches of length 1 in 50 dimensions. Branch b starts at the end of branch (b - 1) / 2 in a
/// random direction; every coordinate has normal noise of standard deviation 0.01. Reference: distances along the
/// branches. Labels number the branches, which have equally many points.
pub fn tree(n: usize, rng: &mut impl Rng) -> Shape {
    let parent = |branch: usize| (branch > 0).then(|| (branch - 1) / 2);
    let mut directions: Vec<Array1<f64>> = Vec::new();
    let mut origins: Vec<Array1<f64>> = Vec::new();
    for branch in 0..BRANCHES {
        let normal = Array1::<f64>::from_shape_simple_fn(DIM, || rng.sample(StandardNormal));
        directions.push(&normal / normal.dot(&normal).sqrt());
        origins.push(parent(branch).map_or_else(|| Array1::zeros(DIM), |of| &origins[of] + &directions[of]));
    }
    let labels: Vec<u32> = (0..n).map(|i| (i % BRANCHES) as u32).collect();
    let along: Vec<f64> = (0..n).map(|_| rng.random()).collect();
    let points = Array2::from_shape_fn((n, DIM), |(i, axis)| {
        let branch = labels[i] as usize;
        let noise: f64 = rng.sample(StandardNormal);
        (origins[branch][axis] + along[i] * directions[branch][axis] + 0.01 * noise) as f32
    });
    // The branches from the root to a branch.
    let ancestry = |mut branch: usize| {
        let mut line = vec![branch];
        while let Some(above) = parent(branch) {
            line.push(above);
            branch = above;
        }
        line.reverse();
        line
    };
    let lines: Vec<Vec<usize>> = (0..BRANCHES).map(ancestry).collect();
    let between = |i: usize, j: usize| {
        let (a, b) = (&lines[labels[i] as usize], &lines[labels[j] as usize]);
        let depth = |i: usize, line: &[usize]| (line.len() - 1) as f64 + along[i];
        let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        // The paths part within the last shared branch if one of the points is on it, and at its end otherwise.
        let parting = (shared as f64).min(depth(i, a)).min(depth(j, b));
        depth(i, a) + depth(j, b) - 2.0 * parting
    };
    Shape { points, intrinsic: Some(distances(n, between)), labels: Some(labels) }
}
