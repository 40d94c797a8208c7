//! Finds a ticket of a small network, saves and loads it, and trains it beside a random mask.

use std::sync::Arc;

use headstart_lottery::{ClassTask, Classifier, Mask, Model, Net, Plan, controls, imp, samples, train};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn main() -> Result<(), headstart_lottery::Error> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let samples = Arc::new(samples::digits(2400, &mut rng)?);
    let net = Net::Mlp { inputs: 64, hidden: vec![100, 50], classes: 10 };
    let mut model = Classifier::new(&ClassTask::new(net, samples, 600))?;
    let start = model.draw(&mut rng);
    let ticket = imp(&mut model, &start, &Plan::rounds(14), &mut rng)?;
    let path = std::env::temp_dir().join(format!("ticket-{}.json", std::process::id()));
    ticket.mask.save(&path)?;
    let mask = Mask::load(&path)?;
    let random = controls::random(model.layers(), &mask.counts(), &mut rng)?;
    println!("kept {:.1}% after {} steps of training", 100.0 * mask.density(), ticket.steps);
    for (name, mask) in [("dense", None), ("ticket", Some(&mask)), ("random", Some(&random))] {
        let error = train(&mut model, &ticket.weights, mask, &mut rng)?;
        println!("{name:>8}: accuracy {:.1}%", 100.0 * (1.0 - error));
    }
    Ok(())
}
