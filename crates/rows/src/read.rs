//! Reading rows: lines in parallel, names shared, traces cut down to what a report draws.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;
use serde::Deserialize;

use headstart_domain::digest::Digest;
use headstart_domain::row::Row;

use crate::checksum::{Checksums, check as check_sum};
use crate::folder::{archive_path, rows_path};
use crate::header::{Header, SCHEMA};
use headstart_domain::direction::Direction;
use headstart_domain::error::Error;
use headstart_domain::figure::Figure;
use headstart_domain::names;
use headstart_domain::trace;

/// Bytes that are read and parsed at a time.
const BLOCK: usize = 16 << 20;
/// The longest line: beyond it what is read is no row file, or an archive that unpacks to something else.
const LONGEST_LINE: usize = 1 << 30;
/// What is kept of a trace: the points of the grid that a figure draws.
const TRACE_POINTS: usize = 64;
/// How a line of a trial begins, as this program writes it.
const TRIAL: &[u8] = br#"{"kind":"trial","#;

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

impl Rows {
    /// What several files hold, each read by itself, as if they had been read one after another.
    pub fn of_all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut reader = Reader::default();
        for part in parts {
            part.headers.into_iter().for_each(|header| reader.header(header));
            part.rows.into_iter().for_each(|row| reader.trial(row));
            reader.rows.damaged.extend(part.damaged);
        }
        reader.rows
    }
}

/// Reads the row files of some runs; lines that cannot be read are counted and named, never fatal.
///
/// Of the traces of listed problems only what improves on all before is kept, resampled to at most 64 points that are
/// log-spaced in work, so that a million rows fit into the memory of a laptop. The traces of own data stay as they
/// are: their target is not known until all rows are there.
pub fn read(dirs: &[PathBuf]) -> Result<Rows, Error> {
    let mut reader = Reader::default();
    for dir in dirs {
        let path = if dir.is_dir() { rows_in(dir) } else { dir.clone() };
        reader.file(&path, LONGEST_LINE)?;
    }
    Ok(reader.rows)
}

/// The row file of a folder; of a committed record the compressed one.
fn rows_in(dir: &Path) -> PathBuf {
    let (plain, packed) = (rows_path(dir), archive_path(dir));
    if !plain.exists() && packed.exists() { packed } else { plain }
}

#[derive(Default)]
struct Reader {
    rows: Rows,
    /// Where the row of a key is.
    seen: HashMap<Digest, usize>,
    names: HashSet<Arc<str>>,
    directions: HashMap<String, Direction>,
}

