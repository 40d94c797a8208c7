//! A complete benchmark with one domain: Newton's method for a square root, from two starts.
//!
//! ```text
//! cargo run -- run --suite suite.toml --out runs/own
//! cargo run -- report runs/own
//! ```

use std::process::ExitCode;

use headstart_domain::{About, Claim, Domain, Entry, Estimand, Kind, Problem, Result, Run, Start, Target};
use rand::RngExt;
use serde::Serialize;

/// The number whose square root is computed.
#[derive(Serialize)]
struct Number(f64);

struct Root;

impl Domain for Root {
    type Instance = Number;
    type State = f64;

    const ABOUT: About = About {
        name: "root",
        question: "Does Newton's method for a square root need a better start than the number itself?",
        value_label: "relative error",
        budget: 60.0,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = &[Problem::new(
        "up-to-1e12",
        "numbers from 1 to 1e12, uniform in their logarithm",
        |stream| Ok(Number(10_f64.powf(stream.random_range(0.0..12.0)))),
        Target::Known(|_| 1e-12),
    )
    .resolution(1e-15)];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("itself", "the number itself", |number: &Number, _| Ok(number.0)),
        Start::new("halved-exponent", "two to the power of half the number's exponent", |number: &Number, setup| {
            setup.charge(0.1);
            Ok(2_f64.powf((number.0.log2() / 2.0).floor()))
        }),
    ];
    const CLAIMS: &'static [Claim] = &[Claim::new(
        "root-1",
        "the start `halved-exponent` needs fewer iterations than the number itself, its charge included",
        "folklore",
        "2026-11-26",
        Kind::superior("halved-exponent", "itself", Estimand::Work { charged: true }, 1.5),
    )];

    fn solve(number: &Number, mut x: f64, run: &mut Run) -> Result<()> {
        let root = number.0.sqrt();
        for step in 0.. {
            if run.observe(f64::from(step), || (x - root).abs() / root).is_break() {
                break;
            }
            x = 0.5 * (x + number.0 / x);
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    headstart_harness::main(&[Entry::of::<Root>()])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::Root>();
    }
}
