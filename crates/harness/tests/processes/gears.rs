//! A domain with a hyperparameter, one value of which crashes the process.

use std::path::Path;

use headstart_domain::{
    About, Claim, Domain, Estimand, Kind, Knob, Options, Problem, Result, Run, Start, Stream, Target,
};
use rand::RngExt;

pub(crate) struct Gears;

const GEAR: Knob = Knob::new("gear", "share of the way that a step takes", &[0.02, 0.2, 0.5, 0.8], 0.2);

impl Domain for Gears {
    type Instance = f64;
    /// The factor by which each step is too long.
    type State = f64;

    const ABOUT: About = About {
        name: "gears",
        question: "Which gear suits which start?",
        work_unit: "step",
        budget: 40.0,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = &[
        Problem::new("slope", "a way down", |stream| Ok(stream.random_range(1.0..3.0)), Target::Known(|_| 0.01)),
        Problem::new(
            "valley",
            "a way to the best of all",
            |stream| Ok(stream.random_range(1.0..3.0)),
            Target::Reference { within: 0.01 },
        ),
    ];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("light", "steps as they should be", |_, setup| Ok(1.0 + setup.stream().random_range(0.0..0.1))),
        Start::new("heavy", "steps twice as long, which crash in the highest gear", |_, setup| {
            setup.charge(2.0);
            Ok(2.0 + setup.stream().random_range(0.0..0.1))
        }),
    ];
    const KNOBS: &'static [Knob] = &[GEAR];
    const CLAIMS: &'static [Claim] =
        &[claim("gears-1", 1.3, &["slope"]), claim("gears-2", 30.0, &["slope"]), claim("gears-3", 1.3, &["valley"])];

    fn open(path: &Path, _: &Options, _: &mut Stream) -> Result<f64> {
        Ok(std::fs::read_to_string(path)?.trim().parse()?)
    }

    fn solve(height: &f64, length: f64, run: &mut Run) -> Result<()> {
        let mut height = *height;
        let gear = run.knob(&GEAR);
        for step in 1.. {
            if run.observe(f64::from(step), || height.abs()).is_break() {
                return Ok(());
            }
            if gear * length > 1.5 {
                std::process::abort();
            }
            height -= gear * length * height * run.stream().random_range(0.95..1.0);
        }
        Ok(())
    }
}

const fn claim(id: &'static str, margin: f64, over: &'static [&'static str]) -> Claim {
    let kind = Kind::superior("heavy", "light", Estimand::Work { charged: true }, margin);
    Claim::new(id, "longer steps save work", "the tests", "2026-11-26", kind).over(over)
}