impl Reader {
    fn file(&mut self, path: &Path, longest: usize) -> Result<(), Error> {
        let failed = |error| Error::io("read rows from", path)(error);
        if !path.exists() {
            let message =
                "is not there: name a folder that was the --out of a `headstart run`, or a file of rows".into();
            return Err(Error::BadFile { path: path.to_owned(), message });
        }
        let file = File::open(path).map_err(failed)?;
        let mut file: Box<dyn Read> = if path.extension().is_some_and(|end| end == "gz") {
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        let (mut block, mut checksums) = (Vec::new(), Checksums::default());
        let mut number = 1;
        loop {
            // What is left of the last block is the beginning of a line.
            let before = block.len();
            let read = file.by_ref().take(BLOCK as u64).read_to_end(&mut block).map_err(failed)?;
            let end = if read == 0 { block.len() } else { last_line_end(&block, before) };
            number += self.lines(&block[..end], path, number, &mut checksums);
            block.drain(..end);
            if read == 0 {
                return Ok(());
            }
            if block.len() > longest {
                return Err(Error::BadFile { path: path.to_owned(), message: too_long(number, longest) });
            }
        }
    }

    /// Takes whole lines; returns how many there were.
    fn lines(&mut self, block: &[u8], path: &Path, first: usize, checksums: &mut Checksums) -> usize {
        let lines: Vec<&[u8]> = block.split_inclusive(|byte| *byte == b'\n').collect();
        let parsed: Vec<Result<(Line, bool), String>> = lines.par_iter().map(|line| Line::checked(line)).collect();
        let count = parsed.len();
        for (number, line) in (first..).zip(parsed) {
            let admitted = line.and_then(|(line, has_sum)| {
                let admitted = match line {
                    Line::Empty => Ok(()),
                    _ => checksums.admit(has_sum, matches!(line, Line::Header(_))),
                };
                admitted.map(|()| line)
            });
            match admitted {
                Ok(Line::Empty) => {}
                Ok(Line::Header(header)) => self.header(*header),
                Ok(Line::Trial(row)) => self.trial(*row),
                Err(why) => self.rows.damaged.push(format!("{}:{number}: {why}", path.display())),
            }
        }
        count
    }

    fn header(&mut self, header: Header) {
        self.directions.extend(header.domains().map(|info| (info.name, info.direction)));
        self.rows.headers.push(header);
    }

    fn trial(&mut self, mut row: Row) {
        if let Some(&first) = self.seen.get(&row.key) {
            // What failed and was run again.
            if !row.status.is_sound() || self.rows.rows[first].status.is_sound() {
                return;
            }
            self.compact(&mut row);
            self.rows.rows[first] = row;
        } else {
            self.compact(&mut row);
            self.seen.insert(row.key, self.rows.rows.len());
            self.rows.rows.push(row);
        }
    }

    /// Shares the names, and keeps of the trace what a report draws.
    fn compact(&mut self, row: &mut Row) {
        let mut share = |name: &mut Arc<str>| match self.names.get(name) {
            Some(known) => *name = Arc::clone(known),
            None => {
                self.names.insert(Arc::clone(name));
            }
        };
        [&mut row.domain, &mut row.problem, &mut row.start].into_iter().for_each(&mut share);
        row.basin.iter_mut().chain(&mut row.remarks).for_each(&mut share);
        row.metrics.rename(&mut share);
        row.knobs.0.rename(share);
        if let Some(direction) = self.directions.get(&*row.domain).filter(|_| !row.own) {
            trace::resample(&mut row.trace, TRACE_POINTS, *direction);
        }
        row.trace.shrink_to_fit();
    }
}

fn too_long(number: usize, longest: usize) -> String {
    format!(
        "line {number} has no end within {longest} bytes, and a row has at most as many: is this a file of rows, one JSON \
         object a line?"
    )
}

/// Where the last whole line of a block ends; the bytes before `from` hold no end.
fn last_line_end(block: &[u8], from: usize) -> usize {
    block[from..].iter().rposition(|byte| *byte == b'\n').map_or(0, |place| from + place + 1)
}

enum Line {
    Empty,
    Header(Box<Header>),
    Trial(Box<Row>),
}

#[derive(Deserialize)]
struct Tag {
    kind: String,
}

impl Line {
    /// The line, and whether it has a sum, which then is right.
    fn checked(line: &[u8]) -> Result<(Self, bool), String> {
        let has_sum = check_sum(line)?;
        Ok((Self::parse(line)?, has_sum))
    }

    fn parse(line: &[u8]) -> Result<Self, String> {
        if line.trim_ascii().is_empty() {
            return Ok(Self::Empty);
        }
        // A short cut: the other way goes through the line twice.
        if line.starts_with(TRIAL) {
            return Self::trial(line);
        }
        let failed = |error: serde_json::Error| error.to_string();
        let tag: Tag = serde_json::from_slice(line).map_err(failed)?;
        match tag.kind.as_str() {
            "header" => {
                let header: Header = serde_json::from_slice(line).map_err(failed)?;
                if header.schema != SCHEMA {
                    return Err(format!("schema {} (this program reads {SCHEMA})", header.schema));
                }
                header.domains().try_for_each(|info| info.check_names())?;
                Ok(Self::Header(Box::new(header)))
            }
            "trial" => Self::trial(line),
            other => Err(format!("kind `{other}` is neither header nor trial")),
        }
    }

