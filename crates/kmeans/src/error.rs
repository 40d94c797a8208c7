//! Errors of this crate.

/// The result type of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why points could not be clustered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number of clusters is 0 or larger than the number of points.
    #[error("cannot make {clusters} clusters of {points} points; choose a number from 1 to the number of points")]
    Clusters {
        /// The requested number of clusters.
        clusters: usize,
        /// The number of points.
        points: usize,
    },
    /// A coordinate is NaN or infinite.
    #[error("point {row} has the coordinate {value} in column {column}; it must be finite: remove the point")]
    NotFinite {
        /// Index of the point, from 0.
        row: usize,
        /// Index of the coordinate, from 0.
        column: usize,
        /// The value of the coordinate.
        value: f64,
    },
    /// The centres do not have the shape of the task.
    #[error("the centres have shape {given:?}; they must have shape {expected:?} (clusters, columns)")]
    Shape {
        /// Rows and columns of the given centres.
        given: (usize, usize),
        /// Clusters and columns of the task.
        expected: (usize, usize),
    },
    /// linfa-clustering returned an error.
    #[error("linfa-clustering: {0}")]
    Library(#[from] linfa_clustering::KMeansError),
    /// The thread of k-means|| could not be started.
    #[error("cannot start a thread for k-means||: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}
