//! Best-known values of instances whose optimum nobody knows, stored by the digest of the instance.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::Direction;
use crate::error::Error;
use crate::whole;

/// The best-known values of one domain: `benchmarks/references/DOMAIN.toml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct References {
    /// By digest of the instance.
    #[serde(default)]
    pub(crate) instance: BTreeMap<String, Reference>,
}

/// The best value of long runs on streams of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reference {
    /// The problem that drew the instance.
    pub(crate) problem: String,
    /// The best value.
    pub(crate) value: f64,
    /// How many long runs it is the best of.
    pub(crate) runs: u64,
    /// The work that each might spend.
    pub(crate) budget: f64,
}

impl References {
    /// Where the references of a domain are kept.
    pub(crate) fn path(home: &Path, domain: &str) -> PathBuf {
        home.join("benchmarks/references").join(format!("{domain}.toml"))
    }

    /// Reads a file; one that is not there is empty.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::io("read references from", path)(error)),
        };
        toml::from_str(&text).map_err(|error| Error::BadFile { path: path.to_owned(), message: error.to_string() })
    }

    /// Writes the file.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Error> {
        let body = toml::to_string(self).map_err(|error| Error::Domain(error.into()))?;
        let text =
            format!("# Written by `headstart reference`; best values of long runs on streams of their own.\n{body}");
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
        }
        whole::write(path, text.as_bytes())
    }

    /// Keeps the better of what was known and what was found; tells whether something changed.
    pub(crate) fn improve(&mut self, instance: String, found: Reference, direction: Direction) -> bool {
        if self.instance.get(&instance).is_some_and(|known| direction.cost(known.value) <= direction.cost(found.value))
        {
            return false;
        }
        self.instance.insert(instance, found);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_better_values_replace() {
        let found = |value| Reference { problem: "p".into(), value, runs: 3, budget: 10.0 };
        let mut references = References::default();
        assert!(references.improve("x".into(), found(2.0), Direction::Minimise));
        assert!(!references.improve("x".into(), found(3.0), Direction::Minimise));
        assert!(references.improve("x".into(), found(3.0), Direction::Maximise));
        let dir = tempfile::tempdir().unwrap();
        let path = References::path(dir.path(), "toy");
        assert_eq!(References::read(&path).unwrap(), References::default());
        references.write(&path).unwrap();
        assert_eq!(References::read(&path).unwrap(), references);
        std::fs::write(&path, "[instance.x]\nvalu = 1").unwrap();
        assert!(References::read(&path).unwrap_err().to_string().contains("valu"));
    }
}
