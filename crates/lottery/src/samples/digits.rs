//! Handwriting-like digits of 8 x 8 pixels.

use headstart_simd::Portable;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::Samples;
use crate::Result;

/// Rows and columns.
const SIDE: usize = 8;
/// Points per stroke.
const POINTS: usize = 5;

/// Strokes of each digit as polylines in the unit square, y down.
const STROKES: [&[&[[f64; 2]]]; 10] = [
    &[&[[0.5, 0.05], [0.2, 0.25], [0.2, 0.75], [0.5, 0.95], [0.8, 0.75], [0.8, 0.25], [0.5, 0.05]]],
    &[&[[0.3, 0.25], [0.55, 0.05], [0.55, 0.95]]],
    &[&[[0.2, 0.25], [0.5, 0.05], [0.8, 0.25], [0.7, 0.5], [0.2, 0.95], [0.8, 0.95]]],
    &[&[[0.2, 0.1], [0.7, 0.1], [0.75, 0.3], [0.45, 0.48], [0.8, 0.7], [0.6, 0.95], [0.2, 0.9]]],
    &[&[[0.65, 0.95], [0.65, 0.05], [0.2, 0.65], [0.85, 0.65]]],
    &[&[[0.8, 0.05], [0.3, 0.05], [0.25, 0.45], [0.65, 0.42], [0.8, 0.7], [0.55, 0.95], [0.2, 0.9]]],
    &[&[[0.7, 0.05], [0.35, 0.3], [0.2, 0.7], [0.45, 0.95], [0.75, 0.8], [0.65, 0.55], [0.25, 0.62]]],
    &[&[[0.2, 0.05], [0.8, 0.05], [0.4, 0.95]]],
    &[&[[0.5, 0.05], [0.25, 0.25], [0.7, 0.65], [0.5, 0.95], [0.28, 0.7], [0.75, 0.3], [0.5, 0.05]]],
    &[&[[0.75, 0.35], [0.45, 0.45], [0.25, 0.25], [0.5, 0.05], [0.75, 0.2], [0.7, 0.6], [0.55, 0.95]]],
];

/// Draws digits whose strokes are bent, slanted, scaled and moved, with varying thickness and noise. Pixels have a mean
/// of about 0. A quarter of the samples are test samples.
pub fn digits(count: usize, rng: &mut dyn Rng) -> Result<Samples> {
    let mut x = Vec::with_capacity(count * SIDE * SIDE);
    let mut classes = Vec::with_capacity(count);
    for _ in 0..count {
        let class = rng.random_range(0..10_u32);
        classes.push(class);
        let mut normal = |deviation: f64| -> f64 {
            let z: f64 = StandardNormal.sample(rng);
            z * deviation
        };
        let (sin, cos) = normal(0.1).portable_sin_cos();
        let [wide, high] = [(); 2].map(|()| normal(0.08).portable_exp());
        let (slant, right, down) = (normal(0.12), normal(0.05), normal(0.05));
        let thickness = 0.09 * normal(0.2).portable_exp();
        let mut dots = Vec::new();
        for stroke in STROKES[class as usize] {
            let bent: Vec<[f64; 2]> = stroke
                .iter()
                .map(|&[u, v]| {
                    let (u, v) = ((u - 0.5) * wide + normal(0.03), (v - 0.5) * high + normal(0.03));
                    let u = u - slant * v;
                    [0.5 + cos * u - sin * v + right, 0.5 + sin * u + cos * v + down]
                })
                .collect();
            for pair in bent.windows(2) {
                dots.extend((0..POINTS).map(|step| {
                    let part = step as f64 / POINTS as f64;
                    [0, 1].map(|axis| pair[0][axis] + part * (pair[1][axis] - pair[0][axis]))
                }));
            }
        }
        for pixel in 0..SIDE * SIDE {
            let centre = [pixel % SIDE, pixel / SIDE].map(|at| (at as f64 + 0.5) / SIDE as f64);
            let near = |dot: &[f64; 2]| (dot[0] - centre[0]).powi(2) + (dot[1] - centre[1]).powi(2);
            let square = dots.iter().map(near).fold(f64::INFINITY, f64::min);
            let ink = (-0.5 * square / thickness.powi(2)).portable_exp();
            x.push((ink - 0.35 + normal(0.1)) as f32);
        }
    }
    Samples::split((SIDE * SIDE, 10), x, classes, count / 4, rng)
}
