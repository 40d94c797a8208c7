//! Paths of the row files of a run.

use std::path::{Path, PathBuf};

use headstart_domain::error::Error;

/// Returns the row files of a folder and of its subfolders, sorted by name.
pub fn row_files(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = vec![rows_path(dir)];
    found.extend(folders(dir)?.iter().map(|folder| rows_path(folder)));
    found.retain(|path| path.is_file());
    Ok(found)
}

/// Returns the subfolders of a folder, sorted by name; empty if the folder does not exist.
pub fn folders(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || Error::io("read the folder", dir);
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(read()(error)),
    };
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut folders = paths.map_err(read())?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}

/// Returns the path of the row file of a run's folder.
pub fn rows_path(dir: &Path) -> PathBuf {
    dir.join("rows.jsonl")
}

/// Returns the path of the compressed row file of a folder.
pub fn archive_path(dir: &Path) -> PathBuf {
    dir.join("rows.jsonl.gz")
}
