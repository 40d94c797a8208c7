//! Reads row files: parses lines in parallel, shares names, and thins traces to what a report draws.

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
/// Longest line in bytes; a file with a longer one is not a row file.
const LONGEST_LINE: usize = 1 << 30;
/// Number of points kept of a trace: those of the grid that a figure draws.
const TRACE_POINTS: usize = 64;
/// How a line of a trial begins, as this program writes it.
const TRIAL: &[u8] = br#"{"kind":"trial","#;

/// The contents of row files.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Headers, in the order of the file.
    pub headers: Vec<Header>,
    /// Trials; of duplicates the first that ended normally.
    pub rows: Vec<Row>,
    /// Lines that could not be used: file, line number and reason.
    pub damaged: Vec<String>,
}

impl Rows {
    /// Merges files that were read separately, as if they had been read one after another.
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

/// Reads the row files of some runs. Lines that cannot be read, and trials that are inconsistent ([`Row::fault`]), are
/// left out and listed in [`Rows::damaged`].
///
/// The traces of listed problems are reduced to their improvements and resampled to at most 64 points that are
/// log-spaced in work, so that a million rows fit into the memory of a laptop. The traces of user data stay as they
/// are, since their target is not known until all rows are read.
///
/// Errors: a path that does not exist, a file that cannot be read, or one with a line of more than 1 GiB.
pub fn read(dirs: &[PathBuf]) -> Result<Rows, Error> {
    let mut reader = Reader::default();
    for dir in dirs {
        let path = if dir.is_dir() { rows_in(dir) } else { dir.clone() };
        reader.file(&path, LONGEST_LINE)?;
    }
    Ok(reader.rows)
}

/// Returns the row file of a folder, or the compressed one if only that exists (a committed record).
fn rows_in(dir: &Path) -> PathBuf {
    let (plain, packed) = (rows_path(dir), archive_path(dir));
    if !plain.exists() && packed.exists() { packed } else { plain }
}

#[derive(Default)]
struct Reader {
    rows: Rows,
    /// Index of each key's row.
    seen: HashMap<Digest, usize>,
    names: HashSet<Arc<str>>,
    directions: HashMap<String, Direction>,
}

impl Reader {
    fn file(&mut self, path: &Path, longest: usize) -> Result<(), Error> {
        let failed = |error| Error::io("read rows from", path)(error);
        if !path.exists() {
            let message = "does not exist: name the --out folder of a `headstart run`, or a row file".into();
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
            // The rest of the last block is the beginning of a line.
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

    /// Reads complete lines; returns their number.
    fn lines(&mut self, block: &[u8], path: &Path, first: usize, checksums: &mut Checksums) -> usize {
        let lines: Vec<&[u8]> = block.split_inclusive(|byte| *byte == b'\n').collect();
        let parsed: Vec<Result<(Line, bool), String>> = lines.par_iter().map(|line| Line::checked(line)).collect();
        let count = parsed.len();
        for (number, line) in (first..).zip(parsed) {
            let taken = line.and_then(|(line, has_sum)| {
                if !matches!(line, Line::Empty) {
                    checksums.admit(has_sum, matches!(line, Line::Header(_)))?;
                }
                self.take(line)
            });
            if let Err(why) = taken {
                self.rows.damaged.push(format!("{}:{number}: {why}", path.display()));
            }
        }
        count
    }

    fn take(&mut self, line: Line) -> Result<(), String> {
        match line {
            Line::Empty => {}
            Line::Header(header) => self.header(*header),
            Line::Trial(row) => {
                // A checksum shows that the line is unchanged, not that its contents are consistent.
                if let Some(fault) = row.fault(self.directions.get(&*row.domain).copied()) {
                    return Err(format!("inconsistent trial: {fault}"));
                }
                self.trial(*row);
            }
        }
        Ok(())
    }

    fn header(&mut self, header: Header) {
        self.directions.extend(header.domains().map(|info| (info.name, info.direction)));
        self.rows.headers.push(header);
    }

    fn trial(&mut self, mut row: Row) {
        if let Some(&first) = self.seen.get(&row.key) {
            // A trial that failed and was run again.
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

    /// Shares the names, and thins the trace to what a report draws.
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
        "line {number} has no end within {longest} bytes, the maximum for a row: is this a row file, with one JSON \
         object per line?"
    )
}

/// Returns the end of the last complete line of a block; no line ends before `from`.
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
    /// Parses a line, and returns whether it has a checksum, which must then match.
    fn checked(line: &[u8]) -> Result<(Self, bool), String> {
        let has_sum = check_sum(line)?;
        Ok((Self::parse(line)?, has_sum))
    }

    fn parse(line: &[u8]) -> Result<Self, String> {
        if line.trim_ascii().is_empty() {
            return Ok(Self::Empty);
        }
        // Fast path: the general one parses the line twice.
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
            other => Err(format!("kind is `{other}`: it must be `header` or `trial`")),
        }
    }

    /// Parses a row, and checks that a report can be made from it.
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
    use headstart_domain::trace::Point;

    #[test]
    fn rows_come_back_as_they_were_and_damage_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let rows: Vec<Row> = (0..4).map(|replicate| row("a", replicate, Some(3.0))).collect();
        let mut writer = Writer::open(dir.path()).unwrap();
        for one in [&rows[0], &rows[1], &rows[1]] {
            writer.row(one).unwrap();
        }
        drop(writer);
        // An incomplete line, a line of another kind, and a byte that is not UTF-8.
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
        assert!(read.damaged[1].contains("kind is `poem`"), "{}", read.damaged[1]);
    }

