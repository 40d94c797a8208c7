//! The exact linear experiment: masks of a chain on a residual network, beside its own and random ones.

use headstart_lottery::linear::{Architecture, Bias, Teacher};
use headstart_lottery::{Linear, LinearTask, Mapping, Model, Plan, controls, imp, prune, saliency, train};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const SEEDS: u64 = 20;

fn main() -> Result<(), headstart_lottery::Error> {
    println!("median error on the residual network, {SEEDS} seeds");
    for rounds in [5, 8, 11, 14] {
        let mut found: Vec<(&str, Vec<f64>)> = Vec::new();
        for seed in 0..SEEDS {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let teacher = Teacher::tridiagonal(Bias::Horizontal, 4, rng);
            let other = Teacher::tridiagonal(Bias::Horizontal, 4, rng);
            let vertical = Teacher::tridiagonal(Bias::Vertical, 4, rng);
            let task = LinearTask::new(Architecture::Residual { layers: 4 }, teacher.clone());
            let chain = |teacher| LinearTask::new(Architecture::Chain { layers: 4 }, teacher);
            let mut target = Linear::<f32>::new(&task)?;
            let mut source = Linear::<f32>::new(&chain(teacher))?;
            let (mut another, mut upright) =
                (Linear::<f32>::new(&chain(other))?, Linear::<f32>::new(&chain(vertical))?);
            let [weights, again, third] = [(); 3].map(|()| target.draw(rng));
            let first = source.draw(rng);
            let plan = Plan::rounds(rounds);
            let layers = target.layers().to_vec();
            let own = imp(&mut target, &weights, &plan, rng)?.mask;
            let fair = imp(&mut target, &again, &plan, rng)?.mask;
            let chain = imp(&mut source, &first, &plan, rng)?.mask;
            let carried = Mapping::SameIndex.transfer(&chain, &layers)?;
            let another = Mapping::SameIndex.transfer(&imp(&mut another, &first, &plan, rng)?.mask, &layers)?;
            let upright = Mapping::SameIndex.transfer(&imp(&mut upright, &first, &plan, rng)?.mask, &layers)?;
            let keep = prune::counts(&layers, plan.rate, rounds)?;
            let snip = saliency::snip(&mut target, &weights, keep.iter().sum(), rng)?.0;
            let synflow = saliency::synflow(&mut target, &weights, keep.iter().sum())?.0;
            let masks = [
                ("dense", headstart_lottery::Mask::full(&layers)),
                ("own", own),
                ("own of another seed", fair),
                ("random", controls::random(&layers, &keep, rng)?),
                ("degree shuffle", controls::shuffled(&carried, &layers, rng)),
                ("relabelled", controls::relabelled(&carried, &layers, rng)),
                ("reversed", controls::reversed(&carried)),
                ("transferred", carried),
                ("other task", another),
                ("wrong bias", upright),
                ("snip", snip),
                ("synflow", synflow),
                ("magnitude at init", saliency::magnitude(&target, &weights, &keep)?),
            ];
            for (place, (name, mask)) in masks.into_iter().enumerate() {
                let start = if name == "transferred" { &third } else { &weights };
                let value = train(&mut target, start, Some(&mask), rng)?;
                if found.len() <= place {
                    found.push((name, Vec::new()));
                }
                found[place].1.push(value);
            }
        }
        println!("kept {:.1}%", 100.0 * 0.8_f64.powi(rounds as i32));
        for (name, values) in &mut found {
            values.sort_by(f64::total_cmp);
            println!("  {name:20} {:.4}", values[values.len() / 2]);
        }
    }
    Ok(())
}
