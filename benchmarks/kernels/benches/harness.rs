//! Overhead of the harness per trial: `cargo bench -p headstart-kernels --bench harness`.
//!
//! A domain whose solver takes negligible time runs from plan to row on disk, through real worker processes. One iteration is a
//! run of 2,000 trials in a new folder, including the start of the processes. The time per element is the wall time of one
//! trial.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use criterion::{Criterion, Throughput};
use headstart_domain::{About, Domain, Entry, Problem, Result, Run, Start, Stream, Target};
use rand::RngExt;

const TRIALS: u64 = 2000;
/// Observations per trial.
const STEPS: u32 = 20;

struct Idle;

impl Domain for Idle {
    type Instance = f64;
    type State = f64;
    const ABOUT: About = About {
        name: "idle",
        question: "What does a trial cost that does nothing?",
        work_unit: "step",
        value_label: "value",
        budget: 100.0,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] =
        &[Problem::new("nothing", "halve a number", draw, Target::Known(|_| 1e-5))];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("itself", "the number", |number, _| Ok(*number)),
        Start::new("half", "its half", |number, _| Ok(number / 2.0)),
    ];

    fn solve(_: &f64, mut number: f64, run: &mut Run) -> Result<()> {
        for step in 1..=STEPS {
            if run.observe(f64::from(step), || number).is_break() {
                break;
            }
            number /= 2.0;
        }
        Ok(())
    }
}

fn draw(stream: &mut Stream) -> Result<f64> {
    Ok(stream.random_range(1.0..2.0))
}

fn trials(program: &Path, suite: &Path, workers: &str) {
    let out = tempfile::tempdir().expect("a folder for rows");
    let mut command = Command::new(program);
    command.args(["run", "--quiet", "--workers", workers, "--suite"]).arg(suite).arg("--out").arg(out.path());
    assert!(command.status().expect("this program runs").success(), "the run failed");
    let rows = std::fs::read_to_string(out.path().join("rows.jsonl")).expect("rows");
    assert_eq!(rows.lines().count() as u64, TRIALS + 1, "a row for every trial, and the header");
}

fn main() -> ExitCode {
    // This program is both the supervisor and the workers.
    if matches!(std::env::args().nth(1).as_deref(), Some("run" | "worker")) {
        return headstart_harness::main(&[Entry::of::<Idle>()]);
    }
    let program = std::env::current_exe().expect("this program has a path");
    let folder = tempfile::tempdir().expect("a folder for the suite");
    let suite = folder.path().join("idle.toml");
    let replicates = TRIALS / 2;
    let text = format!("name = \"idle\"\nseed = 1\nreplicates = {replicates}\nlimit_seconds = 10\n\n[domain.idle]\n");
    std::fs::write(&suite, text).expect("the suite is written");
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("overhead of a trial");
    group.sample_size(10).throughput(Throughput::Elements(TRIALS)).measurement_time(Duration::from_secs(5));
    for workers in ["1", "2"] {
        group.bench_function(format!("{workers} workers"), |bencher| {
            bencher.iter(|| trials(&program, &suite, workers));
        });
    }
    group.finish();
    criterion.final_summary();
    ExitCode::SUCCESS
}
