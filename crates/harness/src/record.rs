//! Rows and JSON Lines: one object a line, a header first, a torn tail tolerated. docs/FORMAT.md is the reference.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::info::DomainInfo;
use crate::trace::Point;

/// Raised when rows can no longer be read by older programs.
pub const SCHEMA: u32 = 1;

/// How a trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The target was crossed within the budget.
    Reached,
    /// The solver stopped by itself, the target missed.
    Converged,
    /// The budget was spent, the target missed.
    Budget,
    /// The start or the solver returned an error, or reported something impossible.
    Failed,
    /// Stopped by the supervisor at the limit of seconds.
    Timeout,
    /// Panicked, was killed, or took down its process.
    Crashed,
}

impl Status {
    /// Whether the trial came to an end of its own, target or not.
    pub fn is_sound(self) -> bool {
        matches!(self, Self::Reached | Self::Converged | Self::Budget)
    }
}

/// One trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Digest of all that names the trial; duplicates collapse by it.
    pub key: String,
    /// Digest of all that the trials it may be compared with have in common: domain, version, problem, seed, budget,
    /// references, own data and options.
    pub experiment: String,
    /// Domain.
    pub domain: String,
    /// Problem.
    pub problem: String,
    /// Whether the problem is a user's own file.
    pub own: bool,
    /// Start.
    pub start: String,
    /// Seed of the suite.
    pub seed: u64,
    /// Replicate, from 0.
    pub replicate: u64,
    /// How it ended.
    pub status: Status,
    /// What went wrong, with the tail of its log.
    #[serde(default)]
    pub message: String,
    /// Work that it might spend (tau).
    pub budget: f64,
    /// Target; none for own data until all rows are there.
    pub target: Option<f64>,
    /// Last observed value.
    pub value: Option<f64>,
    /// Work spent, the charge not included.
    pub work: f64,
    /// Seconds spent, the charge not included.
    pub seconds: f64,
    /// Work when the target was first crossed.
    pub work_to_target: Option<f64>,
    /// Seconds when the target was first crossed.
    pub seconds_to_target: Option<f64>,
    /// Work charged to the start.
    pub start_work: f64,
    /// Seconds spent on making the start.
    pub start_seconds: f64,
    /// Highest resident memory of the process during the trial; 0 where the system does not tell.
    pub peak_rss_bytes: u64,
    /// Observations, thinned.
    pub trace: Vec<Point>,
    /// Diagnostics and final qualities.
    pub metrics: BTreeMap<String, f64>,
    /// Digest of the instance.
    pub instance: String,
    /// Digest of the state that the start made.
    pub state: String,
    /// Digest of all that is deterministic.
    pub digest: String,
}

/// Where and how rows were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Name of the suite.
    pub suite: String,
    /// The command line.
    pub args: Vec<String>,
    /// Seed of the suite.
    pub seed: u64,
    /// Digest of the program file: rows of different builds are not mixed.
    pub build: String,
    /// Commit of the sources, with `-dirty` where they were changed.
    pub git: String,
    /// Compiler.
    pub rustc: String,
    /// Processor model.
    pub cpu: String,
    /// Operating system.
    pub os: String,
    /// Trials that ran side by side.
    pub workers: usize,
    /// Instruction sets that hot loops may have taken.
    pub features: Vec<String>,
    /// UTC, ISO 8601.
    pub started: String,
    /// What the domains say of themselves.
    pub domains: Vec<serde_json::Value>,
}

impl Header {
    /// The domains that it describes; those written by a newer program are left out.
    pub fn domains(&self) -> impl Iterator<Item = DomainInfo> + '_ {
        self.domains.iter().filter_map(|value| serde_json::from_value(value.clone()).ok())
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line<'a> {
    Header(&'a Header),
    Trial(&'a Row),
}

#[derive(Deserialize)]
struct Tag {
    kind: String,
}

/// All that a row file holds.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Headers in the order of the file.
    pub headers: Vec<Header>,
    /// Trials, duplicates collapsed to the first that came to a sound end.
    pub rows: Vec<Row>,
    /// What could not be read: file, line number and why.
    pub damaged: Vec<String>,
}

/// The row file of a run's folder.
pub fn rows_path(dir: &Path) -> PathBuf {
    dir.join("rows.jsonl")
}

/// Reads the row files of some runs; lines that cannot be read are counted and named, never fatal.
pub fn read(dirs: &[PathBuf]) -> Result<Rows, Error> {
    let mut rows = Rows::default();
    let mut seen = HashMap::new();
    for dir in dirs {
        let path = if dir.is_dir() { rows_path(dir) } else { dir.clone() };
        let file = File::open(&path).map_err(Error::io("read rows from", &path))?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(Error::io("read rows from", &path))? == 0 {
                break;
            }
            if let Err(why) = take(&line, &mut rows, &mut seen) {
                rows.damaged.push(format!("{}:{number}: {why}", path.display()));
            }
        }
    }
    Ok(rows)
}

