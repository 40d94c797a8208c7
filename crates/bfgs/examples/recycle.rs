//! Two runs on the same function from different points. The second starts from the final inverse Hessian of the first.
//!
//! `cargo run --example recycle`

use std::ops::ControlFlow;

use headstart_bfgs::{InitialInverseHessian, Objective, Options, Start, minimize, start};

/// A chain of springs with very different stiffness, fixed at one end and pulled at the other.
struct Springs {
    stiffness: Vec<f64>,
}

impl Objective for Springs {
    fn dim(&self) -> usize {
        self.stiffness.len()
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        let mut energy = 0.0;
        for (i, k) in self.stiffness.iter().enumerate() {
            // Springs harden as they are stretched.
            let stretch = x[i] - if i > 0 { x[i - 1] } else { 0.0 };
            let force = k * (stretch + stretch.powi(3));
            energy += k * (0.5 * stretch.powi(2) + 0.25 * stretch.powi(4));
            gradient[i] += force;
            if i > 0 {
                gradient[i - 1] -= force;
            }
        }
        let pulled = x.len() - 1;
        gradient[pulled] -= 1.0;
        energy - x[pulled]
    }
}

fn main() -> Result<(), headstart_bfgs::Error> {
    let springs = Springs { stiffness: (0..60).map(|i| 10f64.powf(2.0 * (0.7 * f64::from(i)).sin())).collect() };
    let from = |shift: f64| (0..60).map(|i| 0.1 * (f64::from(i) + shift).sin()).collect::<Vec<f64>>();
    let options = Options::default();
    let solve = |x0: &[f64], start: &Start| minimize(&springs, x0, start, &options, &mut |_| ControlFlow::Continue(()));

    let (identity, _) = start::identity();
    let first = solve(&from(0.0), &identity)?;
    let again = solve(&from(1.0), &identity)?;
    let recycled = solve(&from(1.0), &InitialInverseHessian::Dense(first.inverse_hessian).into())?;

    println!("first run, identity:       {:4} evaluations, energy {:.9}", first.evaluations, first.value);
    println!("second run, identity:      {:4} evaluations, energy {:.9}", again.evaluations, again.value);
    println!("second run, recycled H0:   {:4} evaluations, energy {:.9}", recycled.evaluations, recycled.value);
    Ok(())
}
