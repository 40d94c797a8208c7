//! Test functions for solvers in other languages, one line of text per evaluation.
//!
//!     cargo run --release -p headstart-bfgs --example serve
//!
//! A line `list` answers with one JSON line per function: name, x0, lowest known value, and what BFGS and L-BFGS of this crate
//! need from there. A line `K X1 X2 ..` answers with the value of function K at this point, followed by its gradient.

use std::io::{BufRead, Write};
use std::ops::ControlFlow;

use headstart_bfgs::problem::{self, Function, Instance, PUBLISHED, ProblemError};
use headstart_bfgs::{Objective, Options, Status, lbfgs, minimize, start};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Gradient tolerance of all solvers.
const TOLERANCE: f64 = 1e-5;
const MOST: u64 = 15_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let functions = functions()?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line == "list" {
            for (name, instance) in &functions {
                writeln!(out, "{}", entry(name, instance)?)?;
            }
        } else {
            let mut words = line.split_whitespace();
            let member: usize = words.next().ok_or("a line is empty")?.parse()?;
            let (_, instance) = functions.get(member).ok_or("no such function")?;
            let x = words.map(str::parse).collect::<Result<Vec<f64>, _>>()?;
            let mut gradient = vec![0.0; instance.dim()];
            if x.len() != gradient.len() {
                return Err(format!("{} numbers for {} unknowns", x.len(), gradient.len()).into());
            }
            write!(out, "{:e}", instance.value_gradient(&x, &mut gradient))?;
            gradient.iter().try_for_each(|g| write!(out, " {g:e}"))?;
            writeln!(out)?;
        }
        out.flush()?;
    }
    Ok(())
}

/// The published functions, and twelve of the suite's.
fn functions() -> Result<Vec<(String, Instance)>, ProblemError> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut all = Vec::new();
    for member in 0..PUBLISHED {
        let instance = problem::published(member)?;
        let Function::Published(function) = &instance.function else { continue };
        all.push((function.name().to_owned(), instance));
    }
    let rng = &mut rng;
    let suite = [
        ("quadratic-100-cond1e2", problem::quadratic(100, 1e2, 1.0, rng)?),
        ("quadratic-100-cond1e6", problem::quadratic(100, 1e6, 1.0, rng)?),
        ("quadratic-200-outliers", problem::quadratic_outliers(200, 5, rng)?),
        ("rosenbrock-100", problem::rosenbrock(100, rng)?),
        ("powell-singular-100", problem::powell_singular(100, rng)?),
        ("broyden-100", problem::broyden_tridiagonal(100, rng)?),
        ("logistic-correlated", problem::correlated_classes(rng)?),
        ("rastrigin-20", problem::rastrigin(20, 1e4, rng)?),
        ("lennard-jones-13", problem::lennard_jones(13, rng)?),
        ("lennard-jones-38", problem::lennard_jones(38, rng)?),
        ("rosenbrock-20", problem::rosenbrock(20, rng)?),
        ("quadratic-20-cond1e4", problem::quadratic(20, 1e4, 1.0, rng)?),
    ];
    all.extend(suite.map(|(name, instance)| (name.to_owned(), instance)));
    Ok(all)
}

/// A function with the ends of this crate's solvers, as one line of JSON.
fn entry(name: &str, instance: &Instance) -> Result<serde_json::Value, headstart_bfgs::Error> {
    let options = Options { gradient_tolerance: TOLERANCE, max_evaluations: MOST, ..Options::default() };
    let start = start::nocedal_wright().0;
    let goes_on = |_: &headstart_bfgs::Progress<'_>| ControlFlow::Continue(());
    let full = minimize(instance, &instance.x0, &start, &options, &mut { goes_on })?;
    let limited = lbfgs::minimize(instance, &instance.x0, &start, lbfgs::MEMORY, &options, &mut { goes_on })?;
    let end = |status: Status, value: f64, evaluations: u64| serde_json::json!({ "status": format!("{status:?}"), "converged": status.is_converged(), "value": value, "evaluations": evaluations });
    Ok(serde_json::json!({
        "name": name,
        "x0": instance.x0,
        "lowest": instance.optimum(),
        "bfgs": end(full.status, full.value, full.evaluations),
        "lbfgs": end(limited.status, limited.value, limited.evaluations),
    }))
}
