//! What can go wrong outside a trial. (What goes wrong inside one is a row.)

use std::io;
use std::path::PathBuf;

/// What the functions of a domain return: any error will do, its text (and its chain of causes) ends in the row.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// An error of the harness: it names the value, what is allowed and the cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line does not fit.
    #[error("{0}")]
    Usage(String),
    /// A name that nobody knows.
    #[error("there is no {kind} `{name}`{place}{suggestion} Known: {known}")]
    UnknownName {
        /// What it should be the name of.
        kind: &'static str,
        /// The name.
        name: String,
        /// Where it was looked for, with a leading space.
        place: String,
        /// The nearest known name, as a clause.
        suggestion: String,
        /// All known names.
        known: String,
    },
    /// A file that does not say what it should.
    #[error("{}: {message}", path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, what is allowed, and the cure.
        message: String,
    },
    /// The system refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Rows of another build are there already.
    #[error(
        "{} holds rows of another build ({found}; this one is {this}): mixing them would compare two programs. \
         Take another folder, or say --other-build archive to set old rows of --out aside or --other-build keep to mix",
        dir.display()
    )]
    OtherBuild {
        /// The folder.
        dir: PathBuf,
        /// The build that wrote its rows.
        found: String,
        /// The build that runs now.
        this: String,
    },
    /// The plan was not finished.
    #[error("{0}")]
    Incomplete(String),
    /// A domain breaks its contract.
    #[error("{0}")]
    Domain(#[from] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps what the system said; use with `map_err`.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// 2 for usage, 1 for failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::UnknownName { .. } => 2,
            _ => 1,
        }
    }
}
