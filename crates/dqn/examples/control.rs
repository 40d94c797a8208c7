//! DQN with `CleanRL`'s settings on a control problem, on one thread. Prints a line of JSON: steps per second of
//! environment and learning after the steps that fill the replay buffer, and returns. Used by `benchmarks/peers/dqn`
//! and for the table in README.md.
//!
//! `control [cart-pole|mountain-car|acrobot] [steps] [seed] [run length that the exploration schedule assumes]`

use std::time::Instant;

use headstart_dqn::environment::{Acrobot, CartPole, Environment, MountainCar, World};
use headstart_dqn::{Episode, Epsilon, Net, Settings, Training, start};
use headstart_nn::Activation;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let name = arguments.first().map_or("cart-pole", String::as_str);
    let number = |place: usize, default: u64| arguments.get(place).map_or(Ok(default), |text| text.parse());
    let (steps, seed) = (number(1, 500_000)?, number(2, 1)?);
    let whole = number(3, steps)?;
    let mut world = match name {
        "cart-pole" => World::CartPole(CartPole::default()),
        "mountain-car" => World::MountainCar(MountainCar::default()),
        "acrobot" => World::Acrobot(Acrobot::default()),
        other => return Err(format!("unknown environment {other}; choose cart-pole, mountain-car or acrobot").into()),
    };
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    world.reset(&mut rng);
    let start = start::torch_default(&Net::of(&world, &[120, 84], Activation::Relu), &mut rng)?;
    let epsilon = Epsilon { steps: whole / 2, ..Settings::CLEAN_RL.epsilon };
    let mut training = Training::new(world, &start, Settings { epsilon, ..Settings::CLEAN_RL }, &mut rng)?;
    let (mut episodes, mut began): (Vec<Episode>, Instant) = (Vec::new(), Instant::now());
    let warm_up = if steps > Settings::CLEAN_RL.warm_up { Settings::CLEAN_RL.warm_up } else { 0 };
    for step in 0..steps {
        if step == warm_up {
            began = Instant::now();
        }
        episodes.extend(training.step()?);
    }
    let seconds = began.elapsed().as_secs_f64();
    let mean = |episodes: &[Episode]| episodes.iter().map(|e| e.sum).sum::<f64>() / episodes.len().max(1) as f64;
    let last = mean(&episodes[episodes.len().saturating_sub(100)..]);
    let greedy = mean(&training.evaluate(100)?);
    let rate = (steps - warm_up) as f64 / seconds;
    println!(
        "{{\"name\": \"{name}\", \"seed\": {seed}, \"steps\": {steps}, \"steps_per_second\": {rate:.0}, \
         \"last_100\": {last:.2}, \"greedy_100\": {greedy:.2}}}"
    );
    Ok(())
}
