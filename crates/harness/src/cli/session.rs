//! A run folder that is opened once, and plans that are run into it.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::progress::Progress;
use super::{OtherBuild, Workers, remark, say};
use crate::calibration::{Calibration, Forecast};
use crate::exec::{Launch, Limits, Pool, pool};
use crate::machine;
use crate::plan::Plan;
use crate::suite::Suite;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_rows::{Assignment, Digest, Header, Row, Source, Status, Writer};

/// Counts the trials of a plan by domain.
pub(super) fn by_domain(plan: &Plan) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for trial in plan.trials() {
        *counts.entry(trial.domain.clone()).or_insert(0) += 1;
    }
    counts
}

/// Settings of a run, without its folder.
#[derive(Clone, Copy)]
pub(super) struct RunSettings<'a> {
    pub(super) suite: &'a Suite,
    pub(super) entries: &'a [Entry],
    pub(super) workers: &'a Workers,
    pub(super) quiet: bool,
    /// The project's folder, whose calibration gives the time left.
    pub(super) home: Option<&'a Path>,
}

pub(super) struct Session<'a> {
    settings: RunSettings<'a>,
    count: usize,
    header: Header,
    /// Whether the existing headers match ours.
    headed: bool,
    /// Whether our header has been written.
    written: bool,
    writer: Writer,
    /// The rows that were found.
    known: headstart_rows::Rows,
    /// The keys of trials that need not be run again.
    done: HashSet<Digest>,
    tally: Tally,
}

impl<'a> Session<'a> {
    /// Opens a run folder. Trials found there or in `earlier` are skipped.
    pub(super) fn open(
        settings: RunSettings<'a>,
        out: &Path,
        earlier: &[PathBuf],
        describe: impl FnOnce(Header) -> Header,
    ) -> Result<Self, Error> {
        let RunSettings { suite, entries, workers, .. } = settings;
        let count = workers.number()?;
        let header = describe(machine::header(entries, &suite.name, suite.seed, count)?);
        let mut writer = Writer::open(out)?;
        let earlier = of_earlier(earlier, &header.build, workers.other_build)?;
        let mut ours = headstart_rows::read(&[out.to_owned()])?;
        if let Some(found) = another_build(&ours, &header.build) {
            match workers.other_build {
                OtherBuild::Keep => {}
                OtherBuild::Archive => {
                    drop(writer);
                    archive(out, found)?;
                    writer = Writer::open(out)?;
                    ours = headstart_rows::Rows::default();
                }
                OtherBuild::Refuse => return Err(refusal(out, found, header.build.clone())),
            }
        }
        let known = headstart_rows::Rows::of_all(std::iter::once(ours).chain(earlier));
        let stands = |row: &&Row| row.status.is_sound() || !workers.retry;
        let done = known.rows.iter().filter(stands).map(|row| row.key).collect();
        let headed = is_told(&header, &known);
        if !settings.quiet {
            knob_notes(&header.knobs);
        }
        Ok(Self { settings, count, header, headed, written: false, writer, known, done, tally: Tally::default() })
    }

    pub(super) fn workers(&self) -> usize {
        self.count
    }

    /// Returns the rows that were found and need not be run again.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Row> {
        self.known.rows.iter().filter(|row| self.done.contains(&row.key))
    }

    /// Returns how many trials of a plan are left.
    pub(super) fn left(&self, plan: &Plan) -> usize {
        plan.trials().filter(|trial| !self.done.contains(&trial.key)).count()
    }

    /// Runs the trials of a plan that are left. `took` gets each row after it was written to disk.
    pub(super) fn run(&mut self, plan: Plan, mut took: impl FnMut(&Row)) -> Result<(), Error> {
        let planned: HashSet<Digest> = plan.trials().map(|trial| trial.key).collect();
        let standing = self.known.rows.iter().filter(|row| self.done.contains(&row.key));
        standing.filter(|row| planned.contains(&row.key)).for_each(|row| self.tally.count(row));
        let plan = plan.without(&self.done);
        let left = plan.trials().count();
        // A header describes build and machine of the rows that follow it.
        if !self.written && (left > 0 || !self.headed) {
            self.writer.header(&self.header)?;
            self.written = true;
        }
        if left == 0 {
            return Ok(());
        }
        let RunSettings { suite, entries, quiet, .. } = self.settings;
        let launch = Launch::this_program(entries).map_err(Error::io("find", "this program"))?;
        let workers = self.count.min(left);
        let (calibration, warning) = self.settings.home.map(Calibration::read_or_warn).unwrap_or_default();
        warning.filter(|_| !quiet).iter().for_each(|text| remark(text));
        let forecast = Forecast::new(calibration.as_ref(), &suite.name, &by_domain(&plan), workers);
        let mut progress = Progress::new(left as u64, quiet, forecast);
        let limits = Limits { seconds: suite.limit_seconds, memory_bytes: suite.limit_memory_mib << 20 };
        let pool_of = Pool { launch: &launch, workers, limits, stop: interrupt()? };
        let mut ended = 0;
        let outcome = pool(plan, &pool_of, |row| {
            self.writer.row(&row)?;
            ended += 1;
            progress.one(&row.domain, row.status.is_sound());
            self.tally.count(&row);
            took(&row);
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

    /// Prints a summary. With --strict, failed trials are an error.
    pub(super) fn end(&self) -> Result<(), Error> {
        let told = self.tally.report(&self.known.damaged, self.settings.quiet);
        // Checked before an error of printing (broken pipe), because scripts rely on this exit code.
        if self.settings.workers.strict && !self.tally.failed.is_empty() {
            return Err(Error::Incomplete("some trials failed (an error because of --strict)".into()));
        }
        told
    }
}

/// Reads the rows of earlier runs, file by file. They belong to other folders, so they are never set aside.
fn of_earlier(files: &[PathBuf], build: &str, other_build: OtherBuild) -> Result<Vec<headstart_rows::Rows>, Error> {
    let read = |file: &PathBuf| {
        let rows = headstart_rows::read(std::slice::from_ref(file))?;
        match another_build(&rows, build) {
            Some(found) if !matches!(other_build, OtherBuild::Keep) => {
                Err(refusal(file.parent().unwrap_or(file), found, build.to_owned()))
            }
            _ => Ok(rows),
        }
    };
    files.iter().map(read).collect()
}

/// Returns the first build in the headers that differs from this one.
fn another_build<'a>(rows: &'a headstart_rows::Rows, build: &str) -> Option<&'a str> {
    rows.headers.iter().map(|header| header.build.as_str()).find(|found| *found != build)
}

