//! Which initial Q functions find the treasure of `DeepSea`, after how many episodes, and the time per step.
//!
//! `deep_sea [N] [episodes] [seed]`

use std::time::Instant;

use headstart_dqn::environment::DeepSea;
use headstart_dqn::{Epsilon, Net, Settings, SustainedOptimism, Training, rho, start};
use headstart_nn::Activation;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |place: usize, default: u64| std::env::args().nth(place).map_or(Ok(default), |text| text.parse());
    let (size, episodes, seed) = (number(1, 10)? as usize, number(2, 1000)?, number(3, 1)?);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let sea = DeepSea::draw(size, false, &mut rng)?;
    let states = sea.states();
    let deep = Net::of(&sea, &[50, 50], Activation::Relu);
    let wide = Net::of(&sea, &[256], Activation::Tanh);
    let linear = Net::of(&sea, &[], Activation::Relu);
    let he = start::he(&deep, &mut rng)?;
    let small = he.clone().scaled(0.5);
    let torch = start::torch_default(&deep, &mut rng)?;
    let rows = start::even_rows(&wide, 16.0, &mut rng)?.without_output_weights();
    let table = start::zero(&linear)?.with_output_bias(1.0);
    let anchor = SustainedOptimism::Anchor { value: 1.0, weight: 0.1, inputs: 32 };
    let starts = [
        ("PyTorch's default", torch.clone(), 0.05),
        ("He, biases 0", he, 0.05),
        ("PyTorch's, output bias 1", torch.with_output_bias(1.0), 0.0),
        ("half of He, output bias 1", small.clone().with_output_bias(1.0), 0.0),
        ("half of He, bias 1 frozen", small.clone().with_output_bias(1.0).holding_output_bias(), 0.0),
        ("equal output weights for 1", small.clone().with_output_weights_for(1.0, &states)?, 0.0),
        ("tanh, rows of length 16, bias 1", rows.clone().with_output_bias(1.0), 0.0),
        ("tanh, rows of length 1, bias 1", rows.scaled(1.0 / 16.0).with_output_bias(1.0), 0.0),
        ("table, bias 1", table.clone(), 0.0),
        ("table, bias 1 frozen", table.holding_output_bias(), 0.0),
        ("bias 1, anchor at 1", small.clone().with_output_bias(1.0).with_sustained_optimism(anchor), 0.0),
        ("bias 0, anchor at 1", small.clone().with_sustained_optimism(anchor), 0.0),
        ("bias 0, counts", small.with_sustained_optimism(SustainedOptimism::Counts { scale: 1.0, power: 2.0 }), 0.0),
    ];
    for (name, start, epsilon) in starts {
        let settings = Settings { epsilon: Epsilon::constant(epsilon), ..Settings::BSUITE };
        let mut training = Training::new(sea.clone(), &start, settings, &mut rng)?;
        let (mut first, mut found, began) = (None, 0, Instant::now());
        for episode in 1..=episodes {
            let prize = loop {
                if let Some(episode) = training.step()? {
                    break episode.prize;
                }
            };
            if prize {
                first = first.or(Some(episode));
                found += u64::from(episode + 50 > episodes);
            }
        }
        let micros = began.elapsed().as_secs_f64() * 1e6 / training.steps() as f64;
        let first = first.map_or("never".to_owned(), |episode| format!("episode {episode}"));
        let (whole, features) = (rho(&start, &states)?, rho(&start.holding_output_bias(), &states)?);
        println!(
            "{name:>31}: rho {whole:.2}, without the output bias {features:.2}; first treasure {first}, {found} of the \
             last 50; {micros:.1} us a step"
        );
    }
    Ok(())
}
