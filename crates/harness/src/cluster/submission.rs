//! What was submitted, as a file beside the rows: whoever comes later needs nothing else.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use headstart_domain::atomic_write;
use headstart_domain::error::Error;

/// A run in shards. Written before the first job is submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Submission {
    /// The program that every task runs, and the digest of its file.
    pub(crate) program: PathBuf,
    pub(crate) build: String,
    /// Digest of the suite's text, of which the folder holds a copy.
    #[serde(default)]
    pub(crate) suite: String,
    /// Arguments of `run` that all shards share.
    pub(crate) arguments: Vec<String>,
    pub(crate) shards: u64,
    /// Trials of all shards.
    pub(crate) trials: usize,
    /// What the scheduler was given, in order.
    pub(crate) jobs: Vec<Job>,
}

/// An array and the merge that waits for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) array: String,
    pub(crate) merge: String,
    /// The shards of the array, as the scheduler was told: `1-8`.
    pub(crate) shards: String,
}

impl Submission {
    pub(crate) fn path(dir: &Path) -> PathBuf {
        dir.join("submission.json")
    }

    /// What was submitted to this folder, if anything was.
    pub(crate) fn find(dir: &Path) -> Result<Option<Self>, Error> {
        let path = Self::path(dir);
        match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| Error::BadFile {
                path,
                message: format!("{error}: it is written by `headstart submit`, take another folder"),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }

    /// The same, where something must have been.
    pub(crate) fn read(dir: &Path) -> Result<Self, Error> {
        Self::find(dir)?.ok_or_else(|| {
            Error::Usage(format!("nothing was submitted to {}: name the --out of `headstart submit`", dir.display()))
        })
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(self).map_err(|error| Error::Domain(error.into()))?;
        atomic_write::write(&Self::path(dir), &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_submitted_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Submission::find(dir.path()).unwrap(), None);
        assert!(Submission::read(dir.path()).unwrap_err().to_string().contains("nothing was submitted"));
        let job = Job { array: "7".into(), merge: "8".into(), shards: "1-3".into() };
        let (program, build, suite) = ("/p".into(), "b".into(), "s".into());
        let all = Submission { program, build, suite, arguments: vec![], shards: 3, trials: 9, jobs: vec![job] };
        all.write(dir.path()).unwrap();
        assert_eq!(Submission::read(dir.path()).unwrap(), all);
        std::fs::write(Submission::path(dir.path()), "{").unwrap();
        assert!(Submission::read(dir.path()).unwrap_err().to_string().contains("submission.json: EOF"));
    }
}
