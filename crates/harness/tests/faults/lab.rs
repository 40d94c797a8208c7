//! Runs that are disturbed and resumed until they are whole, beside one that nobody disturbed.

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
/// The suite's `limit_seconds`: two hundred times what a trial takes.
pub(crate) const LIMIT: Duration = Duration::from_millis(2500);
/// How long to wait for what must happen: it bounds a test that fails and delays none that passes.
const PATIENCE: Duration = Duration::from_mins(2);

/// What must come back, whatever happens: all of a row but seconds and memory.
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
        // Whole, or lost and noted.
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
    println!("{}{} trials a run, {rounds} runs disturbed until they were whole", ledger.table(), whole.len());
    if !lab.disk.mounted {
        println!("a tmpfs could not be mounted here: limits on file sizes stood in for full file systems");
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

    /// The same, under a limit on the size of what it writes, in units of 512 bytes.
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
        // No time for the commit of the sources: the runs of this test are short.
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

    /// The end of what the last run has said.
    fn last_words(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(4)..].join(" / ")
    }

    /// The same command to its end: every row there, once, and as it should be.
    fn finish(&self, round: &Path, whole: &Content) -> Result<(), String> {
        let status = self.command(round).status().unwrap();
        if !status.success() {
            return Err(format!("the resumed run: {status}: {}", self.last_words()));
        }
        if content(round)? != *whole {
            return Err("the resumed run has other rows than undisturbed".to_owned());
        }
        // Without it no report says what the rows are about.
        let headers = headstart_rows::read(&[round.to_owned()]).map_err(|error| error.to_string())?.headers;
        if !headers.iter().flat_map(Header::domains).any(|domain| domain.name == "drift") {
            return Err("no header is left that can be read".to_owned());
        }
        for file in fs::read_dir(self.dir.path().join("undisturbed/files/drift/slope")).unwrap() {
            let file = file.unwrap().path();
            let copy = round.join("files/drift/slope").join(file.file_name().unwrap());
            if fs::read(&copy).ok() != fs::read(&file).ok() {
                return Err(format!("{} is another file than undisturbed", copy.display()));
            }
        }
        Ok(())
    }

    /// One run that meets a fault, at a moment that the clock picks; tells whether it did.
    fn disturb(&mut self, fault: Fault, round: &Path, whole: &Content) -> Result<bool, String> {
        fs::write(self.log(), "").unwrap();
        let rows = rows_path(round);
        let before = content(round)?;
        let written = fs::metadata(&rows).map_or(0, |file| file.len());
        let mut command = if fault == Fault::FileSizeLimit {
            // From the middle of the header to a few dozen rows on.
            let units = written / 512 + self.random.random_range(0..40);
            self.limited(round, units)
        } else {
            self.command(round)
        };
        let mut run = Started { child: command.spawn().unwrap(), status: None, workers: Vec::new() };
        // Mostly in the middle of trials, now and then while the run begins.
        if fault.needs_rows() || self.random.random_bool(0.85) {
            run.wait_until(|| fs::metadata(&rows).is_ok_and(|file| file.len() > written));
        }
        std::thread::sleep(Duration::from_millis(self.random.random_range(0..60)));
        let met = fault.strike(&mut run, &rows, &self.disk, &mut self.random);
        // It goes on for a while, if it does, and is asked to end.
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
            // Killed, whole, or ended in words.
            None | Some(0 | 1) => {}
            Some(code) => return Err(format!("ended with {code}: {}", self.last_words())),
        }
        run.workers_are_gone()?;
        let after = content(round)?;
        if let Some((key, row)) = after.iter().find(|(key, row)| whole.get(*key) != Some(*row)) {
            return Err(format!("another row than undisturbed: {row:?}, not {:?}", whole.get(key)));
        }
        let gone = before.keys().filter(|key| !after.contains_key(*key)).count();
        if gone > 0 && !fault.damages_rows() {
            return Err(format!("{gone} rows that were written are gone"));
        }
        Ok(())
    }
}

/// A run that goes on.
pub(crate) struct Started {
    child: Child,
    status: Option<ExitStatus>,
    /// Workers that it had.
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

    /// Waits for this or for the end of the run.
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

/// The rows of a folder, by key, without what differs from run to run; a row that is there twice is an error.
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
            return Err(format!("the row of line {number} is there twice"));
        }
    }
    Ok(found.rows.into_iter().map(|row| (row.key.to_string(), settled(row))).collect())
}

fn settled(row: Row) -> Row {
    let trace = row.trace.iter().map(|point| Point { seconds: 0.0, ..*point }).collect();
    let seconds_to_target = row.seconds_to_target.map(|_| 0.0);
    Row { seconds: 0.0, seconds_to_target, start_seconds: 0.0, peak_rss_bytes: 0, trace, ..row }
}
