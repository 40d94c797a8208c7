//! Best-known values of instances whose optimum is unknown, stored by the digest of the instance.

use std::path::{Path, PathBuf};

use headstart_domain::atomic_write;
use headstart_domain::error::Error;
use headstart_domain::reference::References;

/// Returns the path of a domain's references.
pub(crate) fn path(home: &Path, domain: &str) -> PathBuf {
    home.join("benchmarks/references").join(format!("{domain}.toml"))
}

/// Reads a file; a missing one counts as empty.
pub(crate) fn read(path: &Path) -> Result<References, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(References::default()),
        Err(error) => return Err(Error::io("read references from", path)(error)),
    };
    toml::from_str(&text).map_err(|error| Error::BadFile { path: path.to_owned(), message: error.to_string() })
}

/// Writes the file.
pub(crate) fn write(references: &References, path: &Path) -> Result<(), Error> {
    let body = toml::to_string(references).map_err(|error| Error::Domain(error.into()))?;
    let text =
        format!("# Written by `headstart reference`: best values of long runs on separate random streams.\n{body}");
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
    }
    atomic_write::write(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use headstart_domain::Direction;
    use headstart_domain::reference::Reference;

    use super::*;

    #[test]
    fn only_better_values_replace() {
        let found = |value| Reference { problem: "p".into(), value, runs: 3, budget: 10.0 };
        let mut references = References::default();
        assert!(references.improve("x".into(), found(2.0), Direction::Minimise));
        assert!(!references.improve("x".into(), found(3.0), Direction::Minimise));
        assert!(references.improve("x".into(), found(3.0), Direction::Maximise));
        let dir = tempfile::tempdir().unwrap();
        let path = path(dir.path(), "toy");
        assert_eq!(read(&path).unwrap(), References::default());
        write(&references, &path).unwrap();
        assert_eq!(read(&path).unwrap(), references);
        std::fs::write(&path, "[instance.x]\nvalu = 1").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("valu"));
    }
}
