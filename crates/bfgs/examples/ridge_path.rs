//! A regularisation path of 20 steps, from each kind of curvature that one run can pass on to the next.
//!
//!     cargo run --release -p headstart-bfgs --example ridge_path

use std::error::Error;
use std::ops::ControlFlow;

use headstart_bfgs::problem::{Function, LinearModel, correlated_classes};
use headstart_bfgs::recycle::{Keep, RecycleOptions, recycle};
use headstart_bfgs::{Options, minimize, start};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> Result<(), Box<dyn Error>> {
    println!("evaluations of 20 steps, ridge 1 to 1e-4, logistic regression on 569 rows and 30 features");
    println!("{:>6} {:>8} {:>8} {:>8} {:>8} {:>8}", "seed", "cold", "warm x", "scalar", "matrix", "chosen");
    for seed in 1..=3 {
        let instance = correlated_classes(&mut ChaCha8Rng::seed_from_u64(seed))?;
        let Function::LinearModel(model) = &instance.function else { return Err("not a regression".into()) };
        let ridge = |step: i32| 10_f64.powf(-4.0 * f64::from(step) / 19.0);
        let path: Vec<LinearModel> = (0..20).map(|step| model.with_ridge(ridge(step))).collect::<Result<_, _>>()?;
        let options = Options { gradient_tolerance: 1e-6, ..Options::default() };
        let mut cold = 0;
        for model in &path {
            let silent = &mut |_: &headstart_bfgs::Progress<'_>| ControlFlow::Continue(());
            cold += minimize(model, &instance.x0, &start::nocedal_wright().0, &options, silent)?.evaluations;
        }
        let total = |keep| -> Result<u64, headstart_bfgs::Error> {
            let options = RecycleOptions { keep, run: options.clone(), ..RecycleOptions::default() };
            Ok(recycle(&path, &instance.x0, &options)?.evaluations)
        };
        let [nothing, scalar, matrix, chosen] =
            [Some(Keep::Nothing), Some(Keep::Scalar), Some(Keep::Curvature), None].map(total);
        println!("{seed:>6} {cold:>8} {:>8} {:>8} {:>8} {:>8}", nothing?, scalar?, matrix?, chosen?);
    }
    Ok(())
}
