//! Iterative magnitude pruning over 16 levels of 600 steps: dense layers 64-100-50-10 on drawn digits.
//!
//! `levels` prints a line of JSON: training steps per second, and for each level the share of kept weights and the
//! accuracy. `levels --write FILE` instead writes the samples (one row each: pixels, class, whether it is a test
//! sample) for the peer in benchmarks/peers/nn.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

use headstart_lottery::{ClassTask, Classifier, Model, Net, Plan, imp, samples};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const LEVELS: usize = 16;
const STEPS: usize = 600;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let samples = Arc::new(samples::digits(2400, &mut rng)?);
    if let [_, flag, path] = &std::env::args().collect::<Vec<_>>()[..]
        && flag == "--write"
    {
        let mut text = String::new();
        for (sample, (x, class)) in samples.x.chunks(samples.inputs).zip(&samples.classes).enumerate() {
            x.iter().try_for_each(|x| write!(text, "{x},"))?;
            writeln!(text, "{class},{}", u8::from(samples.test.contains(&(sample as u32))))?;
        }
        std::fs::write(path, text)?;
        return Ok(());
    }
    let net = Net::Mlp { inputs: 64, hidden: vec![100, 50], classes: 10 };
    let mut model = Classifier::new(&ClassTask::new(net, samples, STEPS))?;
    let start = model.draw(&mut rng);
    let began = Instant::now();
    let ticket = imp(&mut model, &start, &Plan::rounds(LEVELS), &mut rng)?;
    let rate = ticket.steps as f64 / began.elapsed().as_secs_f64();
    let levels: Vec<String> =
        ticket.levels.iter().map(|level| format!("[{:.4}, {:.4}]", level.mask.density(), 1.0 - level.value)).collect();
    println!(r#"{{"steps_per_second": {rate:.0}, "levels": [{}]}}"#, levels.join(", "));
    Ok(())
}
