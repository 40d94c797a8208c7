//! Which first Q function finds the treasure of `DeepSea`, and after how many episodes; steps a second besides.
//!
//! `deep_sea [N] [episodes] [seed]`

use std::time::Instant;

use headstart_dqn::environment::DeepSea;
use headstart_dqn::{Epsilon, Net, Settings, Training, Upkeep, rho, start};
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
    let anchor = Upkeep::Anchor { value: 1.0, weight: 0.1, inputs: 32 };
    let starts = [
        ("torch", start::torch_default(&deep, &mut rng)?, 0.05),
        ("torch, bias 1", start::torch_default(&deep, &mut rng)?.with_output_bias(1.0), 0.0),
        ("He, bias 1", he.clone().with_output_bias(1.0), 0.0),
        ("He x 0.5, bias 1", he.clone().scaled(0.5).with_output_bias(1.0), 0.0),
        ("He x 0.1, bias 1", he.clone().scaled(0.1).with_output_bias(1.0), 0.0),
        ("He, bias 1 held", he.clone().with_output_bias(1.0).holding_output_bias(), 0.0),
        ("large output weights", he.clone().with_output_weights_for(1.0, &states)?, 0.0),
        ("unit rows, tanh, bias 1", start::even_rows(&wide, 1.0, &mut rng)?.with_output_bias(1.0), 0.0),
        ("rows of 16, tanh, bias 1", start::even_rows(&wide, 16.0, &mut rng)?.with_output_bias(1.0), 0.0),
        ("table of 1", start::zero(&linear)?.with_output_bias(1.0).holding_output_bias(), 0.0),
        ("linear, bias 1", start::zero(&linear)?.with_output_bias(1.0), 0.0),
        ("He, bias 1, anchor 1", he.clone().with_output_bias(1.0).with_upkeep(anchor), 0.0),
        ("He, bias 0, anchor 1", he.clone().with_upkeep(anchor), 0.0),
        ("He, counts", he.with_upkeep(Upkeep::Counts { scale: 1.0, power: 2.0 }), 0.0),
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
        let rho = rho(&start, &states)?;
        println!("{name:>26}: rho {rho:.2}, first treasure {first}, {found} of the last 50, {micros:.1} us a step");
    }
    Ok(())
}