    /// A row, of whatever program, that a report can be made of.
    fn trial(line: &[u8]) -> Result<Self, String> {
        let row: Row = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        for (kind, name) in [("domain", &row.domain), ("problem", &row.problem), ("start", &row.start)] {
            names::check_plain(kind, name)?;
        }
        match row.figures.iter().find_map(Figure::fault) {
            Some(fault) => Err(fault),
            None => Ok(Self::Trial(Box::new(row))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::sample::{self, row};
    use crate::{Status, Writer};
    use headstart_domain::figure::{Scatter, Shade};

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
        drop(writer);
        let mut file = OpenOptions::new().append(true).open(rows_path(dir.path())).unwrap();
        file.write_all(b"{\"kind\":\"poem\"}\n\xff\n").unwrap();
        drop(file);
        Writer::open(dir.path()).unwrap().row(&rows[3]).unwrap();
        let read = read(&[dir.path().to_owned()]).unwrap();
        assert_eq!(read.rows, rows);
        assert_eq!(read.damaged.len(), 3);
        assert!(read.damaged[0].contains("rows.jsonl:4: "), "{}", read.damaged[0]);
        assert!(read.damaged[1].contains("kind `poem`"), "{}", read.damaged[1]);
    }

    #[test]
    fn rows_and_headers_that_no_report_can_be_made_of_are_damage() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(dir.path()).unwrap();
        let header = sample::header(&[headstart_domain::toy::entry()], "test");
        writer.header(&header).unwrap();
        let mut other = header.clone();
        other.domains[0]["problems"][0]["name"] = "<img src=x>".into();
        writer.header(&other).unwrap();
        let good = row("far", 0, Some(3.0));
        let figure = |y| Figure::Scatter(Scatter { x: vec![0.0, 1.0], y, shade: Shade::Nothing });
        for bad in [
            Row { problem: "../../bowl".into(), ..good.clone() },
            Row { domain: "<b>".into(), ..good.clone() },
            Row { start: "".into(), ..good.clone() },
            Row { figures: vec![figure(vec![0.0, 1.0]), figure(vec![0.0])], ..good.clone() },
        ] {
            writer.row(&bad).unwrap();
        }
        writer.row(&Row { figures: vec![figure(vec![0.0, 1.0])], ..good }).unwrap();
        drop(writer);
        let found = read(&[dir.path().to_owned()]).unwrap();
        assert_eq!((found.headers, found.rows.len()), (vec![header], 1));
        let reasons =
            [":2: problem `<img", ":3: problem `../../bowl`", ":4: domain `<b>`", ":5: start ``", ":6: a figure has 2"];
        assert_eq!(found.damaged.len(), reasons.len());
        for (line, reason) in found.damaged.iter().zip(reasons) {
            assert!(line.contains(reason), "{line}");
        }
    }

    #[test]
    fn a_line_without_end_is_refused_and_not_held() {
        let dir = tempfile::tempdir().unwrap();
        let longest = 1 << 20;
        let line = [serde_json::to_vec(&row("a", 0, None)).unwrap(), b"\n".to_vec(), vec![b'x'; longest + 1]].concat();
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&line).unwrap();
        for (name, bytes) in [("rows.jsonl", line), ("rows.jsonl.gz", packed.finish().unwrap())] {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            assert!(Reader::default().file(&path, 2 * longest).is_ok());
            let error = Reader::default().file(&path, longest).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("line 2 has no end within 1048576 bytes"), "{error}");
        }
    }

    #[test]
    fn files_that_were_read_apart_are_as_if_read_together() {
        let dir = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        // The second has what the first has not brought to a sound end, and more.
        for (name, rows) in [
            ("a", [row("a", 0, Some(3.0)), Row { status: Status::Crashed, ..row("b", 0, None) }]),
            ("b", [row("b", 0, Some(4.0)), row("a", 0, None)]),
        ] {
            let mut writer = Writer::open(&dir.path().join(name)).unwrap();
            writer.header(&sample::header(&[headstart_domain::toy::entry()], name)).unwrap();
            for row in &rows {
                writer.row(row).unwrap();
            }
            paths.push(dir.path().join(name));
        }
        let apart = Rows::of_all(paths.iter().map(|path| read(std::slice::from_ref(path)).unwrap()));
        let together = read(&paths).unwrap();
        assert_eq!((&apart.rows, &apart.headers), (&together.rows, &together.headers));
        assert_eq!(apart.rows, [row("a", 0, Some(3.0)), row("b", 0, Some(4.0))]);
    }

    #[test]
    fn lines_may_be_cut_by_blocks_and_the_last_may_have_no_end() {
        let path = tempfile::NamedTempFile::new().unwrap();
        let line = |replicate| {
            let mut value = serde_json::to_value(row("a", replicate, Some(3.0))).unwrap();
            value["kind"] = "trial".into();
            // The kind is anywhere in rows of other programs, and lines are as long as they like.
            value["message"] = "x".repeat(BLOCK / 3).into();
            value.to_string()
        };
        let text: Vec<String> = (0..8).map(line).collect();
        std::fs::write(path.path(), text.join("\n")).unwrap();
        let read = read(&[path.path().to_owned()]).unwrap();
        assert_eq!(read.rows.iter().map(|row| row.replicate).collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
        assert!(read.damaged.is_empty());
    }
}
