//! UMAP whose start is an argument: its parts, so far.

mod counter;
mod error;
mod neighbours;
mod table;

pub use counter::Stream;
pub use error::Error;
pub use neighbours::{Metric, Neighbours};
pub use table::from_rows;
