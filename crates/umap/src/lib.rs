//! UMAP that takes the initial layout as an argument: spectral, principal components, random, or your own layout.
//!
//! The method is that of L. `McInnes`, J. Healy & J. Melville, "UMAP: Uniform Manifold Approximation and Projection",
//! arXiv:1802.03426 (2018), with the details of umap-learn 0.5.12. Neighbours are exact for up to some tens of
//! thousands of points and approximate (random projection trees and neighbour descent) beyond; [`Search`] overrides
//! this. The same seed gives the same bits on any number of threads.
//!
//! ```
//! use headstart_umap::{Umap, start};
//! use ndarray::Array2;
//!
//! // 200 points along a helix.
//! let data = Array2::from_shape_fn((200, 3), |(i, axis)| {
//!     let t = i as f32 / 20.0;
//!     [t.cos(), t.sin(), 0.3 * t][axis]
//! });
//! let fitted = Umap { neighbours: 10, ..Umap::default() }.fit(data.view(), start::spectral, 42)?;
//! assert_eq!(fitted.layout.dim(), (200, 2));
//! assert!(fitted.health.is_some_and(|health| health.component_sizes == [200]));
//! # Ok::<(), headstart_umap::Error>(())
//! ```
//!
//! | paper | item |
//! |---|---|
//! | k nearest neighbours | [`Neighbours`] |
//! | rho, sigma (algorithm 3) | [`bandwidths`] |
//! | fuzzy simplicial set (algorithm 2) | [`Graph`] |
//! | a, b (section 4) | [`Curve`] |
//! | spectral embedding (algorithm 4) and alternatives | [`start`] |
//! | layout (algorithm 5) | [`Descent`] |
//! | cross-entropy (definition 10) | [`quality::cross_entropy`]; the loss actually minimised is [`quality::effective_loss`] |
//!
//! [`Umap::fit`] runs all steps. A start is a function of the graph, the data and a random generator; use one of
//! [`start`] or your own. [`start::given`] takes an array. [`Health`](start::Health) reports how reliable a spectral
//! start is.

mod counter;
mod curve;
#[cfg(feature = "harness")]
mod domain;
mod error;
mod fit;
mod graph;
mod neighbours;
mod optimise;
pub mod problem;
pub mod quality;
pub mod start;
mod table;

pub use counter::Stream;
pub use curve::Curve;
#[cfg(feature = "harness")]
pub use domain::{Cloud, InitialLayout, UmapDomain};
pub use error::Error;
pub use fit::{Fitted, Seconds, Umap};
pub use graph::{Bandwidths, Graph, bandwidths};
pub use headstart_check::OutOfRange;
pub use neighbours::{Metric, Neighbours, Search};
pub use optimise::{Descended, Descent, Mode, Progress};
pub use table::from_rows;

/// The program of the README, run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
