//! Atomic replacement of files: after a crash or on a full disk, the old file is still complete.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Writes a file atomically.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    replace(path, |file| file.write_all(bytes))
}

/// Fills a temporary file in the same folder, and renames it when it is complete.
pub fn replace(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Error> {
    // Replace the target of a symbolic link, not the link.
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let part = part_of(&place);
    let write = || {
        let mut file = File::create(&part)?;
        fill(&mut file)?;
        if let Ok(known) = fs::metadata(&place) {
            // Keep the permissions. Some file systems have none, so an error is ignored.
            let _ = file.set_permissions(known.permissions());
        }
        file.sync_all()?;
        fs::rename(&part, &place)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&part);
        Error::io("write", path)(error)
    })
}

/// The temporary file: in the same folder, since a rename to another file system is not atomic.
fn part_of(place: &Path) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(format!(".part-{}", std::process::id()));
    place.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_filled_stays_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.toml");
        write(&path, b"old").unwrap();
        let failed = replace(&path, |file| {
            file.write_all(b"half of the n")?;
            Err(io::Error::other("the disk is full"))
        });
        let error = failed.unwrap_err().to_string();
        assert!(error.contains("a.toml") && error.contains("the disk is full"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "the temporary file is removed");
        let error = write(&dir.path().join("none/a.toml"), b"").unwrap_err().to_string();
        assert!(error.contains("cannot write") && error.contains("none"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_outlive_a_change() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (page, link) = (dir.path().join("page.md"), dir.path().join("link.md"));
        fs::write(&page, "old").unwrap();
        fs::set_permissions(&page, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&page, &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&page).unwrap(), b"new");
        assert_eq!(fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
