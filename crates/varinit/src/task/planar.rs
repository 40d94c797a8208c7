//! Densities in the plane, for flows.

use headstart_nn::{Loss, Method};
use headstart_simd::Portable;
use rand::{Rng, RngExt};

use super::definition::{Task, standardised};
use super::made::normal;
use crate::Net;

const SAMPLES: usize = 1024;

/// Two interleaving half circles with noise of standard deviation 0.05.
pub fn moons(how: (Method, f64), rng: &mut impl Rng) -> Task {
    flow(how, rng, |rng| {
        let angle = rng.random_range(0.0..std::f32::consts::PI);
        let (x, y) = (angle.portable_cos(), angle.portable_sin());
        let [x, y] = if rng.random_bool(0.5) { [x, y] } else { [1.0 - x, 0.5 - y] };
        [x + 0.05 * normal(rng), y + 0.05 * normal(rng)]
    })
}

/// Eight normal clusters of standard deviation 0.1 on a ring of radius 1.
pub fn ring(how: (Method, f64), rng: &mut impl Rng) -> Task {
    flow(how, rng, |rng| {
        let angle = f32::from(rng.random_range(0..8_u8)) * std::f32::consts::FRAC_PI_4;
        [angle.portable_cos() + 0.1 * normal(rng), angle.portable_sin() + 0.1 * normal(rng)]
    })
}

fn flow<R: Rng>((method, rate): (Method, f64), rng: &mut R, mut point: impl FnMut(&mut R) -> [f32; 2]) -> Task {
    let points: Vec<[f32; 2]> = (0..SAMPLES).map(|_| point(rng)).collect();
    let [x, y] = [0, 1].map(|axis| standardised(points.iter().map(|point| point[axis]).collect()));
    let x = x.into_iter().zip(y).flat_map(|(x, y)| [x, y]).collect();
    let net = Net::Flow { inputs: 2, couplings: 6, width: 32 };
    let loss = Loss::NormalFlow;
    // A normal density with the same variances has a loss of 2.84.
    let (y, classes, target) = (Vec::new(), Vec::new(), 2.2);
    Task { net, method, rate, batch: 32, loss, x, y, classes, input_square: 1.0, target }
}
