//! Steps of DQN, environment and learning together. The peers are not Rust crates: `just bench-peers dqn` times them.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use headstart_dqn::environment::{CartPole, DeepSea, World};
use headstart_dqn::{Epsilon, Net, Settings, Start, SustainedOptimism, Training, start};
use headstart_nn::Activation;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

fn steps(c: &mut Criterion, name: &str, world: World, start: &Start, settings: Settings) {
    let mut training = Training::new(world, start, settings, &mut rng()).unwrap();
    for _ in 0..settings.warm_up + 500 {
        training.step().unwrap();
    }
    let mut group = c.benchmark_group("step");
    group.throughput(Throughput::Elements(100));
    group.bench_function(name, |b| {
        b.iter(|| (0..100).map(|_| training.step().unwrap().map_or(0.0, |episode| episode.sum)).sum::<f64>());
    });
}

fn control(c: &mut Criterion) {
    let pole = World::CartPole(CartPole::default());
    let start = start::torch_default(&Net::of(&pole, &[120, 84], Activation::Relu), &mut rng()).unwrap();
    for (name, epsilon) in [("CartPole, greedy", 0.0), ("CartPole, epsilon 0.5", 0.5), ("CartPole, random", 1.0)] {
        let settings = Settings { epsilon: Epsilon::constant(epsilon), ..Settings::CLEAN_RL };
        steps(c, name, pole.clone(), &start, settings);
    }
}

fn deep_sea(c: &mut Criterion) {
    for size in [10, 20] {
        let sea = World::DeepSea(DeepSea::draw(size, false, &mut rng()).unwrap());
        let settings = Settings { epsilon: Epsilon::constant(0.0), ..Settings::BSUITE };
        let deep = Net::of(&sea, &[50, 50], Activation::Relu);
        let wide = Net::of(&sea, &[256], Activation::Tanh);
        let he = start::he(&deep, &mut rng()).unwrap().with_output_bias(1.0);
        let anchor = SustainedOptimism::Anchor { value: 1.0, weight: 0.1, inputs: 32 };
        let name = |what: &str| format!("DeepSea {size}, {what}");
        steps(c, &name("50-50"), sea.clone(), &he, settings);
        steps(c, &name("50-50 with an anchor"), sea.clone(), &he.clone().with_sustained_optimism(anchor), settings);
        let even = start::even_rows(&wide, 16.0, &mut rng()).unwrap().without_output_weights().with_output_bias(1.0);
        steps(c, &name("256 tanh"), sea, &even, settings);
    }
}

criterion_group!(benches, control, deep_sea);
criterion_main!(benches);
