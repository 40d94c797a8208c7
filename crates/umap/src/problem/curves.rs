//! Lines, loops and a rolled strip.

use headstart_simd::Portable;
use std::f64::consts::{PI, TAU};

use ndarray::Array2;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::{Shape, distances};

fn noise(rng: &mut impl Rng) -> f64 {
    rng.sample(StandardNormal)
}

/// Distance on a loop of circumference 2 pi.
fn around(a: f64, b: f64) -> f64 {
    let gap = (a - b).abs() % TAU;
    gap.min(TAU - gap)
}

/// Returns a unit circle with normal noise of standard deviation 0.01 in the plane. Reference: distances along the arc.
pub fn circle(n: usize, rng: &mut impl Rng) -> Shape {
    let angles: Vec<f64> = (0..n).map(|_| rng.random_range(0.0..TAU)).collect();
    let points = Array2::from_shape_fn((n, 2), |(i, axis)| {
        let at = if axis == 0 { angles[i].portable_cos() } else { angles[i].portable_sin() };
        (at + 0.01 * noise(rng)) as f32
    });
    Shape { points, intrinsic: Some(distances(n, |i, j| around(angles[i], angles[j]))), labels: None }
}

/// Returns a segment of length 1 along the diagonal of three dimensions, with normal noise of standard deviation 0.001.
pub fn line(n: usize, rng: &mut impl Rng) -> Shape {
    let places: Vec<f64> = (0..n).map(|_| rng.random()).collect();
    let points = Array2::from_shape_fn((n, 3), |(i, _)| (places[i] / 3f64.sqrt() + 0.001 * noise(rng)) as f32);
    Shape { points, intrinsic: Some(distances(n, |i, j| (places[i] - places[j]).abs())), labels: None }
}

/// Returns a strip rolled up `turns` times, (t cos t, h, t sin t) for t from 1.5 pi on and h from 0 to `width`, uniform
/// in length and height. Reference: distances in the flat strip. (`turns` 1.5 and `width` 21 are scikit-learn's
/// `make_swiss_roll`; the narrow roll has 3 and 6.)
pub fn swiss_roll(n: usize, turns: f64, width: f64, rng: &mut impl Rng) -> Shape {
    let (from, to) = (1.5 * PI, 1.5 * PI + TAU * turns);
    // Length of the spiral r = t from the origin.
    let length = |t: f64| 0.5 * (t * t.portable_hypot(1.0) + t.portable_asinh());
    let (shortest, longest) = (length(from), length(to));
    let strip: Vec<(f64, f64, f64)> = (0..n)
        .map(|_| {
            let along = shortest + rng.random::<f64>() * (longest - shortest);
            // The length is convex with slope above 1, so Newton's steps descend to the root from the far end.
            let mut t = to;
            for _ in 0..60 {
                t -= (length(t) - along) / t.portable_hypot(1.0);
            }
            (t, along, width * rng.random::<f64>())
        })
        .collect();
    let points = Array2::from_shape_fn((n, 3), |(i, axis)| {
        let (t, _, height) = strip[i];
        [t * t.portable_cos(), height, t * t.portable_sin()][axis] as f32
    });
    let flat = |i: usize, j: usize| (strip[i].1 - strip[j].1).portable_hypot(strip[i].2 - strip[j].2);
    Shape { points, intrinsic: Some(distances(n, flat)), labels: None }
}

/// Returns a closed curve in 50 dimensions: each coordinate is a sum of 12 harmonics with standard normal coefficients,
/// plus normal noise of standard deviation 0.05. Distances along the loop are those of its parameter.
pub fn loop50(n: usize, rng: &mut impl Rng) -> Shape {
    const HARMONICS: usize = 12;
    const DIM: usize = 50;
    let coefficients = Array2::<f64>::from_shape_simple_fn((DIM, 2 * HARMONICS), || noise(rng));
    let angles: Vec<f64> = (0..n).map(|_| rng.random_range(0.0..TAU)).collect();
    let points = Array2::from_shape_fn((n, DIM), |(i, axis)| {
        let harmonics = (0..HARMONICS).map(|h| {
            let (sin, cos) = ((h + 1) as f64 * angles[i]).portable_sin_cos();
            coefficients[[axis, 2 * h]] * cos + coefficients[[axis, 2 * h + 1]] * sin
        });
        (harmonics.sum::<f64>() + 0.05 * noise(rng)) as f32
    });
    Shape { points, intrinsic: Some(distances(n, |i, j| around(angles[i], angles[j]))), labels: None }
}

/// Returns two unit circles in three dimensions, each through the centre of the other, with normal noise of standard
/// deviation 0.01. Labels number the circles.
pub fn linked_rings(n: usize, rng: &mut impl Rng) -> Shape {
    let labels: Vec<u32> = (0..n as u32).map(|i| i % 2).collect();
    let mut points = Array2::zeros((n, 3));
    for (mut row, &ring) in points.rows_mut().into_iter().zip(&labels) {
        let (sin, cos) = rng.random_range(0.0..TAU).portable_sin_cos();
        let at = if ring == 0 { [cos, sin, 0.0] } else { [1.0 + cos, 0.0, sin] };
        row.iter_mut().zip(at).for_each(|(x, at)| *x = (at + 0.01 * noise(rng)) as f32);
    }
    Shape { points, intrinsic: None, labels: Some(labels) }
}
