//! Errors outside of trials. (Errors inside a trial are recorded in its row.)

use std::io;
use std::path::PathBuf;

/// Result of a domain's functions. Any error type will do; its text and causes are recorded in the row.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// An error of the harness. Messages name the value, what is allowed and the cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line is invalid.
    #[error("{0}")]
    Usage(String),
    /// An unknown name.
    #[error("unknown {kind} `{name}`{place}{suggestion} Known: {known}")]
    UnknownName {
        /// Kind of thing the name should refer to.
        kind: &'static str,
        /// The name.
        name: String,
        /// Where the name was looked up, with a leading space.
        place: String,
        /// The nearest known name, as a clause.
        suggestion: String,
        /// All known names.
        known: String,
    },
    /// A file with invalid contents.
    #[error("{}: {message}", path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, what is allowed, and the cure.
        message: String,
    },
    /// The operating system reported an error.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// The operation, such as "write".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The folder holds rows of another build.
    #[error(
        "{} holds rows of another build ({found}; this one is {this}): mixing them would compare two programs. \
         Choose another folder, or pass --other-build archive to set the old rows of --out aside, or --other-build \
         keep to mix them",
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
    /// The run is incomplete.
    #[error("{0}")]
    Incomplete(String),
    /// An error of a domain.
    #[error("{0}")]
    Domain(#[from] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps an error of the operating system; use it with `map_err`.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// Returns the exit code: 2 for usage, 1 for failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::UnknownName { .. } => 2,
            _ => 1,
        }
    }
}
