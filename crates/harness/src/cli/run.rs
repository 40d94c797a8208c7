//! `headstart run`: suite -> plan -> rows.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::progress::Progress;
use super::{Common, Foreign, OtherBuild, Workers, remark, say};
use crate::entry::Entry;
use crate::error::Error;
use crate::exec::{Launch, Limits, Pool, pool};
use crate::machine;
use crate::plan::{Cut, Plan};
use crate::record::{self, Assignment, Digest, Header, Source, Status, Writer};
use crate::suite::Suite;

#[derive(Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    choice: Choice,
    /// Run a part: of the replicates of the problems, each with all its starts, shard I takes every N-th.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(u64, u64)>,
    /// Folder for the rows.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave out what the rows of this folder (and the folders in it) have already.
    #[arg(long, value_name = "DIR")]
    known: Option<PathBuf>,
    #[command(flatten)]
    workers: Workers,
    #[command(flatten)]
    common: Common,
}

/// What is run.
#[derive(Args)]
pub(super) struct Choice {
    /// smoke, standard, full, or a file that ends in .toml.
    #[arg(long, value_name = "SUITE", default_value = "standard")]
    suite: String,
    /// Only this domain (may be repeated).
    #[arg(long, value_name = "NAME")]
    domain: Vec<String>,
    /// Only this problem (may be repeated).
    #[arg(long, value_name = "NAME")]
    problem: Vec<String>,
    /// Only this start, beside the baseline (may be repeated).
    #[arg(long, value_name = "NAME")]
    start: Vec<String>,
    /// Replicates, instead of the suite's.
    #[arg(long, value_name = "N")]
    replicates: Option<u64>,
    /// Seed, instead of the suite's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// For experts: a knob's value for every start, instead of the tuned ones (may be repeated).
    #[arg(long, value_name = "NAME=VALUE", value_parser = crate::assignment::parse_given)]
    knob: Vec<(String, f64)>,
    #[command(flatten)]
    pub(super) foreign: Foreign,
}

impl Choice {
    /// The suite and its plan, or the part of it.
    pub(super) fn plan(
        &self,
        home: Option<&Path>,
        shard: Option<(u64, u64)>,
        out: &Path,
        entries: &[Entry],
    ) -> Result<(Suite, Plan), Error> {
        let mut suite = Suite::load(&self.suite, home)?;
        self.foreign.take(entries, &mut suite);
        suite.override_replicates(self.replicates);
        suite.seed = self.seed.unwrap_or(suite.seed);
        suite.check().map_err(Error::Usage)?;
        let cut = Cut {
            domains: &self.domain,
            problems: &self.problem,
            starts: &self.start,
            shard,
            home,
            knobs: &self.knob,
            out: Some(out),
        };
        let plan = Plan::new(&suite, entries, &cut)?;
        Ok((suite, plan))
    }

    /// The same as arguments of `run`, with a copy of the suite in a folder: whoever edits the suite's file while tasks are
    /// waiting does not change what they run.
    pub(super) fn frozen(&self, home: Option<&Path>, dir: &Path) -> Result<Vec<String>, Error> {
        let copy = dir.join("suite.toml");
        let text = Suite::text(&self.suite, home)?;
        std::fs::write(&copy, text).map_err(Error::io("write", &copy))?;
        let mut arguments = vec!["--suite".to_owned(), copy.display().to_string()];
        let mut give = |name: &str, value: String| arguments.extend([format!("--{name}"), value]);
        for (name, values) in [("domain", &self.domain), ("problem", &self.problem), ("start", &self.start)] {
            for value in values {
                give(name, value.clone());
            }
        }
        self.replicates.iter().for_each(|number| give("replicates", number.to_string()));
        self.seed.iter().for_each(|seed| give("seed", seed.to_string()));
        self.knob.iter().for_each(|(name, value)| give("knob", format!("{name}={value}")));
        for file in &self.foreign.external {
            let file = std::fs::canonicalize(file).map_err(Error::io("find", file))?;
            give("external", file.display().to_string());
        }
        if let Some(home) = home {
            let home = std::fs::canonicalize(home).map_err(Error::io("find", home))?;
            give("home", home.display().to_string());
        }
        Ok(arguments)
    }
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
    match parts {
        Some((index, count)) if (1..=count).contains(&index) => Ok((index, count)),
        _ => Err("a shard is I/N with 1 <= I <= N, such as 2/8".into()),
    }
}

pub(super) fn run(args: &RunArgs, entries: &[Entry]) -> Result<(), Error> {
    let entries = &args.choice.foreign.beside(entries)?;
    let (suite, plan) = args.choice.plan(args.common.home().as_deref(), args.shard, &args.out, entries)?;
    let mut earlier = args.known.as_deref().map_or(Ok(Vec::new()), record::row_files)?;
    earlier.retain(|path| *path != record::rows_path(&args.out));
    execute(plan, &suite, entries, &args.out, &earlier, &args.workers, args.common.quiet)
}

