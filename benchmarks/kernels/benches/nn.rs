//! Training steps of small networks, and matrix products of their shapes against `matrixmultiply` (through ndarray).

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use headstart_nn::{
    Activation, Loss, Method, Network, Optimiser, PoolKind, Real, Role, Sequential, Shape, Target, Window,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn mlp<T: Real>() -> Sequential<T> {
    let relu = Activation::Relu;
    Sequential::new(Shape::vector(64)).dense(128).activation(relu).dense(128).activation(relu).dense(10)
}

fn conv<T: Real>() -> Sequential<T> {
    let block = |body: Sequential<T>, channels| {
        let same = body.conv(channels, Window::same(3)).activation(Activation::Relu);
        same.pool(Window::tiles(2), PoolKind::Max)
    };
    block(block(Sequential::new(Shape::picture(16, 16, 1)), 16), 32).dense(10)
}

fn attention<T: Real>() -> Sequential<T> {
    let feed = |block: Sequential<T>| block.layer_norm().pointwise(64).activation(Activation::Relu).pointwise(32);
    let body = Sequential::new(Shape::sequence(16, 32)).residual(|block| block.layer_norm().attention(4));
    body.residual(feed).dense(10)
}

fn step<T: Real>(c: &mut Criterion, name: &str, body: Sequential<T>, batch: usize, method: Method) {
    let mut network = Network::new(body).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for tensor in network.tensors().to_vec() {
        if tensor.role == Role::Weight {
            let bound = (6.0 / tensor.fan_in as f64).sqrt();
            network.parameters_mut()[tensor.range()].fill_with(|| T::of(rng.random_range(-bound..bound)));
        }
    }
    let x: Vec<T> = (0..batch * network.input().numbers()).map(|_| T::of(rng.random_range(-1.0..1.0))).collect();
    let classes: Vec<u32> = (0..batch).map(|_| rng.random_range(0..10)).collect();
    let mut optimiser = Optimiser::new(method, network.parameters().len()).unwrap();
    let mut group = c.benchmark_group("training step");
    group.throughput(Throughput::Elements(batch as u64));
    group.bench_function(name, |b| {
        b.iter(|| {
            let target = Target::Classes(&classes);
            network.train(&x, target, Loss::CrossEntropy, (&mut optimiser, 1e-5), &mut rng).unwrap()
        });
    });
}

fn steps(c: &mut Criterion) {
    step::<f32>(c, "mlp 64-128-128-10, Adam, f32", mlp(), 64, Method::ADAM);
    step::<f32>(c, "mlp 64-128-128-10, SGD, f32", mlp(), 64, Method::SGD);
    step::<f64>(c, "mlp 64-128-128-10, Adam, f64", mlp(), 64, Method::ADAM);
    step::<f32>(c, "conv 16 x 16, Adam, f32", conv(), 32, Method::ADAM);
    step::<f32>(c, "attention 16 x 32, Adam, f32", attention(), 32, Method::ADAM);
}

/// A dense layer forward, which is one product with bias, against ndarray's product and bias.
fn products(c: &mut Criterion) {
    let mut group = c.benchmark_group("dense forward, f32");
    for [m, k, n] in [[64, 64, 128], [64, 128, 128], [64, 128, 10], [512, 512, 512]] {
        group.throughput(Throughput::Elements(2 * (m * k * n) as u64));
        let name = format!("{m} x {k} x {n}");
        let numbers = |count: usize| (0..count).map(|i| (i as f32 * 0.37).sin()).collect::<Vec<f32>>();
        let (x, w, bias) = (numbers(m * k), numbers(k * n), numbers(n));
        let mut network = Network::new(Sequential::<f32>::new(Shape::vector(k)).dense(n)).unwrap();
        network.parameters_mut()[..k * n].copy_from_slice(&w);
        network.parameters_mut()[k * n..].copy_from_slice(&bias);
        group.bench_function(BenchmarkId::new("headstart-nn", &name), |b| {
            b.iter(|| network.forward(&x, None).unwrap()[0]);
        });
        let x = ndarray::Array2::from_shape_vec((m, k), x).unwrap();
        let w = ndarray::Array2::from_shape_vec((k, n), w).unwrap();
        let bias = ndarray::Array1::from_vec(bias);
        let mut y = ndarray::Array2::zeros((m, n));
        group.bench_function(BenchmarkId::new("ndarray", &name), |b| {
            b.iter(|| {
                y.assign(&bias);
                ndarray::linalg::general_mat_mul(1.0, &x, &w, 1.0, &mut y);
                y[[0, 0]]
            });
        });
    }
}

criterion_group!(benches, steps, products);
criterion_main!(benches);
