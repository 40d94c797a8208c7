//! Training steps per second of three small networks on one thread, as a line of JSON, for `benchmarks/peers/nn`.
//!
//! `throughput [mlp|conv|attention] [seconds]`

use std::time::Instant;

use headstart_nn::{Activation, Loss, Method, Network, Optimiser, PoolKind, Role, Sequential, Shape, Target, Window};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The networks of the comparison with their batch sizes; all have 10 logits.
fn network(name: &str) -> Option<(Sequential<f32>, usize)> {
    let relu = Activation::Relu;
    Some(match name {
        "mlp" => {
            let start = Sequential::new(Shape::vector(64));
            (start.dense(128).activation(relu).dense(128).activation(relu).dense(10), 64)
        }
        "conv" => {
            let start = Sequential::new(Shape::picture(16, 16, 1));
            let first = start.conv(16, Window::same(3)).activation(relu).pool(Window::tiles(2), PoolKind::Max);
            let second = first.conv(32, Window::same(3)).activation(relu).pool(Window::tiles(2), PoolKind::Max);
            (second.dense(10), 32)
        }
        "attention" => {
            let start = Sequential::new(Shape::sequence(16, 32));
            let block = start.residual(|block| block.layer_norm().attention(4));
            let block = block.residual(|block| block.layer_norm().pointwise(64).activation(relu).pointwise(32));
            (block.dense(10), 32)
        }
        _ => return None,
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "mlp".to_owned());
    let seconds: f64 = arguments.next().map_or(Ok(2.0), |text| text.parse())?;
    let (body, batch) = network(&name).ok_or("unknown network; choose mlp, conv or attention")?;
    let mut network = Network::new(body)?;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for tensor in network.tensors().to_vec() {
        if tensor.role == Role::Weight {
            let bound = (6.0 / tensor.fan_in as f32).sqrt();
            network.parameters_mut()[tensor.range()].fill_with(|| rng.random_range(-bound..bound));
        }
    }
    let x: Vec<f32> = (0..batch * network.input().numbers()).map(|_| rng.random_range(-1.0..1.0)).collect();
    let classes: Vec<u32> = (0..batch).map(|_| rng.random_range(0..10)).collect();
    let mut adam = Optimiser::new(Method::ADAM, network.parameters().len())?;
    let mut steps = |count: usize| -> Result<f32, headstart_nn::Error> {
        let mut loss = 0.0;
        for _ in 0..count {
            let target = Target::Classes(&classes);
            loss = network.train(&x, target, Loss::CrossEntropy, (&mut adam, 1e-4), &mut rng)?;
        }
        Ok(loss)
    };
    steps(50)?;
    let (start, mut done, mut loss) = (Instant::now(), 0, 0.0);
    while start.elapsed().as_secs_f64() < seconds {
        loss = steps(50)?;
        done += 50;
    }
    let rate = f64::from(done) / start.elapsed().as_secs_f64();
    println!("{{\"name\": \"{name}\", \"batch\": {batch}, \"steps_per_second\": {rate:.1}, \"loss\": {loss}}}");
    Ok(())
}
