//! A domain whose starts fail in every way.

use std::hint::black_box;
use std::time::Duration;

use headstart_domain::{About, Direction, Domain, Problem, Result, Run, Setup, Start, Starts, Target};
use rand::RngExt;
use serde::Serialize;

pub(crate) struct Hazard;

#[derive(Serialize)]
pub(crate) enum Fate {
    Calm(f64),
    Slow,
    Panic,
    Abort,
    Overflow,
    Hoard,
    Hang,
    Chatter,
    Nan,
    Backwards,
    Silent,
    Exit,
    Kill,
}

/// Whether the supervisor can measure the memory of a worker.
const LIMITS_MEMORY: bool = cfg!(target_os = "linux");
const FATAL: &[&str] =
    &["panic", "abort", "overflow", "hoard", "hang", "chatter", "nan", "backwards", "silent", "error", "exit", "kill"];

impl Domain for Hazard {
    type Instance = f64;
    type State = Fate;

    const ABOUT: About = About {
        name: "hazard",
        question: "What does a run survive?",
        work_unit: "step",
        value_label: "value",
        direction: Direction::Minimise,
        version: 1,
        budget: 50.0,
        within: 1e-6,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = &[
        Problem::new("calm", "nothing happens", |stream| Ok(stream.random()), Target::Known(|_| 0.1))
            .starts(Starts::Only(&["calm", "calmer", "slow"])),
        Problem::new("storm", "all that can happen", |stream| Ok(stream.random()), Target::Known(|_| 0.1))
            .starts(Starts::Except(if LIMITS_MEMORY { &["slow", "calmer"] } else { &["slow", "calmer", "hoard"] })),
        Problem::new("unknown", "a target that must be computed", |_| Ok(0.5), Target::Reference { within: 0.1 })
            .starts(Starts::Only(&["calm", "calmer"])),
        Problem::new(
            "reef",
            "a target to be computed while runs crash",
            |_| Ok(0.5),
            Target::Reference { within: 0.1 },
        )
        .starts(Starts::Only(&["calm", "abort", "hang"])),
    ];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("calm", "begins at 1", |_, _| Ok(Fate::Calm(1.0))),
        Start::new("calmer", "begins somewhere lower", |_, setup| Ok(Fate::Calm(setup.stream().random()))),
        Start::new("slow", "sleeps before each step", |_, _| Ok(Fate::Slow)),
        Start::new("panic", "panics", |_, setup| billed(setup, Fate::Panic)),
        Start::new("abort", "aborts", |_, setup| billed(setup, Fate::Abort)),
        Start::new("overflow", "overflows its stack", |_, _| Ok(Fate::Overflow)),
        Start::new("hoard", "allocates without end", |_, _| Ok(Fate::Hoard)),
        Start::new("hang", "never returns", |_, setup| billed(setup, Fate::Hang)),
        Start::new("chatter", "prints without end", |_, _| Ok(Fate::Chatter)),
        Start::new("nan", "reports NaN", |_, _| Ok(Fate::Nan)),
        Start::new("backwards", "reports work that goes back", |_, _| Ok(Fate::Backwards)),
        Start::new("silent", "reports nothing", |_, _| Ok(Fate::Silent)),
        Start::new("error", "cannot be made", |_, _| Err("no wind".into())),
        Start::new("exit", "leaves the process", |_, _| Ok(Fate::Exit)),
        Start::new("kill", "is killed, as by a system out of memory", |_, _| Ok(Fate::Kill)),
    ];

    fn solve(offset: &f64, fate: Fate, run: &mut Run) -> Result<()> {
        eprintln!("about to meet its fate");
        // The output of a solver must never be written between two rows.
        println!("{{\"kind\":\"trial\"}}");
        match fate {
            Fate::Calm(value) => descend(value, *offset, run, || {}),
            Fate::Slow => descend(1.0, *offset, run, || std::thread::sleep(Duration::from_millis(4))),
            Fate::Panic => panic!("a panic that was asked for"),
            Fate::Abort => std::process::abort(),
            Fate::Overflow => {
                black_box(dig(1));
            }
            Fate::Hoard => hoard(),
            Fate::Hang => std::thread::sleep(Duration::from_hours(1)),
            Fate::Chatter => loop {
                println!("on and on");
            },
            Fate::Nan => {
                let _ = run.observe(1.0, || f64::NAN);
            }
            Fate::Backwards => {
                let _ = run.observe(2.0, || 1.0);
                let _ = run.observe(1.0, || 1.0);
            }
            Fate::Silent => {}
            Fate::Exit => std::process::exit(0),
            Fate::Kill => rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL)?,
        }
        Ok(())
    }
}

fn billed(setup: &mut Setup, fate: Fate) -> Result<Fate> {
    setup.charge(7.0);
    Ok(fate)
}

fn descend(mut value: f64, offset: f64, run: &mut Run, pause: impl Fn()) {
    for step in 1.. {
        pause();
        value *= 0.8 + 0.1 * offset * run.stream().random::<f64>();
        if run.observe(f64::from(step), || value).is_break() {
            break;
        }
    }
    run.file("end.txt", format!("{value}\n").into_bytes());
}

#[allow(unconditional_recursion)]
fn dig(depth: u64) -> u64 {
    let ballast = black_box([depth; 512]);
    dig(depth + 1) + ballast[depth as usize % 512]
}

fn hoard() {
    let mut hoard = Vec::new();
    loop {
        hoard.push(vec![1_u8; 4 << 20]);
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Starts of `storm` that always fail.
pub(crate) fn fatal() -> Vec<&'static str> {
    FATAL.iter().copied().filter(|start| LIMITS_MEMORY || *start != "hoard").collect()
}
