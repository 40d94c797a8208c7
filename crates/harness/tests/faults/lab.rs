//! Runs that are disturbed and resumed until they are complete, and an undisturbed run to compare them with.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use headstart_domain::Point;
use headstart_rows::{self, Header, Row, rows_path};
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::disk::Disk;
use crate::fault::{Fault, WEIGHTS};
use crate::ledger::Ledger;
use crate::processes::{lives, send};

const FAULTS: usize = 200;
/// The suite's `limit_seconds`: two hundred times the duration of a trial.
pub(crate) const LIMIT: Duration = Duration::from_millis(2500);
/// Time limit for expected events. It ends a failing test and does not delay a passing one.
const PATIENCE: Duration = Duration::from_mins(2);

/// Rows by key, without seconds and memory: these must not depend on faults.
type Content = BTreeMap<String, Row>;

struct Lab {
    dir: TempDir,
    disk: Disk,
    random: ChaCha8Rng,
}

pub(crate) fn two_hundred_faults_change_no_row() {
    let mut lab = Lab::new();
    let whole = lab.undisturbed();
    let mut ledger = Ledger::default();
    let (mut round, mut rounds) = (lab.disk.path().join("1"), 1);
    let kinds = WeightedIndex::new(WEIGHTS.map(|(_, weight)| weight)).unwrap();
    while ledger.tried() < FAULTS {
        let mut fault = WEIGHTS[kinds.sample(&mut lab.random)].0;
        if fault == Fault::DiskFull && !lab.disk.mounted {
            fault = Fault::FileSizeLimit;
        }
        let outcome = lab.disturb(fault, &round, &whole);
        let is_over = outcome.is_err() || content(&round).is_ok_and(|rows| rows.len() == whole.len());
        // Complete, or failed and recorded.
        let outcome = outcome.and_then(|met| if is_over { lab.finish(&round, &whole).map(|()| met) } else { Ok(met) });
        if outcome != Ok(false) {
            ledger.note(fault, outcome);
        }
        if is_over {
            let _ = fs::remove_dir_all(&round);
            rounds += 1;
            round = lab.disk.path().join(rounds.to_string());
        }
    }
    lab.finish(&round, &whole).unwrap();
    println!("{}{} trials a run, {rounds} runs disturbed until they were complete", ledger.table(), whole.len());
    if !lab.disk.mounted {
        println!("cannot mount a tmpfs here: limits on file sizes replaced full file systems");
    }
    assert!(ledger.lost().is_empty(), "{}", ledger.lost().join("\n"));
}

impl Lab {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let seconds = LIMIT.as_secs_f64();
        let suite = format!("name = 'drift'\nseed = 3\nreplicates = 40\nlimit_seconds = {seconds}\n[domain.drift]\n");
        fs::write(dir.path().join("drift.toml"), suite).unwrap();
        let disk = Disk::new(&dir.path().join("disk"));
        Self { disk, dir, random: ChaCha8Rng::seed_from_u64(11) }
    }

    fn command(&self, out: &Path) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["run", "--suite", "drift.toml", "--workers", "2", "--out"]).arg(out);
        self.prepare(&mut command);
        command
    }

    /// The same command with a limit on file sizes, in units of 512 bytes.
    fn limited(&self, out: &Path, units: u64) -> Command {
        let plain = self.command(out);
        let mut command = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {units}; exec \"$0\" \"$@\"");
        command.args(["-c", &script]).arg(plain.get_program()).args(plain.get_args());
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        let log = fs::File::options().create(true).append(true).open(self.log()).unwrap();
        command.current_dir(self.dir.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        // Makes the query for the git commit fail at once: the runs of this test are short.
        command.env_remove("HEADSTART_HOME").env("GIT_DIR", "/nowhere");
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    fn undisturbed(&self) -> Content {
        let out = self.dir.path().join("undisturbed");
        assert!(self.command(&out).status().unwrap().success(), "{}", self.last_words());
        let whole = content(&out).unwrap();
        assert!(whole.values().all(|row| row.status.is_sound()) && whole.len() == 120);
        whole
    }

    /// The last lines that the last run has logged.
    fn last_words(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(4)..].join(" / ")
    }

    /// Runs the same command to its end and checks that it has exactly the rows and files of the undisturbed run.
    fn finish(&self, round: &Path, whole: &Content) -> Result<(), String> {
        let status = self.command(round).status().unwrap();
        if !status.success() {
            return Err(format!("the resumed run: {status}: {}", self.last_words()));
        }
        if content(round)? != *whole {
            return Err("the rows of the resumed run differ from the undisturbed run".to_owned());
        }
        // A report needs a header to interpret the rows.
        let headers = headstart_rows::read(&[round.to_owned()]).map_err(|error| error.to_string())?.headers;
        if !headers.iter().flat_map(Header::domains).any(|domain| domain.name == "drift") {
            return Err("no readable header is left".to_owned());
        }
        for file in fs::read_dir(self.dir.path().join("undisturbed/files/drift/slope")).unwrap() {
            let file = file.unwrap().path();
            let copy = round.join("files/drift/slope").join(file.file_name().unwrap());
            if fs::read(&copy).ok() != fs::read(&file).ok() {
                return Err(format!("{} differs from the file of the undisturbed run", copy.display()));
            }
        }
        Ok(())
    }

    /// Starts a run and injects a fault at a random moment. Returns whether the fault had an effect.
    fn disturb(&mut self, fault: Fault, round: &Path, whole: &Content) -> Result<bool, String> {
        fs::write(self.log(), "").unwrap();
        let rows = rows_path(round);
        let before = content(round)?;
        let written = fs::metadata(&rows).map_or(0, |file| file.len());
        let mut command = if fault == Fault::FileSizeLimit {
            // The limit lies between the middle of the header and a few dozen rows later.
            let units = written / 512 + self.random.random_range(0..40);
            self.limited(round, units)
        } else {
            self.command(round)
        };
        let mut run = Started { child: command.spawn().unwrap(), status: None, workers: Vec::new() };
        // Mostly during trials, sometimes while the run begins.
        if fault.needs_rows() || self.random.random_bool(0.85) {
            run.wait_until(|| fs::metadata(&rows).is_ok_and(|file| file.len() > written));
        }
        std::thread::sleep(Duration::from_millis(self.random.random_range(0..60)));
        let met = fault.strike(&mut run, &rows, &self.disk, &mut self.random);
        // If the run survived, it continues for a moment and is then asked to end.
        std::thread::sleep(Duration::from_millis(self.random.random_range(0..60)));
        send(&[run.id()], Signal::INT);
        run.wait();
        self.judge(fault, &run, round, &before, whole)?;
        Ok(met)
    }

    fn judge(
        &self,
        fault: Fault,
        run: &Started,
        round: &Path,
        before: &Content,
        whole: &Content,
    ) -> Result<(), String> {
        match run.status.and_then(|status| status.code()) {
            // Killed, complete, or ended with an error message.
            None | Some(0 | 1) => {}
            Some(code) => return Err(format!("ended with {code}: {}", self.last_words())),
        }
        run.workers_are_gone()?;
        let after = content(round)?;
        if let Some((key, row)) = after.iter().find(|(key, row)| whole.get(*key) != Some(*row)) {
            return Err(format!("a row differs from the undisturbed run: {row:?}, not {:?}", whole.get(key)));
        }
        let gone = before.keys().filter(|key| !after.contains_key(*key)).count();
        if gone > 0 && !fault.damages_rows() {
            return Err(format!("{gone} rows that were written are gone"));
        }
        Ok(())
    }
}

