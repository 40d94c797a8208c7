//! k-means of `linfa-clustering` from initial centres of your choice.
//!
//! ```
//! use headstart_kmeans::{Task, lloyd, start};
//! use ndarray::array;
//! use rand_chacha::ChaCha8Rng;
//! use rand_chacha::rand_core::SeedableRng;
//! use std::ops::ControlFlow;
//!
//! let points = array![[0.0, 0.0], [0.0, 1.0], [9.0, 0.0], [9.0, 1.0]];
//! let task = Task::new(points, 2)?;
//! let begin = start::plus_plus(&task, &mut ChaCha8Rng::seed_from_u64(1))?;
//! let centres = lloyd(&task, begin.centres, |_, _| ControlFlow::Continue(()))?;
//! assert!((task.inertia(&centres) - 0.25).abs() < 1e-6);
//! # Ok::<(), headstart_kmeans::Error>(())
//! ```

#[cfg(feature = "harness")]
mod domain;
mod error;
mod generator;
mod problem;
mod solver;
pub mod start;

#[cfg(feature = "harness")]
pub use domain::{Clustering, KMeansDomain};
pub use error::{Error, Result};
pub use problem::{Task, mixture};
pub use solver::lloyd;
