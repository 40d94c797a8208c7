#![doc = include_str!("../README.md")]
//!
//! ## An error
//!
//! ```
//! use headstart_table::{Dataset, ReadOptions};
//!
//! let path = std::env::temp_dir().join(format!("headstart-table-{}.csv", std::process::id()));
//! std::fs::write(&path, "height,kind\n1.5,a\n2.5,b\n")?;
//! let error = Dataset::read(&path, &ReadOptions::default()).unwrap_err();
//! assert!(error.to_string().starts_with(r#"column "kind" holds "a" in line 2, which is not a number"#));
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod dataset;
mod error;
mod file;
mod label;
mod npy;
pub mod options;
mod standardise;
mod text;

pub use dataset::Dataset;
pub use error::Error;
pub use label::Label;
pub use npy::read_npy;
pub use options::{Purpose, ReadOptions, Task};
pub use standardise::{Scale, scale, standardise, standardise_column};
pub use text::{Layout, Row, Table, number, quoted};
