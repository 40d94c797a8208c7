//! What can be wrong with a task.

/// What this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why points cannot be clustered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More clusters than points, or none.
    #[error("{clusters} clusters of {points} points: from 1 to the number of points is possible")]
    Clusters {
        /// Clusters that were asked for.
        clusters: usize,
        /// Points that there are.
        points: usize,
    },
    /// A coordinate that is no number.
    #[error("point {row} has the coordinate {value} in column {column}: all must be finite, so leave the point out")]
    NotFinite {
        /// The point, counted from 0.
        row: usize,
        /// Its coordinate, counted from 0.
        column: usize,
        /// The coordinate.
        value: f64,
    },
    /// Centres of another shape than the task's.
    #[error("centres of shape {given:?}: {expected:?} is needed (clusters, columns)")]
    Shape {
        /// Rows and columns that were given.
        given: (usize, usize),
        /// Rows and columns that are needed.
        expected: (usize, usize),
    },
    /// What the library says.
    #[error("linfa-clustering: {0}")]
    Library(#[from] linfa_clustering::KMeansError),
    /// No thread could be had.
    #[error("no thread for k-means||: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}
