//! Compressed archives of rows, with only the data that a report needs.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use headstart_domain::atomic_write;
use headstart_domain::digest::Digest;
use headstart_domain::row::Row;

use crate::read::Rows;
use crate::write::Line;
use headstart_domain::error::Error;
use headstart_domain::trace::Point;

/// Writes rows to a compressed file. Rows that were read have only the points of the trace that a report draws. Seconds
/// in the trace are rounded to three digits: no digest covers them, and they compress badly. A report of the archive
/// equals a report of the rows.
pub fn archive(rows: &Rows, path: &Path) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
    }
    // Atomic, since the archive may replace the file of these rows.
    atomic_write::replace(path, |file| pack(rows, file))
}

fn pack(rows: &Rows, file: &mut File) -> io::Result<()> {
    let mut out = BufWriter::new(GzEncoder::new(file, Compression::best()));
    let mut line = |line: &Line| -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        out.write_all(&text)
    };
    for header in &rows.headers {
        line(&Line::Header(header))?;
    }
    for row in sorted(&rows.rows) {
        let rounded = |point: &Point| Point { seconds: three_digits(point.seconds), ..*point };
        let row = Row { trace: row.trace.iter().map(rounded).collect(), ..row.clone() };
        line(&Line::Trial(&row))?;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
    Ok(())
}

/// Sorts similar rows next to each other, for better compression. Among the experiments of a problem, the one written
/// last stays last, since a report takes that one.
fn sorted(rows: &[Row]) -> Vec<&Row> {
    let last: HashMap<Study, usize> = rows.iter().map(study).zip(0..).collect();
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_cached_key(|row| (&row.domain, &row.problem, last.get(&study(row)), &row.start));
    sorted
}

/// The group within which a report pairs rows: domain, problem, user data or not, experiment.
type Study<'a> = (&'a str, &'a str, bool, Digest);

fn study(row: &Row) -> Study<'_> {
    (&row.domain, &row.problem, row.own, row.experiment)
}

fn three_digits(seconds: f64) -> f64 {
    format!("{seconds:.2e}").parse().unwrap_or(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::archive_path;
    use crate::read;
    use crate::sample::row;

    #[test]
    fn an_archive_reads_back_except_digits_of_seconds() {
        let dir = tempfile::tempdir().unwrap();
        let mut rows = Rows { rows: vec![row("b", 1, Some(3.0)), row("a", 0, None)], ..Rows::default() };
        rows.rows[0].trace[0].seconds = 0.123_456;
        archive(&rows, &archive_path(dir.path())).unwrap();
        let back = read(&[dir.path().to_owned()]).unwrap();
        assert_eq!(back.rows[0], rows.rows[1]);
        assert_eq!(back.rows[1].trace[0].seconds, 0.123);
        rows.rows[0].trace[0].seconds = 0.123;
        assert_eq!(back.rows[1], rows.rows[0]);
    }

    #[test]
    fn the_experiment_that_was_written_last_is_the_last_of_its_problem() {
        let of = |experiment: &str, problem: &str, start: &str, replicate| Row {
            key: headstart_domain::digest::of_bytes(format!("{experiment} {problem} {start} {replicate}").as_bytes()),
            experiment: experiment.into(),
            problem: problem.into(),
            ..row(start, replicate, Some(3.0))
        };
        // Two experiments of each of two problems, interleaved; each problem has a different last one.
        let rows = vec![
            of("new", "bowl", "a", 0),
            of("old", "pit", "b", 0),
            of("old", "bowl", "b", 0),
            of("new", "pit", "a", 0),
            of("new", "bowl", "b", 1),
            of("old", "bowl", "z", 1),
            of("new", "bowl", "a", 1),
            of("old", "pit", "a", 1),
        ];
        let dir = tempfile::tempdir().unwrap();
        archive(&Rows { rows, ..Rows::default() }, &archive_path(dir.path())).unwrap();
        let back = read(&[dir.path().to_owned()]).unwrap().rows;
        let found: Vec<(&str, Digest, &str, u64)> =
            back.iter().map(|row| (&*row.problem, row.experiment, &*row.start, row.replicate)).collect();
        let (old, new): (Digest, Digest) = ("old".into(), "new".into());
        let expected = [
            ("bowl", old, "b", 0),
            ("bowl", old, "z", 1),
            ("bowl", new, "a", 0),
            ("bowl", new, "a", 1),
            ("bowl", new, "b", 1),
            ("pit", new, "a", 0),
            ("pit", old, "a", 1),
            ("pit", old, "b", 0),
        ];
        assert_eq!(found, expected);
    }
}
