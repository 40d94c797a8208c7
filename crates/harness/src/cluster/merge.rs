//! Merges the rows of all shards and attempts into one file, each trial once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use headstart_domain::atomic_write;
use headstart_domain::error::Error;
use headstart_rows::{Checksums, Digest, Status, check_sum, folders, row_files, rows_path};

/// The fields of a line that decide whether it is kept.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Header { build: String },
    Trial { key: Digest, status: Status },
}

/// The place of a line: its file, first byte and length.
#[derive(Clone, Copy)]
struct Span {
    file: usize,
    from: u64,
    length: usize,
}

/// An index of the rows of all shards. It takes about a hundred bytes per trial, however long its row is.
pub(crate) struct Merged {
    files: Vec<PathBuf>,
    headers: Vec<Span>,
    trials: HashMap<Digest, (Span, Status)>,
    /// Builds that wrote the rows.
    pub(crate) builds: Vec<String>,
    /// Number of duplicate rows of trials that were run more than once.
    pub(crate) doubled: usize,
    /// Number of incomplete or damaged lines.
    pub(crate) damaged: usize,
}

impl Merged {
    /// Scans all attempts of all shards.
    pub(crate) fn of(dir: &Path) -> Result<Self, Error> {
        let mut merged = Self {
            files: attempts(dir)?,
            headers: Vec::new(),
            trials: HashMap::new(),
            builds: Vec::new(),
            doubled: 0,
            damaged: 0,
        };
        for file in 0..merged.files.len() {
            merged.scan(file)?;
        }
        Ok(merged)
    }

    fn scan(&mut self, file: usize) -> Result<(), Error> {
        let path = self.files[file].clone();
        let read = || Error::io("read rows from", &path);
        let mut lines = BufReader::new(File::open(&path).map_err(read())?);
        let (mut from, mut line, mut checksums) = (0, Vec::new(), Checksums::default());
        loop {
            line.clear();
            let length = lines.read_until(b'\n', &mut line).map_err(read())?;
            if length == 0 {
                return Ok(());
            }
            let place = Span { file, from, length };
            from += length as u64;
            // A line without a line end is still being written, or was cut off.
            let sum = if line.ends_with(b"\n") { check_sum(&line).ok() } else { None };
            let is_header = |line: &Line| matches!(line, Line::Header { .. });
            match (serde_json::from_slice(&line), sum) {
                (Ok(parsed), Some(sum)) if checksums.admit(sum, is_header(&parsed)).is_ok() => self.take(place, parsed),
                _ => self.damaged += 1,
            }
        }
    }

    fn take(&mut self, place: Span, line: Line) {
        match line {
            Line::Header { build } => {
                self.headers.push(place);
                if !self.builds.contains(&build) {
                    self.builds.push(build);
                }
            }
            Line::Trial { key, status } => match self.trials.entry(key) {
                Entry::Vacant(vacant) => {
                    vacant.insert((place, status));
                }
                Entry::Occupied(mut kept) => {
                    self.doubled += 1;
                    // A second attempt may have succeeded where the first failed.
                    if status.is_sound() && !kept.get().1.is_sound() {
                        kept.insert((place, status));
                    }
                }
            },
        }
    }

    /// Returns the number of trials.
    pub(crate) fn trials(&self) -> usize {
        self.trials.len()
    }

    /// Returns the number of trials that failed.
    pub(crate) fn failed(&self) -> usize {
        self.trials.values().filter(|(_, status)| !status.is_sound()).count()
    }

    /// Writes the folder's row file, either completely or not at all.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), Error> {
        let mut places: Vec<Span> = self.trials.values().map(|(place, _)| *place).collect();
        places.sort_by_key(|place| (place.file, place.from));
        let path = rows_path(dir);
        atomic_write::replace(&path, |out| {
            let mut out = BufWriter::new(out);
            let mut open: Option<(usize, File)> = None;
            for place in self.headers.iter().chain(&places) {
                let file = match &mut open {
                    Some((index, file)) if *index == place.file => file,
                    other => &mut other.insert((place.file, File::open(&self.files[place.file])?)).1,
                };
                let mut line = vec![0; place.length];
                file.seek(SeekFrom::Start(place.from))?;
                file.read_exact(&mut line)?;
                out.write_all(&line)?;
            }
            out.flush()
        })
    }
}

