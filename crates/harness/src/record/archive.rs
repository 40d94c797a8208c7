//! Rows for keeping: compressed, and no more of them than a report reads.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::write::Line;
use super::{Row, Rows};
use crate::error::Error;
use crate::trace::Point;

/// The compressed row file of a folder.
pub fn archive_path(dir: &Path) -> PathBuf {
    dir.join("rows.jsonl.gz")
}

/// Writes rows as they were read: of a trace the points that a report draws, their seconds (which no digest covers, and
/// which do not compress) to three digits. The report of the archive is the report of the rows.
pub(crate) fn archive(rows: &Rows, path: &Path) -> Result<(), Error> {
    let failed = |error| Error::io("write rows to", path)(error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
    }
    let file = File::create(path).map_err(failed)?;
    let mut out = BufWriter::new(GzEncoder::new(file, Compression::best()));
    let mut line = |line: &Line| -> Result<(), Error> {
        let mut text = serde_json::to_vec(line).map_err(|error| Error::Domain(error.into()))?;
        text.push(b'\n');
        out.write_all(&text).map_err(failed)
    };
    for header in &rows.headers {
        line(&Line::Header(header))?;
    }
    // Side by side what is alike: the compression finds it.
    let mut sorted: Vec<&Row> = rows.rows.iter().collect();
    sorted.sort_by_key(|row| (&row.domain, &row.problem, &row.start));
    for row in sorted {
        let rounded = |point: &Point| Point { seconds: three_digits(point.seconds), ..*point };
        let row = Row { trace: row.trace.iter().map(rounded).collect(), ..row.clone() };
        line(&Line::Trial(&row))?;
    }
    let encoder = out.into_inner().map_err(|error| failed(error.into_error()))?;
    encoder.finish().map_err(failed)?;
    Ok(())
}

fn three_digits(seconds: f64) -> f64 {
    format!("{seconds:.2e}").parse().unwrap_or(seconds)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::super::tests::row;
    use super::*;

    #[test]
    fn an_archive_reads_back_but_for_digits_of_seconds() {
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
}
