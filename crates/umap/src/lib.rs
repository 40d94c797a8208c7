//! UMAP whose start is an argument: its parts, so far.

mod counter;
mod curve;
mod error;
mod graph;
mod neighbours;
pub mod quality;
pub mod start;
mod table;

pub use counter::Stream;
pub use curve::Curve;
pub use error::Error;
pub use graph::{Bandwidths, Graph, bandwidths};
pub use neighbours::{Metric, Neighbours};
pub use table::from_rows;
