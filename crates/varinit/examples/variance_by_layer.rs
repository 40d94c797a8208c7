//! Prints the mean square of every layer's pre-activations under three starts of a deep ReLU network.

use headstart_nn::{Activation, Network, Sequential, Shape, statistics};
use headstart_varinit::{init, start};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

type Start = fn(&mut Network<f32>, &mut ChaCha8Rng) -> Result<(), headstart_varinit::Error>;

fn main() -> Result<(), headstart_varinit::Error> {
    let starts: [(&str, Start); 3] = [
        ("PyTorch's default", |network, rng| start::torch_default(network, rng)),
        ("Xavier", |network, rng| start::xavier(network, rng)),
        ("He", |network, rng| start::forward(network, std::f64::consts::SQRT_2, rng)),
    ];
    for (name, start) in starts {
        let layer = |body: Sequential<f32>, _| body.dense(128).activation(Activation::Relu);
        let mut network = Network::new((0..20).fold(Sequential::new(Shape::vector(128)), layer))?;
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        start(&mut network, &mut rng)?;
        let mut x = vec![0.0; 256 * 128];
        init::normal(&mut x, 1.0, &mut rng);
        network.forward(&x, None)?;
        let squares = statistics::statistics(&network).into_iter().step_by(6).map(|s| format!("{:.1e}", s.square));
        println!("{name:>18}: {}", squares.collect::<Vec<_>>().join("  "));
    }
    Ok(())
}
