//! Generated regression tasks.

use headstart_nn::{Activation, Loss, Method};
use headstart_simd::Portable;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Task, standardised};
use crate::{Net, init};

/// Samples per set.
const SAMPLES: usize = 512;

fn normals(count: usize, rng: &mut impl Rng) -> Vec<f32> {
    let mut numbers = vec![0.0; count];
    init::normal(&mut numbers, 1.0, rng);
    numbers
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A smooth function of normal inputs: the sum of tanh along four random directions.
fn smooth(x: &[f32], inputs: usize, rng: &mut impl Rng) -> Vec<f32> {
    let directions: Vec<Vec<f32>> = (0..4).map(|_| normals(inputs, rng)).collect();
    let share = 1.5 / (inputs as f32).sqrt();
    let value = |x: &[f32]| directions.iter().map(|a| (share * dot(a, x)).portable_tanh()).sum();
    standardised(x.chunks_exact(inputs).map(value).collect())
}

/// A regression task.
fn numbers(net: Net, (method, rate): (Method, f64), x: Vec<f32>, y: Vec<f32>) -> Task {
    let loss = Loss::MeanSquared;
    Task { net, method, rate, batch: 32, loss, x, y, classes: Vec::new(), input_square: 1.0, target: 0.3 }
}

/// A smooth function, learned by a deep narrow ReLU network.
pub fn deep(layers: usize, how: (Method, f64), rng: &mut impl Rng) -> Task {
    smooth_layers(Activation::Relu, layers, how, rng)
}

/// A smooth function, learned by a deep network with any activation.
pub fn smooth_layers(activation: Activation, layers: usize, how: (Method, f64), rng: &mut impl Rng) -> Task {
    let (inputs, width) = (16, 64);
    let x = normals(SAMPLES * inputs, rng);
    let y = smooth(&x, inputs, rng);
    numbers(Net::Mlp { inputs, layers, width, outputs: 1, activation, dropout: 0.0 }, how, x, y)
}

/// A smooth function, learned by a deep PReLU network; the start sets the slopes.
pub fn prelu(layers: usize, how: (Method, f64), rng: &mut impl Rng) -> Task {
    let width = 48;
    let x = normals(SAMPLES * width, rng);
    let y = smooth(&x, width, rng);
    numbers(Net::PRelu { width, layers }, how, x, y)
}

/// A smooth function, learned by a deep ReLU network with dropout 0.5.
pub fn dropout(layers: usize, how: (Method, f64), rng: &mut impl Rng) -> Task {
    let (inputs, width, activation) = (16, 128, Activation::Relu);
    let x = normals(SAMPLES * inputs, rng);
    let y = smooth(&x, inputs, rng);
    let task = numbers(Net::Mlp { inputs, layers, width, outputs: 1, activation, dropout: 0.5 }, how, x, y);
    Task { target: 0.7, ..task }
}

/// A smooth function, learned by blocks of branches.
pub fn branches(blocks: usize, how: (Method, f64), rng: &mut impl Rng) -> Task {
    let width = 64;
    let x = normals(SAMPLES * width, rng);
    let y = smooth(&x, width, rng);
    numbers(Net::Branches { width, blocks }, how, x, y)
}

/// A smooth function of non-negative inputs (absolute values, like pixels and counts), so that half of a layer's units
/// get mostly negative inputs.
pub fn dead(how: (Method, f64), rng: &mut impl Rng) -> Task {
    let (inputs, width, layers, activation) = (16, 64, 2, Activation::Relu);
    let x: Vec<f32> = normals(SAMPLES * inputs, rng).into_iter().map(f32::abs).collect();
    let y = smooth(&x, inputs, rng);
    numbers(Net::Mlp { inputs, layers, width, outputs: 1, activation, dropout: 0.0 }, how, x, y)
}

/// Associative recall: given pairs of a key and a value (numbers of standard deviation 3) and a query key, return the
/// value of that key.
pub fn recall(how: (Method, f64), rng: &mut impl Rng) -> Task {
    let (tokens, width, deviation) = (16, 32, 3.0_f32);
    let half = width / 2;
    let samples = 2 * SAMPLES;
    let mut x = normals(samples * tokens * width, rng);
    let mut y = Vec::with_capacity(samples * half);
    for sample in x.chunks_exact_mut(tokens * width) {
        let (pairs, asking) = sample.split_at_mut((tokens - 1) * width);
        let asked = &pairs[rng.random_range(0..tokens - 1) * width..][..width];
        asking[..half].copy_from_slice(&asked[..half]);
        asking[half..].fill(0.0);
        y.extend_from_slice(&asked[half..]);
    }
    for x in &mut x {
        *x *= deviation;
    }
    let task = numbers(Net::Recall { tokens, width }, how, x, y);
    Task { input_square: f64::from(deviation * deviation), ..task }
}

/// The directions of correlated inputs on which the target depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// The four directions of least variance.
    Lowest,
    /// All directions, each divided by its standard deviation.
    Whitened,
    /// Only the direction of most variance.
    Top,
}

/// Inputs with a randomly rotated covariance of condition number 1e4, and a target that depends on the directions of
/// the alignment.
pub fn correlated(alignment: Alignment, how: (Method, f64), rng: &mut impl Rng) -> crate::Result<Task> {
    let (inputs, width, activation) = (32, 128, Activation::Relu);
    let square = headstart_nn::Tensor::new("turn", headstart_nn::Role::Weight, &[inputs, inputs], [inputs, inputs]);
    let mut turn = vec![0.0_f32; inputs * inputs];
    init::orthogonal(&mut turn, &square, 1.0, rng)?;
    // Variances from 1 to 1e-4.
    let deviation = |i: usize| 10.0_f32.portable_powf(-2.0 * i as f32 / (inputs - 1) as f32);
    let white = normals(SAMPLES * inputs, rng);
    let mut x = Vec::with_capacity(white.len());
    for z in white.chunks_exact(inputs) {
        x.extend((0..inputs).map(|j| (0..inputs).map(|i| z[i] * deviation(i) * turn[i * inputs + j]).sum::<f32>()));
    }
    let y = match alignment {
        Alignment::Whitened => smooth(&white, inputs, rng),
        Alignment::Lowest => {
            let lowest: Vec<f32> = white.chunks_exact(inputs).flat_map(|z| z[inputs - 4..].to_vec()).collect();
            smooth(&lowest, 4, rng)
        }
        Alignment::Top => standardised(white.chunks_exact(inputs).map(|z| (1.5 * z[0]).portable_tanh()).collect()),
    };
    let net = Net::Mlp { inputs, layers: 1, width, outputs: 1, activation, dropout: 0.0 };
    Ok(numbers(net, how, x, y))
}

/// Draws a standard normal number.
pub(super) fn normal(rng: &mut impl Rng) -> f32 {
    StandardNormal.sample(rng)
}
