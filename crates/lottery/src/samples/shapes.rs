//! Shapes on images of 16 x 16 pixels.

use headstart_simd::Portable;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::Samples;
use crate::Result;

/// Rows and columns.
pub const SIDE: usize = 16;
/// Standard deviation of the noise; the contrast of a shape is 1.
const NOISE: f64 = 0.3;
/// Number of shapes.
pub const SHAPES: usize = 8;

/// Draws discs, rings, squares, frames, triangles, crosses, bars and stripes of varying position and size, slightly
/// rotated, with noise. A quarter of the samples are test samples.
pub fn draw(count: usize, rng: &mut dyn Rng) -> Result<Samples> {
    let mut x = Vec::with_capacity(count * SIDE * SIDE);
    let mut classes = Vec::with_capacity(count);
    for _ in 0..count {
        let class = rng.random_range(0..SHAPES as u32);
        classes.push(class);
        let radius = rng.random_range(3.5..6.0);
        let [across, down] = [(); 2].map(|()| rng.random_range(radius..SIDE as f64 - radius));
        let (sin, cos) = rng.random_range(-0.3..0.3_f64).portable_sin_cos();
        for pixel in 0..SIDE * SIDE {
            let (u, v) = ((pixel % SIDE) as f64 + 0.5 - across, (pixel / SIDE) as f64 + 0.5 - down);
            let (u, v) = ((cos * u - sin * v) / radius, (sin * u + cos * v) / radius);
            let z: f64 = StandardNormal.sample(rng);
            let ink = if inside(class, u, v) { 1.0 } else { 0.0 };
            x.push((ink + NOISE * z) as f32);
        }
    }
    Samples::split((SIDE * SIDE, SHAPES), x, classes, count / 4, rng)
}

/// Returns whether a point, in units of the radius, is inside the shape.
fn inside(kind: u32, u: f64, v: f64) -> bool {
    let (r, side) = (u.portable_hypot(v), u.abs().max(v.abs()));
    match kind {
        0 => r < 1.0,
        1 => r < 1.0 && r > 0.6,
        2 => side < 0.85,
        3 => side < 0.85 && side > 0.5,
        4 => v < 0.7 && v > -0.9 && u.abs() < (v + 0.9) * 0.6,
        5 => side < 1.0 && u.abs().min(v.abs()) < 0.25,
        6 => u.abs() < 1.0 && v.abs() < 0.3,
        _ => u.abs() < 1.0 && (v.abs() - 0.6).abs() < 0.25,
    }
}