fn take(line: &[u8], rows: &mut Rows, seen: &mut HashMap<String, usize>) -> Result<(), String> {
    if line.trim_ascii().is_empty() {
        return Ok(());
    }
    let tag: Tag = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    match tag.kind.as_str() {
        "header" => {
            let header: Header = serde_json::from_slice(line).map_err(|error| error.to_string())?;
            if header.schema != SCHEMA {
                return Err(format!("schema {} (this program reads {SCHEMA})", header.schema));
            }
            rows.headers.push(header);
        }
        "trial" => {
            let row: Row = serde_json::from_slice(line).map_err(|error| error.to_string())?;
            match seen.get(&row.key) {
                None => {
                    seen.insert(row.key.clone(), rows.rows.len());
                    rows.rows.push(row);
                }
                // What failed and was run again.
                Some(&first) if row.status.is_sound() && !rows.rows[first].status.is_sound() => rows.rows[first] = row,
                Some(_) => {}
            }
        }
        other => return Err(format!("kind `{other}` is neither header nor trial")),
    }
    Ok(())
}

/// Appends to a row file. Each line is one write, so a cut loses at most the line in flight.
pub(crate) struct Writer {
    file: File,
    path: PathBuf,
}

impl Writer {
    /// Opens the folder for one writer; a second one is refused while the first lives.
    pub(crate) fn open(dir: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(dir).map_err(Error::io("make the folder", dir))?;
        let path = rows_path(dir);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)
            .map_err(Error::io("write rows to", &path))?;
        // A file system without locks is no reason to refuse.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(Error::Incomplete(format!(
                "{} is being written by another run: wait for it, or take another --out",
                path.display()
            )));
        }
        close_torn_line(&mut file).map_err(Error::io("write rows to", &path))?;
        Ok(Self { file, path })
    }

    pub(crate) fn header(&mut self, header: &Header) -> Result<(), Error> {
        self.line(&Line::Header(header))
    }

    pub(crate) fn row(&mut self, row: &Row) -> Result<(), Error> {
        self.line(&Line::Trial(row))
    }

    fn line(&mut self, line: &Line) -> Result<(), Error> {
        let mut text = serde_json::to_vec(line).map_err(|error| Error::Domain(error.into()))?;
        text.push(b'\n');
        self.file.write_all(&text).map_err(Error::io("write rows to (those already written stay valid)", &self.path))
    }
}

/// A line that a cut left without its end must not swallow the next one.
fn close_torn_line(file: &mut File) -> std::io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn row(start: &str, replicate: u64, work_to_target: Option<f64>) -> Row {
        Row {
            key: format!("{start}-{replicate}"),
            experiment: "one".into(),
            domain: "toy".into(),
            problem: "bowl".into(),
            own: false,
            seed: 1,
            start: start.into(),
            replicate,
            status: if work_to_target.is_some() { Status::Reached } else { Status::Budget },
            message: String::new(),
            budget: 100.0,
            target: Some(0.1),
            value: Some(work_to_target.map_or(0.5, |_| 0.05)),
            work: work_to_target.unwrap_or(100.0),
            seconds: 0.001,
            work_to_target,
            seconds_to_target: work_to_target.map(|work| work / 1e6),
            start_work: 0.0,
            start_seconds: 0.0,
            peak_rss_bytes: 0,
            trace: vec![Point { work: 1.0, seconds: 0.0, value: 1.0 / 3.0 }],
            metrics: BTreeMap::new(),
            instance: String::new(),
            state: start.into(),
            digest: format!("{start}-{replicate}-{work_to_target:?}"),
        }
    }

    #[test]
    fn rows_come_back_as_they_were_and_damage_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let rows: Vec<Row> = (0..4).map(|replicate| row("a", replicate, Some(3.0))).collect();
        let mut writer = Writer::open(dir.path()).unwrap();
        for one in [&rows[0], &rows[1], &rows[1]] {
            writer.row(one).unwrap();
        }
        drop(writer);
        // A cut in the middle of a line, a flipped bit, and a line of something else.
        let mut file = OpenOptions::new().append(true).open(rows_path(dir.path())).unwrap();
        file.write_all(b"{\"kind\":\"trial\",\"key\":\"torn").unwrap();
        drop(file);
        let mut writer = Writer::open(dir.path()).unwrap();
        writer.row(&rows[2]).unwrap();
        writer.file.write_all(b"{\"kind\":\"poem\"}\n\xff\n").unwrap();
        writer.row(&rows[3]).unwrap();
        let read = read(&[dir.path().to_owned()]).unwrap();
        assert_eq!(read.rows, rows);
        assert_eq!(read.damaged.len(), 3);
        assert!(read.damaged[0].contains("rows.jsonl:4: "), "{}", read.damaged[0]);
        assert!(read.damaged[1].contains("kind `poem`"), "{}", read.damaged[1]);
    }

    #[test]
    fn two_writers_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let _first = Writer::open(dir.path()).unwrap();
        assert!(Writer::open(dir.path()).is_err_and(|error| error.to_string().contains("another run")));
    }
}
