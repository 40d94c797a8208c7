//! The record of a submission, a file beside the rows. `status`, `cancel`, `merge` and a repeated `submit` read it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use headstart_domain::atomic_write;
use headstart_domain::error::Error;

/// A run in shards. Written before the first job is submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Submission {
    /// The program that every task runs.
    pub(crate) program: PathBuf,
    /// Digest of the program's file.
    pub(crate) build: String,
    /// Digest of the suite's text. The folder holds a copy of the suite.
    #[serde(default)]
    pub(crate) suite: String,
    /// Arguments of `run` that all shards share.
    pub(crate) arguments: Vec<String>,
    pub(crate) shards: u64,
    /// Number of trials of all shards.
    pub(crate) trials: usize,
    /// Jobs that were submitted, in order.
    pub(crate) jobs: Vec<Job>,
}

/// A job array and the merge job that waits for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) array: String,
    pub(crate) merge: String,
    /// The shards of the array, in Slurm's notation: `1-8`.
    pub(crate) shards: String,
}

impl Submission {
    pub(crate) fn path(dir: &Path) -> PathBuf {
        dir.join("submission.json")
    }

    /// Reads the submission of a folder; `None` if the folder has no submission.
    pub(crate) fn find(dir: &Path) -> Result<Option<Self>, Error> {
        let path = Self::path(dir);
        match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| Error::BadFile {
                path,
                message: format!("{error}: `headstart submit` writes this file; take another folder"),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }

    /// Reads the submission of a folder; an error if the folder has no submission.
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
    fn a_submission_is_read_back() {
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