fn refusal(dir: &Path, found: &str, this: String) -> Error {
    Error::OtherBuild { dir: dir.to_owned(), found: found.to_owned(), this }
}

/// Whether an existing header already describes these rows. It does not if the only header was damaged, if hyperparameters
/// have been tuned since (even to the same values), or if replicates are now added until claims are decided.
fn is_told(header: &Header, known: &headstart_rows::Rows) -> bool {
    let last = |now: &Assignment| {
        let all = known.headers.iter().rev().flat_map(|header| &header.knobs);
        all.clone().find(|then| then.experiment == now.experiment)
    };
    let reason = !header.until_decided || known.headers.iter().any(|known| known.until_decided);
    let described = known.headers.iter().any(|known| known.domains == header.domains);
    reason && described && header.knobs.iter().all(|now| last(now) == Some(now))
}

fn knob_notes(knobs: &[Assignment]) {
    for Assignment { domain, problem, .. } in knobs.iter().filter(|knobs| knobs.source != Source::Tuned) {
        let notes = knobs.iter().filter(|one| (&one.domain, &one.problem) == (domain, problem));
        let notes: Vec<String> = notes.flat_map(Assignment::summary).collect();
        remark(&format!("note: {domain} {problem}: {}", notes.join("; ")));
    }
}

/// Returns the flag that Ctrl-C sets. Workers are then stopped, and rows are kept.
pub(super) fn interrupt() -> Result<&'static AtomicBool, Error> {
    static STOP: AtomicBool = AtomicBool::new(false);
    static HANDLER: std::sync::Once = std::sync::Once::new();
    let mut outcome = Ok(());
    HANDLER.call_once(|| outcome = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)));
    outcome.map_err(|error| Error::Incomplete(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(&STOP)
}

/// Renames the row file of another build to a name with the digest of that build.
fn archive(out: &Path, build: &str) -> Result<(), Error> {
    let from = headstart_rows::rows_path(out);
    let name = format!("rows-{}", build.get(..12).unwrap_or(build));
    let numbered = std::iter::once(format!("{name}.jsonl")).chain((2..).map(|number| format!("{name}-{number}.jsonl")));
    // A build may be archived more than once: no file may be overwritten.
    let to = numbered.map(|name| out.join(name)).find(|path| !path.exists()).unwrap_or_else(|| out.join(&name));
    std::fs::rename(&from, &to).map_err(Error::io("set aside", from))
}

type TrialName = (Arc<str>, Arc<str>, Arc<str>, Status);

/// Maximum number of kinds of failures in the summary.
const LISTED: usize = 20;

/// The outcomes of the trials.
#[derive(Default)]
struct Tally {
    sound: usize,
    /// Number and first message, by domain, problem, start and status.
    failed: BTreeMap<TrialName, (usize, String)>,
}

impl Tally {
    fn count(&mut self, row: &Row) {
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
        let failed: usize = self.failed.values().map(|(count, _)| count).sum();
        let mut text = format!("{} trials completed, {failed} failed\n", self.sound);
        for ((domain, problem, start, status), (count, message)) in self.failed.iter().take(LISTED) {
            let status = format!("{status:?}").to_lowercase();
            let _ = writeln!(text, "  {domain} {problem} {start}: {count} {status}: {message}");
        }
        if self.failed.len() > LISTED {
            let _ = writeln!(text, "  and {} more; the rows hold every message", self.failed.len() - LISTED);
        }
        // Failures are printed even with --quiet.
        match (quiet, failed) {
            (true, 0) => Ok(()),
            (true, _) => {
                remark(text.trim_end());
                Ok(())
            }
            (false, _) => say(&text),
        }
    }
}