/// Returns the row files of all attempts, in a fixed order.
fn attempts(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let shards = dir.join("shards");
    let mut found = Vec::new();
    for shard in folders(&shards)? {
        found.extend(row_files(&shard)?);
    }
    if found.is_empty() {
        return Err(Error::Incomplete(format!(
            "no rows under {} yet: wait until a task has written some",
            shards.display()
        )));
    }
    Ok(found)
}

/// Returns the shards that are complete.
pub(crate) fn shards_done(dir: &Path, shards: u64) -> Vec<u64> {
    (1..=shards).filter(|shard| dir.join(format!("shards/{shard}/done")).is_file()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const HEADER: &str = "{\"kind\":\"header\",\"build\":\"b\"}\n";

    fn row(key: u8, status: &str, value: f64) -> String {
        format!("{{\"kind\":\"trial\",\"key\":\"{key:032x}\",\"status\":\"{status}\",\"value\":{value}}}\n")
    }

    fn shard(dir: &Path, place: &str, lines: &[String]) {
        let folder = dir.join("shards").join(place);
        fs::create_dir_all(&folder).unwrap();
        fs::write(rows_path(&folder), HEADER.to_owned() + &lines.concat()).unwrap();
    }

    #[test]
    fn every_trial_is_kept_once_with_its_better_outcome() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        assert!(Merged::of(dir).is_err_and(|error| error.to_string().contains("no rows under")));
        let torn = row(4, "reached", 4.0);
        // The first attempt was killed while writing a line; the second repeated all trials.
        shard(dir, "1/7.0", &[row(1, "reached", 1.0), row(2, "crashed", 2.0), torn[..20].to_owned()]);
        shard(dir, "1/7.1", &[row(1, "reached", 1.0), row(2, "reached", 2.5), row(4, "budget", 4.0)]);
        shard(dir, "2/7.0", &[row(3, "failed", 3.0)]);
        let merged = Merged::of(dir).unwrap();
        assert_eq!((merged.trials(), merged.failed(), merged.doubled, merged.damaged), (4, 1, 2, 1));
        assert_eq!(merged.builds, ["b"]);
        merged.write(dir).unwrap();
        let text = fs::read_to_string(rows_path(dir)).unwrap();
        let lines: Vec<String> = text.lines().map(|line| line.to_owned() + "\n").collect();
        let expected = [row(1, "reached", 1.0), row(2, "reached", 2.5), row(4, "budget", 4.0), row(3, "failed", 3.0)];
        assert_eq!(lines[3..], expected);
        assert_eq!(fs::read_dir(dir).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn shards_that_ended_are_marked() {
        let dir = tempfile::tempdir().unwrap();
        shard(dir.path(), "2/7.0", &[]);
        fs::write(dir.path().join("shards/2/done"), "").unwrap();
        assert_eq!(shards_done(dir.path(), 3), [2]);
    }

    #[test]
    fn a_row_whose_sum_differs_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("shards/1/7.0");
        let mut writer = headstart_rows::Writer::open(&folder).unwrap();
        for replicate in 0..3 {
            writer.row(&headstart_rows::sample::row("a", replicate, Some(3.0))).unwrap();
        }
        drop(writer);
        let path = rows_path(&folder);
        let text = fs::read_to_string(&path).unwrap().replacen("\"work\":3.0", "\"work\":2.0", 1);
        fs::write(path, text).unwrap();
        let merged = Merged::of(dir.path()).unwrap();
        assert_eq!((merged.trials(), merged.damaged), (2, 1));
    }
}
