//! Writes a million rows, to measure the cost of a report: 50 problems x 20 starts x 1000 replicates, 20 points each.
//!
//! `cargo run --release -p headstart-rows --example million_rows -- DIR [REPLICATES]`, then
//! `/usr/bin/time -v headstart report DIR --out DIR/report --quiet`.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use headstart_domain::catalogue::{Metric, ProblemInfo, StartInfo};
use headstart_domain::claim::Claim;
use headstart_domain::info::DomainInfo;
use headstart_domain::{Direction, Estimand, Kind, Point, Quantity, Rule, Settings};
use headstart_rows::{Header, Metrics, Row, SCHEMA, Status};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

const PROBLEMS: usize = 50;
const STARTS: usize = 20;
const POINTS: i32 = 20;
const BUDGET: f64 = 1000.0;

/// A line of the file.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Header(Header),
    Trial(Row),
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("pass the folder for rows.jsonl as the first argument")?);
    let replicates: u64 = arguments.next().map_or(Ok(1000), |text| text.parse())?;
    std::fs::create_dir_all(&folder)?;
    let mut file = BufWriter::new(std::fs::File::create(folder.join("rows.jsonl"))?);
    line(&mut file, &Line::Header(header()?))?;
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for replicate in 0..replicates {
        for problem in 0..PROBLEMS {
            // Replicates differ in difficulty, equally for all starts.
            let hard = normal(&mut random);
            for start in 0..STARTS {
                line(&mut file, &Line::Trial(row(problem, start, replicate, hard, &mut random)?))?;
            }
        }
    }
    file.flush()?;
    Ok(())
}

fn line(file: &mut impl Write, line: &Line) -> Result<(), Box<dyn Error>> {
    serde_json::to_writer(&mut *file, line)?;
    Ok(file.write_all(b"\n")?)
}

/// Box and Muller 1958.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

fn digest(words: [u64; 2]) -> Result<headstart_rows::Digest, Box<dyn Error>> {
    Ok(serde_json::from_value(format!("{:016x}{:016x}", words[0], words[1]).into())?)
}

/// Makes a row; later starts differ a little more in speed, and cost more.
fn row(
    problem: usize,
    start: usize,
    replicate: u64,
    hard: f64,
    random: &mut ChaCha8Rng,
) -> Result<Row, Box<dyn Error>> {
    let gain = 0.02 * start as f64 * (problem as f64 / 10.0).sin();
    let time = (5.0 + 0.6 * hard + 0.4 * normal(random) - gain).exp();
    let work = time.min(BUDGET);
    let reached = (time <= BUDGET).then_some(work);
    let gap = |share: f64| 10_f64.powf(-8.0 * share * work / time);
    let trace = (1..=POINTS)
        .map(|point| {
            let share = f64::from(point) / f64::from(POINTS);
            Point { work: 1.0 + (work - 1.0) * share, seconds: work * share * 1.1e-6, value: gap(share) }
        })
        .collect();
    let mut metrics = Metrics::default();
    metrics.insert("quality", 0.9 + 0.01 * normal(random) + 0.001 * start as f64);
    Ok(Row {
        key: digest(random.random())?,
        experiment: digest([1, problem as u64])?,
        domain: "made-up".into(),
        problem: format!("problem-{problem}").as_str().into(),
        own: false,
        start: format!("start-{start}").as_str().into(),
        seed: 1,
        replicate,
        knobs: Settings::default(),
        status: if reached.is_some() { Status::Reached } else { Status::Budget },
        message: String::new(),
        budget: BUDGET,
        // Only the last point of a solved trial meets it.
        target: Some(1.000_000_1e-8),
        value: Some(gap(1.0)),
        work,
        seconds: work * 1.1e-6,
        work_to_target: reached,
        seconds_to_target: reached.map(|work| work * 1.1e-6),
        start_work: 3.0 * start as f64,
        start_seconds: 1e-5 * start as f64,
        peak_rss_bytes: 10 << 20,
        trace,
        metrics,
        basin: None,
        remarks: Vec::new(),
        figures: Vec::new(),
        instance: digest([2 + problem as u64, replicate])?,
        state: digest(random.random())?,
        digest: digest(random.random())?,
    })
}

fn header() -> Result<Header, Box<dyn Error>> {
    let starts: Vec<String> = (0..STARTS).map(|start| format!("start-{start}")).collect();
    let problem = |problem| ProblemInfo {
        name: format!("problem-{problem}").into(),
        starts: starts.clone(),
        resolution: 1e-9,
        value_label: "gap".into(),
        judged_by: Quantity::metric("quality"),
        ..ProblemInfo::new("", "made up")
    };
    let problems: Vec<ProblemInfo> = (0..PROBLEMS).map(problem).collect();
    let claim = |(id, kind, rule)| Claim {
        problems: problems.iter().map(|problem| problem.name.to_string()).collect(),
        ..Claim::new(id, "made up", "this example", "2026-11-23", kind).rule(rule).control("start-1")
    };
    let superior = |start, estimand, margin| Kind::superior(start, "start-0", estimand, margin);
    let claims = [
        ("made-up-1", superior("start-19", Estimand::Work { charged: false }, 1.1), Rule::Pooled),
        ("made-up-2", superior("start-10", Estimand::Work { charged: true }, 1.1), Rule::Each),
        ("made-up-3", superior("start-15", Estimand::metric("quality"), 0.001), Rule::Pooled),
        ("made-up-4", superior("start-12", Estimand::Success, 0.1), Rule::Any),
        ("made-up-5", superior("start-12", Estimand::Success, 0.1), Rule::Pooled),
    ];
    let info = DomainInfo {
        name: "made-up".into(),
        about: "What does a report cost?".into(),
        work_unit: "step".into(),
        value_label: "gap".into(),
        direction: Direction::Minimise,
        version: 1,
        budget: BUDGET,
        within: 1e-3,
        headline: Estimand::Work { charged: true },
        judged_by: Quantity::metric("quality"),
        own_value_label: String::new(),
        value_decimals: None,
        own_distance: None,
        states: false,
        starts: starts
            .iter()
            .map(|name| StartInfo { name: name.clone().into(), ..StartInfo::new("", "made up") })
            .collect(),
        metrics: vec![Metric::higher("quality", "made up")],
        claims: claims.into_iter().map(claim).collect(),
        options: Vec::new(),
        knobs: Vec::new(),
        problems,
    };
    Ok(Header {
        schema: SCHEMA,
        suite: "made up".into(),
        args: Vec::new(),
        seed: 1,
        build: "none".into(),
        git: "none".into(),
        rustc: "none".into(),
        cpu: "none".into(),
        os: "none".into(),
        workers: 1,
        features: Vec::new(),
        started: "2026-11-23T00:00:00Z".into(),
        domains: vec![serde_json::to_value(info)?],
        knobs: Vec::new(),
        until_decided: false,
    })
}
