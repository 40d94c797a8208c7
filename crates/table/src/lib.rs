//! A user's own table from a file, with errors that name the line, the column and the cure.
//!
//! ```
//! let path = std::env::temp_dir().join(format!("headstart-table-{}.csv", std::process::id()));
//! std::fs::write(&path, "height,kind\n1.5,a\n2.5,b\n")?;
//! let table = headstart_table::Table::read(&path)?;
//! assert_eq!(table.header, ["height", "kind"]);
//! assert_eq!(table.numbers(table.column("height")?)?.to_vec(), [1.5, 2.5]);
//! assert!(table.numbers(1).unwrap_err().to_string().contains(r#"column "kind" holds "a" in line 2"#));
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod npy;
mod text;

pub use error::Error;
pub use npy::read_npy;
pub use text::{Row, Table, number, quoted};

/// The program of the README, run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
