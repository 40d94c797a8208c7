//! Appends rows to a file, one write per line.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use headstart_domain::row::Row;

use crate::checksum::append_checksum;
use crate::folder::rows_path;
use crate::header::Header;
use headstart_domain::error::Error;

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Line<'a> {
    Header(&'a Header),
    Trial(&'a Row),
}

/// Appends to a row file. Each line is one write, so an interruption loses at most the last line.
pub struct Writer {
    file: File,
    path: PathBuf,
}

impl Writer {
    /// Opens the folder for one writer. A second writer is refused as long as the first exists.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(dir).map_err(Error::io("make the folder", dir))?;
        let path = rows_path(dir);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)
            .map_err(Error::io("write rows to", &path))?;
        // Other errors are ignored: some file systems have no locks.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(Error::Incomplete(format!(
                "{} is being written by another run: wait until it ends, or take another --out",
                path.display()
            )));
        }
        close_torn_line(&mut file).map_err(Error::io("write rows to", &path))?;
        Ok(Self { file, path })
    }

    /// Appends a header.
    pub fn header(&mut self, header: &Header) -> Result<(), Error> {
        self.line(&Line::Header(header))
    }

    /// Appends a row.
    pub fn row(&mut self, row: &Row) -> Result<(), Error> {
        self.line(&Line::Trial(row))
    }

    fn line(&mut self, line: &Line) -> Result<(), Error> {
        let mut text = serde_json::to_vec(line).map_err(|error| Error::Domain(error.into()))?;
        append_checksum(&mut text);
        text.push(b'\n');
        self.file.write_all(&text).map_err(Error::io("write rows to (those already written stay valid)", &self.path))
    }
}

/// Ends an incomplete last line, so that the next one starts on a new line.
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
mod tests {
    use super::*;

    #[test]
    fn two_writers_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let _first = Writer::open(dir.path()).unwrap();
        assert!(Writer::open(dir.path()).is_err_and(|error| error.to_string().contains("another run")));
    }
}