/// Runs what is not yet in the folder, nor in row files of earlier runs, and says how it went.
pub(super) fn execute(
    plan: Plan,
    suite: &Suite,
    entries: &[Entry],
    out: &Path,
    earlier: &[PathBuf],
    workers: &Workers,
    quiet: bool,
) -> Result<(), Error> {
    let count = workers.number()?;
    let header = Header { knobs: plan.knobs.clone(), ..machine::header(entries, &suite.name, suite.seed, count)? };
    let mut writer = Writer::open(out)?;
    let mut known = record::read(&[&[out.to_owned()], earlier].concat())?;
    if let Some(other) = known.headers.iter().find(|known| known.build != header.build) {
        match workers.other_build {
            OtherBuild::Keep => {}
            OtherBuild::Archive => {
                drop(writer);
                archive(out, &other.build)?;
                writer = Writer::open(out)?;
                known = record::Rows::default();
            }
            OtherBuild::Refuse => {
                let (found, this) = (other.build.clone(), header.build);
                return Err(Error::OtherBuild { dir: out.to_owned(), found, this });
            }
        }
    }
    let total = plan.trials().count();
    let stands = |row: &&record::Row| row.status.is_sound() || !workers.retry;
    let done: HashSet<Digest> = known.rows.iter().filter(stands).map(|row| row.key).collect();
    let planned: HashSet<Digest> = plan.trials().map(|trial| trial.key).collect();
    let plan = plan.without(&done);
    let left = plan.trials().count();
    if !quiet {
        knob_notes(&plan.knobs);
        remark(&format!("{total} trials, {} done before, {count} workers, rows in {}", total - left, out.display()));
    }
    let mut tally = Tally::default();
    known.rows.iter().filter(stands).filter(|row| planned.contains(&row.key)).for_each(|row| tally.count(row));
    if left > 0 || !same_knobs(&header, &known) {
        writer.header(&header)?;
    }
    if left > 0 {
        let launch = Launch::this_program(entries).map_err(Error::io("find", "this program"))?;
        supervise(plan, suite, (&launch, count), quiet, &mut writer, &mut tally)?;
    }
    let told = tally.report(&known.damaged, quiet);
    // Before a reader that has gone away: the exit code is what scripts go by.
    if workers.strict && !tally.failed.is_empty() {
        return Err(Error::Incomplete("some trials failed, and --strict was given".into()));
    }
    told
}

/// Whether what is known of the rows' knobs is what this run would say of them: the same values may have been tuned since.
fn same_knobs(header: &Header, known: &record::Rows) -> bool {
    let last = |now: &Assignment| {
        let all = known.headers.iter().rev().flat_map(|header| &header.knobs);
        all.clone().find(|then| then.experiment == now.experiment)
    };
    header.knobs.iter().all(|now| last(now) == Some(now))
}

fn knob_notes(knobs: &[Assignment]) {
    for Assignment { domain, problem, .. } in knobs.iter().filter(|knobs| knobs.source != Source::Tuned) {
        let notes = knobs.iter().filter(|one| (&one.domain, &one.problem) == (domain, problem));
        let notes: Vec<String> = notes.flat_map(Assignment::summary).collect();
        remark(&format!("note: {domain} {problem}: {}", notes.join("; ")));
    }
}

fn supervise(
    plan: Plan,
    suite: &Suite,
    (launch, workers): (&Launch, usize),
    quiet: bool,
    writer: &mut Writer,
    tally: &mut Tally,
) -> Result<(), Error> {
    let left = plan.trials().count();
    let mut progress = Progress::new(left as u64, quiet);
    let limits = Limits { seconds: suite.limit_seconds, memory_bytes: suite.limit_memory_mib << 20 };
    let pool_of = Pool { launch, workers: workers.min(left), limits, stop: interrupt()? };
    let mut ended = 0;
    let outcome = pool(plan, &pool_of, |row| {
        writer.row(&row)?;
        ended += 1;
        progress.one(row.status.is_sound());
        tally.count(&row);
        Ok(())
    });
    progress.finish();
    outcome?;
    if ended < left {
        return Err(Error::Incomplete(format!(
            "interrupted: {} of {left} trials are left; the same command resumes",
            left - ended
        )));
    }
    Ok(())
}

/// Set by Ctrl-C: workers are stopped, rows stay.
pub(super) fn interrupt() -> Result<&'static AtomicBool, Error> {
    static STOP: AtomicBool = AtomicBool::new(false);
    static HANDLER: std::sync::Once = std::sync::Once::new();
    let mut outcome = Ok(());
    HANDLER.call_once(|| outcome = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)));
    outcome.map_err(|error| Error::Incomplete(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(&STOP)
}

/// Sets the rows of another build aside, under its name.
fn archive(out: &Path, build: &str) -> Result<(), Error> {
    let from = record::rows_path(out);
    let name = format!("rows-{}", build.get(..12).unwrap_or(build));
    let numbered = std::iter::once(format!("{name}.jsonl")).chain((2..).map(|number| format!("{name}-{number}.jsonl")));
    // Builds may come back: nothing is ever written over.
    let to = numbered.map(|name| out.join(name)).find(|path| !path.exists()).unwrap_or_else(|| out.join(&name));
    std::fs::rename(&from, &to).map_err(Error::io("set aside", from))
}

type Place = (Arc<str>, Arc<str>, Arc<str>, Status);

/// What became of the trials.
#[derive(Default)]
struct Tally {
    sound: usize,
    /// How many, and the first message, by domain, problem, start and status.
    failed: BTreeMap<Place, (usize, String)>,
}

impl Tally {
    fn count(&mut self, row: &record::Row) {
        if row.status.is_sound() {
            self.sound += 1;
            return;
        }
        let place = (row.domain.clone(), row.problem.clone(), row.start.clone(), row.status);
        self.failed.entry(place).or_insert_with(|| (0, row.message.clone())).0 += 1;
    }

    fn report(&self, damaged: &[String], quiet: bool) -> Result<(), Error> {
        for line in damaged {
            remark(&format!("warning: left out a damaged line: {line}"));
        }
        if quiet {
            return Ok(());
        }
        let failed: usize = self.failed.values().map(|(count, _)| count).sum();
        say(&format!("{} trials came to an end, {failed} failed\n", self.sound))?;
        for ((domain, problem, start, status), (count, message)) in &self.failed {
            let status = format!("{status:?}").to_lowercase();
            say(&format!("  {domain} {problem} {start}: {count} {status}: {message}\n"))?;
        }
        Ok(())
    }
}
