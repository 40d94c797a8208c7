//! Row files in JSON Lines: a header first, then one object per line; an incomplete last line is tolerated.
//! docs/FORMAT.md describes the format.

mod archive;
mod assignment;
mod checksum;
mod folder;
mod header;
mod read;
#[cfg(any(test, feature = "sample"))]
#[doc(hidden)]
pub mod sample;
mod write;

pub use archive::archive;
pub use assignment::{Aim, Assignment, Source, Tried, TunedProblem, TunedStart};
pub use checksum::{Checksums, check as check_sum};
pub use folder::{archive_path, folders, row_files, rows_path};
pub use header::{Header, SCHEMA, USES};
pub use headstart_domain::digest::Digest;
pub use headstart_domain::metrics::Metrics;
pub use headstart_domain::row::{Row, Status};
pub use read::{Rows, read};
pub use write::Writer;

/// Runs the program of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