/// A run in progress.
pub(crate) struct Started {
    child: Child,
    status: Option<ExitStatus>,
    /// Process numbers of workers seen so far.
    workers: Vec<u32>,
}

impl Started {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn seen(&mut self, workers: &[u32]) {
        self.workers.extend(workers);
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.status = self.status.or_else(|| self.child.try_wait().unwrap());
        self.status.is_some()
    }

    pub(crate) fn failed(&self) -> bool {
        self.status.is_some_and(|status| !status.success())
    }

    pub(crate) fn wait(&mut self) {
        self.wait_until(|| false);
        assert!(self.status.is_some(), "a run did not end");
    }

    /// Waits until `done` returns true or the run ends.
    pub(crate) fn wait_until(&mut self, done: impl Fn() -> bool) {
        let began = Instant::now();
        while self.status.is_none() && !done() && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(2));
            self.has_ended();
        }
    }

    fn workers_are_gone(&self) -> Result<(), String> {
        let began = Instant::now();
        while let Some(left) = self.workers.iter().find(|worker| lives(**worker)) {
            if began.elapsed() > PATIENCE {
                send(&[*left], Signal::KILL);
                return Err(format!("worker {left} outlived its supervisor"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

/// Reads the rows of a folder, without seconds and memory. A duplicate row is an error.
fn content(dir: &Path) -> Result<Content, String> {
    if !rows_path(dir).exists() {
        return Ok(Content::new());
    }
    let found = headstart_rows::read(&[dir.to_owned()]).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&fs::read(rows_path(dir)).unwrap()).into_owned();
    let mut keys = HashSet::new();
    let key = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(value.get("key")?.as_str()?.to_owned())
    };
    let known: HashSet<String> = found.rows.iter().map(|row| row.key.to_string()).collect();
    let damaged: HashSet<&str> = found.damaged.iter().filter_map(|line| line.split(':').nth(1)).collect();
    for (number, line) in (1..).zip(text.split('\n')) {
        if damaged.contains(number.to_string().as_str()) {
            continue;
        }
        if let Some(key) = key(line).filter(|key| known.contains(key))
            && !keys.insert(key)
        {
            return Err(format!("the row of line {number} is a duplicate"));
        }
    }
    Ok(found.rows.into_iter().map(|row| (row.key.to_string(), settled(row))).collect())
}

fn settled(row: Row) -> Row {
    let trace = row.trace.iter().map(|point| Point { seconds: 0.0, ..*point }).collect();
    let seconds_to_target = row.seconds_to_target.map(|_| 0.0);
    Row { seconds: 0.0, seconds_to_target, start_seconds: 0.0, peak_rss_bytes: 0, trace, ..row }
}
