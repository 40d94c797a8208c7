//! Two runs under argmin's executor. The second starts from the final inverse Hessian of the first.
//!
//! `cargo run -p headstart-bfgs-argmin --example recycle_in_argmin`

use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{CostFunction, Error, Executor, Gradient, KV, State};
use headstart_bfgs_argmin::{Bfgs, Start, start};
use ndarray::Array1;

/// A chain of springs with very different stiffness, fixed at one end and pulled at the other.
struct Springs {
    stiffness: Vec<f64>,
}

impl Springs {
    /// The stretch of each spring.
    fn stretches(&self, x: &Array1<f64>) -> Vec<f64> {
        (0..self.stiffness.len()).map(|i| x[i] - if i > 0 { x[i - 1] } else { 0.0 }).collect()
    }
}

impl CostFunction for Springs {
    type Param = Array1<f64>;
    type Output = f64;

    fn cost(&self, x: &Array1<f64>) -> Result<f64, Error> {
        let energies = self.stretches(x).into_iter().zip(&self.stiffness);
        // Springs harden as they are stretched.
        let energy: f64 = energies.map(|(stretch, k)| k * (0.5 * stretch.powi(2) + 0.25 * stretch.powi(4))).sum();
        Ok(energy - x[x.len() - 1])
    }
}

impl Gradient for Springs {
    type Param = Array1<f64>;
    type Gradient = Array1<f64>;

    fn gradient(&self, x: &Array1<f64>) -> Result<Array1<f64>, Error> {
        let mut gradient = Array1::zeros(x.len());
        for (i, (stretch, k)) in self.stretches(x).into_iter().zip(&self.stiffness).enumerate() {
            let force = k * (stretch + stretch.powi(3));
            gradient[i] += force;
            if i > 0 {
                gradient[i - 1] -= force;
            }
        }
        gradient[x.len() - 1] -= 1.0;
        Ok(gradient)
    }
}

/// An argmin observer that prints progress.
struct Print;

impl<S: State<Float = f64>> Observe<S> for Print {
    fn observe_iter(&mut self, state: &S, kv: &KV) -> Result<(), Error> {
        let evaluations = kv.get("evaluations").map(argmin::core::KvValue::as_string).unwrap_or_default();
        println!("  iteration {:3}: energy {:.9} after {evaluations} evaluations", state.get_iter(), state.get_cost());
        Ok(())
    }
}

fn main() -> Result<(), Error> {
    let springs = || Springs { stiffness: (0..60).map(|i| 10f64.powf(2.0 * (0.7 * f64::from(i)).sin())).collect() };
    let from = |shift: f64| (0..60).map(|i| 0.1 * (f64::from(i) + shift).sin()).collect::<Array1<f64>>();
    let solve = |name: &str, shift: f64, start: Start| -> Result<Bfgs, Error> {
        println!("{name}:");
        // The line that changes: argmin's own solver is `BFGS::new(linesearch)`.
        let result = Executor::new(springs(), Bfgs::starting_from(start))
            .configure(|state| state.param(from(shift)).max_iters(500))
            .add_observer(Print, ObserverMode::Every(40))
            .run()?;
        let evaluations = result.solver.evaluations().unwrap_or(0);
        let (end, energy) = (result.state().get_termination_status(), result.state().get_best_cost());
        println!("  {end}: energy {energy:.9} after {evaluations} evaluations");
        Ok(result.solver)
    };
    let (identity, _) = start::identity();
    let first = solve("first run, identity", 0.0, identity.clone())?;
    solve("second run, identity", 1.0, identity)?;
    if let Some(h0) = first.inverse_hessian() {
        solve("second run, recycled H0", 1.0, h0.into())?;
    }
    Ok(())
}
