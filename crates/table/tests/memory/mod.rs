//! A folder for tests that write and remove thousands of files.

use std::path::{Path, PathBuf};

/// Returns a folder in memory if the system has one, otherwise the folder for temporary files.
pub(crate) fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}
