//! A small domain for tests: a noisy walk down a parabola, from a point chosen by the start.

use rand::RngExt;
use serde::Serialize;

use crate::About;
use crate::Direction;
use crate::Domain;
use crate::Entry;
use crate::Knob;
use crate::Metric;
use crate::Problem;
use crate::Result;
use crate::Run;
use crate::Setup;
use crate::Start;
use crate::Stream;
use crate::Target;
use crate::claim::{Claim, Estimand, Kind, Over};
use crate::info::DomainInfo;
use crate::recipe::{Recipe, TRACE_POINTS};
use crate::row::Row;
use crate::workspace::Workspace;

/// x^2 about a centre.
#[derive(Serialize)]
pub struct Bowl {
    centre: f64,
}

/// A walk down a bowl.
pub struct Toy;

impl Domain for Toy {
    type Instance = Bowl;
    type State = f64;

    const ABOUT: About = About {
        name: "toy",
        question: "Is it better to begin near the centre of a bowl?",
        work_unit: "step",
        value_label: "height",
        direction: Direction::Minimise,
        version: 1,
        budget: 400.0,
        within: 1e-3,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] =
        &[Problem::new("bowl", "x^2 about a random centre", bowl, Target::Known(|_| 0.01)).resolution(1e-6)];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("far", "somewhere in [4, 8]", far),
        Start::new("far-again", "the null arm: the baseline under a second name", far),
        Start::new("pilot", "where a coarse scan saw the least height", pilot),
    ];
    const METRICS: &'static [Metric] = &[
        Metric::lower("distance", "final distance to the centre"),
        Metric::higher("near", "whether the end is within 0.1 of the centre").share(),
    ];
    const CLAIMS: &'static [Claim] = &[claim("toy-1", "pilot", "far", 1.5), claim("toy-2", "far-again", "far", 1.5)];

    fn solve(bowl: &Bowl, mut x: f64, run: &mut Run) -> Result<()> {
        for step in 1.. {
            if run.observe(f64::from(step), || (x - bowl.centre).powi(2)).is_break() {
                break;
            }
            let noise: f64 = run.stream().random_range(-0.05..0.05);
            x += 0.1 * (bowl.centre - x) + 0.3 * noise;
        }
        run.metric("distance", (x - bowl.centre).abs());
        run.metric("near", f64::from(u8::from((x - bowl.centre).abs() < 0.1)));
        Ok(())
    }
}

const fn claim(id: &'static str, start: &'static str, rival: &'static str, margin: f64) -> Claim {
    let kind = Kind::superior(start, rival, Estimand::Work { charged: true }, margin);
    Claim::new(id, "it takes fewer steps", "this file", "2026-11-23", kind)
}

fn bowl(stream: &mut Stream) -> Result<Bowl> {
    Ok(Bowl { centre: stream.random_range(-1.0..1.0) })
}

fn far(_: &Bowl, setup: &mut Setup) -> Result<f64> {
    Ok(setup.stream().random_range(4.0..8.0))
}

fn pilot(bowl: &Bowl, setup: &mut Setup) -> Result<f64> {
    let best = setup.shared("scan", |stream| {
        let points: Vec<f64> = (0..5).map(|_| stream.random_range(-1.0..1.0)).collect();
        let nearest = |a: &f64, b: &f64| (a - bowl.centre).abs().total_cmp(&(b - bowl.centre).abs());
        Ok((points.into_iter().min_by(nearest).unwrap_or(0.0), 5.0))
    })?;
    Ok(*best)
}

/// The entry of [`Toy`].
pub fn entry() -> Entry {
    Entry::of::<Toy>()
}

/// The description of [`Toy`].
pub fn info() -> DomainInfo {
    entry().0.info()
}

/// The same bowl with a tuned step length: scaled steps overshoot at a high rate.
pub struct Geared;

/// The step length of [`Geared`].
pub const RATE: Knob = Knob::new("rate", "share of the way to the centre", &[0.01, 0.1, 0.5, 0.9], 0.1);

impl Domain for Geared {
    type Instance = Bowl;
    /// The initial point, and the factor by which the steps are scaled.
    type State = (f64, f64);

    const ABOUT: About = About {
        name: "geared",
        question: "Do starts need different step lengths?",
        work_unit: "step",
        value_label: "height",
        budget: 200.0,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = &[
        Problem::new("known", "the target is known", bowl, Target::Known(|_| 0.01)),
        Problem::new("sought", "the target comes from reference runs", bowl, Target::Reference { within: 0.01 }),
        Problem::new("fixed", "the step length is not tuned", bowl, Target::Known(|_| 0.01)),
    ];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("calm", "far away, with steps of normal length", |_, setup| {
            Ok((setup.stream().random_range(4.0..8.0), 1.0))
        }),
        Start::new("wild", "far away, with steps three times as long, which overshoot at a high rate", |_, setup| {
            Ok((setup.stream().random_range(4.0..8.0), 3.0))
        }),
    ];
    const KNOBS: &'static [Knob] = &[RATE.over(Over::These(&["known", "sought"]))];

    fn solve(bowl: &Bowl, (mut x, steepness): (f64, f64), run: &mut Run) -> Result<()> {
        let rate = run.knob(&RATE);
        for step in 1.. {
            if run.observe(f64::from(step), || (x - bowl.centre).powi(2)).is_break() {
                break;
            }
            let noise: f64 = run.stream().random_range(-0.01..0.01);
            x += rate * steepness * (bowl.centre - x) + noise;
        }
        Ok(())
    }
}

/// Runs some replicates of the toy domain from all its starts in this process, and returns their rows.
pub fn trials(seed: u64, replicates: u64) -> Vec<Row> {
    let info = info();
    let problem = &info.problems[0];
    let recipe = Recipe {
        domain: info.name.clone(),
        version: info.version,
        problem: problem.name.to_string(),
        starts: problem.starts.clone(),
        budget: info.budget,
        trace_points: TRACE_POINTS,
        references: None,
        own: None,
        knobs: None,
    };
    let mut workspace = Workspace::default();
    let groups = (0..replicates).filter_map(|replicate| recipe.group(seed, replicate, None).ok());
    groups.flatten().map(|trial| entry().0.run(&trial, &mut workspace, &mut |_| ()).row).collect()
}
