//! A domain whose trials take a few milliseconds each, so that most faults hit a running trial.

use std::time::Duration;

use headstart_domain::{About, Domain, Metric, Problem, Result, Run, Start, Target};
use rand::RngExt;

pub(crate) struct Drift;

impl Domain for Drift {
    type Instance = f64;
    type State = f64;

    const ABOUT: About = About {
        name: "drift",
        question: "What does a run survive?",
        work_unit: "step",
        budget: 12.0,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] =
        &[Problem::new("slope", "a way down", |stream| Ok(stream.random_range(0.5..1.0)), Target::Known(|_| 0.1))];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("far", "begins at 1", |_, _| Ok(1.0)),
        Start::new("near", "begins somewhere lower", |_, setup| Ok(setup.stream().random_range(0.3..1.0))),
        Start::new("paid", "begins lower, at a cost", |_, setup| {
            setup.charge(1.5);
            Ok(setup.stream().random_range(0.2..0.6))
        }),
    ];
    const METRICS: &'static [Metric] = &[Metric::lower("rest", "the final value")];

    fn solve(slope: &f64, mut value: f64, run: &mut Run) -> Result<()> {
        for step in 1.. {
            std::thread::sleep(Duration::from_millis(1));
            value *= slope * run.stream().random_range(0.8..1.0);
            if run.observe(f64::from(step), || value).is_break() {
                break;
            }
        }
        run.metric("rest", value);
        run.file("end.txt", format!("{value:?}\n").repeat(300).into_bytes());
        Ok(())
    }
}