    #[test]
    fn rows_and_headers_unfit_for_a_report_are_damage() {
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

    /// A row of the toy domain that crosses its target of 0.1 at work 5 of 9.
    fn crossing() -> Row {
        let trace =
            [(1.0, 0.5), (5.0, 0.09), (9.0, 0.2)].map(|(work, value)| Point { work, seconds: work / 1e6, value });
        let row = Row { work: 9.0, seconds: 9e-6, value: Some(0.2), trace: trace.to_vec(), ..row("far", 0, Some(5.0)) };
        Row { seconds_to_target: Some(5e-6), ..row }
    }

    #[test]
    fn inconsistent_rows_are_damage_with_a_checksum_and_without() {
        type Change = fn(&mut Row);
        let miss = |row: Row| Row { status: Status::Budget, work_to_target: None, seconds_to_target: None, ..row };
        let changes: [(Change, &str); 24] = [
            (|row| row.budget = 0.0, "budget is 0.0: it must be finite and above 0"),
            (|row| row.work = -1.0, "work is -1.0: it must be from 0 to 1e30"),
            (|row| row.seconds = -1.0, "seconds is -1.0: it must"),
            (|row| row.start_work = -1e300, "start_work is -1e300: it must"),
            (|row| row.start_seconds = -0.5, "start_seconds is -0.5: it must"),
            (|row| row.work_to_target = Some(-5.0), "work_to_target is -5.0: it must be from 0 to 1e30"),
            (|row| row.seconds_to_target = Some(-5.0), "seconds_to_target is -5.0: it must"),
            (|row| row.work = 1e20, "work is 1e20: it must not exceed the budget (100.0)"),
            (|row| row.work_to_target = Some(9.5), "work_to_target is 9.5: it must not exceed work (9.0)"),
            (|row| row.seconds_to_target = Some(1.0), "seconds_to_target is 1.0: it must not exceed seconds (9e-6)"),
            (|row| row.work_to_target = None, "status is reached, but work_to_target is missing"),
            (|row| row.status = Status::Budget, "work_to_target is 5.0, but status is budget: it must be reached"),
            (|row| row.status = Status::Crashed, "work_to_target is 5.0, but status is crashed: it must be reached"),
            (|row| row.target = None, "work_to_target is 5.0, but target is missing"),
            (|row| row.trace[1].work = 0.5, "work decreases from 1.0 to 0.5 in the trace: it must not decrease"),
            (|row| row.trace[0].work = -1.0, "the trace has the point [-1.0, 1e-6, 0.5]"),
            (|row| row.trace[2].work = 10.0, "the trace ends at work 10.0: it must not exceed work (9.0)"),
            (|row| row.trace[1].value = 0.11, "status is reached, but no point of the trace is at the target 0.1"),
            (|row| row.trace.clear(), "status is reached, but no point of the trace"),
            (
                |row| row.work_to_target = Some(6.0),
                "work_to_target is 6.0, but the first point of the trace at the target 0.1 has",
            ),
            (|row| row.work_to_target = Some(0.5), "has work 5.0 (point before: 1.0)"),
            (|row| row.trace[0].value = 0.0, "at the target 0.1 has work 1.0 (point before: 0.0)"),
            (
                |row| (row.status, row.work_to_target, row.seconds_to_target) = (Status::Converged, None, None),
                "the trace is at the target 0.1 at work 5.0, but status is converged: it must be reached",
            ),
            (
                |row| (row.status, row.work_to_target) = (Status::Budget, None),
                "seconds_to_target is 5e-6, but work_to_target is missing",
            ),
        ];
        // With a checksum, and without.
        let mut lines = [String::new(), String::new()];
        for (number, (change, _)) in changes.iter().enumerate() {
            let mut row = Row { replicate: number as u64, ..crossing() };
            change(&mut row);
            let dir = tempfile::tempdir().unwrap();
            Writer::open(dir.path()).unwrap().row(&row).unwrap();
            let line = std::fs::read_to_string(rows_path(dir.path())).unwrap();
            lines[1] += line.rsplit_once(",\"sum\"").unwrap().0;
            lines[1] += "}\n";
            lines[0] += &line;
        }
        let header = sample::header(&[headstart_domain::toy::entry()], "test");
        for lines in lines {
            let dir = tempfile::tempdir().unwrap();
            Writer::open(dir.path()).unwrap().header(&header).unwrap();
            // A header with a checksum would require one in all lines that follow.
            let text = std::fs::read_to_string(rows_path(dir.path())).unwrap();
            let head = format!("{}}}\n", text.rsplit_once(",\"sum\"").unwrap().0);
            std::fs::write(rows_path(dir.path()), head + &lines).unwrap();
            let found = read(&[dir.path().to_owned()]).unwrap();
            assert_eq!((found.rows, found.damaged.len()), (Vec::new(), changes.len()));
            for ((number, line), (_, reason)) in (2..).zip(&found.damaged).zip(&changes) {
                assert!(line.contains(&format!("rows.jsonl:{number}: inconsistent trial: ")), "{line}");
                assert!(line.contains(reason), "{reason} is not in: {line}");
            }
        }
        for good in
            [crossing(), miss(Row { target: Some(0.01), ..crossing() }), miss(Row { target: None, ..crossing() })]
        {
            assert_eq!(good.fault(Some(Direction::Minimise)), None);
        }
        for number in [f64::NAN, f64::INFINITY] {
            let mut metric = crossing();
            metric.metrics.insert("distance", number);
            assert_eq!(metric.fault(None), Some(format!("distance is {number:?}: it must be finite")));
            let budget = Row { budget: number, ..crossing() };
            assert!(budget.fault(None).unwrap().starts_with("budget is"));
            let value = Row { value: Some(number), ..crossing() };
            assert_eq!(value.fault(None), Some(format!("value is {number:?}: it must be finite")));
        }
    }

    /// With larger values better, the negated numbers must give the same result.
    #[test]
    fn which_way_is_better_comes_from_the_header() {
        let row = crossing();
        assert_eq!(row.fault(None), None);
        assert_eq!(row.fault(Some(Direction::Minimise)), None);
        let fault = row.fault(Some(Direction::Maximise)).unwrap();
        assert!(fault.contains("the first point of the trace at the target 0.1 has work 1.0"), "{fault}");
        let mut turned = row;
        turned.trace.iter_mut().for_each(|point| point.value = -point.value);
        turned.target = turned.target.map(|target| -target);
        assert_eq!(turned.fault(Some(Direction::Maximise)), None);
    }

    #[test]
    fn rows_of_real_trials_are_never_inconsistent() {
        let header = sample::header(&[headstart_domain::toy::entry()], "test");
        for seed in 0..40 {
            let rows = headstart_domain::toy::trials(seed, 5);
            let dir = tempfile::tempdir().unwrap();
            let mut writer = Writer::open(dir.path()).unwrap();
            writer.header(&header).unwrap();
            for row in &rows {
                writer.row(row).unwrap();
            }
            drop(writer);
            let found = read(&[dir.path().to_owned()]).unwrap();
            assert_eq!((found.rows.len(), found.damaged), (rows.len(), Vec::new()));
            // Thinning, on reading and in an archive, must not change that.
            let packed = archive_path(dir.path());
            crate::archive(&Rows { headers: found.headers, rows: found.rows, ..Rows::default() }, &packed).unwrap();
            let again = read(&[packed]).unwrap();
            assert_eq!((again.rows.len(), again.damaged), (rows.len(), Vec::new()));
            for mut row in rows {
                for points in [40, 9, 3] {
                    trace::resample(&mut row.trace, points, Direction::Minimise);
                    assert_eq!(row.fault(Some(Direction::Minimise)), None, "{points} points");
                }
            }
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
    fn files_read_separately_merge_as_if_read_together() {
        let dir = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        // The second has the trial that crashed in the first, and a duplicate.
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
            // In rows of other programs, the kind may be anywhere and lines may be long.
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
