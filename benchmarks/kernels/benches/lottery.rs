//! Training steps under masks: linear networks with exact loss, and dense layers with all weights in memory or only the kept
//! ones.

use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use headstart_lottery::linear::{Architecture, Bias, Teacher};
use headstart_lottery::{ClassTask, Classifier, Linear, LinearTask, Mask, Model, Net, Samples, controls};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Shares of kept weights.
const KEPT: [f64; 7] = [1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02];

fn mask(model: &dyn Model, kept: f64, rng: &mut ChaCha8Rng) -> Mask {
    let keep: Vec<usize> = model.layers().iter().map(|layer| (kept * layer.weights() as f64).ceil() as usize).collect();
    controls::random(model.layers(), &keep, rng).unwrap()
}

fn step(c: &mut Criterion, group: &str, side: &str, model: &mut dyn Model, kept: f64) {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let start = model.draw(rng);
    let mask = mask(model, kept, rng);
    model.begin(&start, Some(&mask), 0).unwrap();
    let mut group = c.benchmark_group(group);
    group.sample_size(20).measurement_time(std::time::Duration::from_millis(600));
    group.warm_up_time(std::time::Duration::from_millis(300));
    group.bench_function(BenchmarkId::new(side, kept), |b| b.iter(|| model.step(1e-3, rng).unwrap()));
}

fn linear(c: &mut Criterion) {
    let teacher = Teacher::tridiagonal(Bias::Horizontal, 4, &mut ChaCha8Rng::seed_from_u64(1));
    let task = LinearTask::new(Architecture::Residual { layers: 4 }, teacher);
    for kept in KEPT {
        step(c, "linear", "step", &mut Linear::<f32>::new(&task).unwrap(), kept);
    }
}

fn dense(c: &mut Criterion) {
    for (name, inputs, hidden) in [("64-100-50-10", 64, [100, 50]), ("784-300-100-10", 784, [300, 100])] {
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        let x = (0..1000 * inputs).map(|_| rng.random_range(-1.0..1.0)).collect();
        let classes = (0..1000).map(|_| rng.random_range(0..10)).collect();
        let samples = Arc::new(Samples::split((inputs, 10), x, classes, 200, rng).unwrap());
        let task = ClassTask::new(Net::Mlp { inputs, hidden: hidden.to_vec(), classes: 10 }, samples, 600);
        for kept in KEPT {
            for (side, share) in [("all in memory", 0.0), ("kept in memory", 1.0)] {
                let mut model = Classifier::new(&task).unwrap().compressed_up_to(share);
                step(c, name, side, &mut model, kept);
            }
        }
    }
}

criterion_group!(benches, linear, dense);
criterion_main!(benches);
