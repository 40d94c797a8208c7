//! Reliability of spectral starts.

/// The eigensolver that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Eigensolver {
    /// A dense decomposition.
    Dense,
    /// Thick-restart Lanczos.
    Lanczos {
        /// Number of products with the matrix.
        applications: usize,
    },
}

/// Fallback if the eigenvectors did not reach the default accuracy.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fallback {
    /// Only a looser tolerance was reached.
    Loose {
        /// The tolerance, relative to the norm.
        tolerance: f64,
    },
    /// The eigensolver did not converge: the component's points were placed at random.
    Random,
    /// The component has too few points for eigenvectors: they were placed at random.
    TooSmall,
}

/// Diagnostics of a spectral start; with several components, those of the largest.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// The lowest eigenvalues of the normalised Laplacian I - D^-1/2 W D^-1/2, ascending, without the trivial 0: one
    /// for each column of the layout and two more. Empty if no eigenvectors were used.
    pub eigenvalues: Vec<f64>,
    /// `(l[d] - l[d-1]) / l[d]` for the eigenvalues l and d columns: how well the columns are separated from the next
    /// eigenvector. Near 0, other eigenvectors would serve as well.
    pub relative_gap: f64,
    /// Largest residual |L v - l v| of the columns.
    pub residual: f64,
    /// The residual over `l[d] - l[d-1]`: about the angle by which the plane of the columns may be off.
    pub residual_over_gap: f64,
    /// Sizes of the connected components, largest first.
    pub component_sizes: Vec<usize>,
    /// The eigensolver, if eigenvectors were computed.
    pub eigensolver: Option<Eigensolver>,
    /// The fallback, if the eigenvectors did not reach the default accuracy.
    pub fallback: Option<Fallback>,
}

impl Health {
    /// The health of a start without eigenvectors.
    pub(super) fn without_vectors(component_sizes: Vec<usize>, fallback: Fallback) -> Self {
        Self {
            eigenvalues: Vec::new(),
            relative_gap: 0.0,
            residual: f64::NAN,
            residual_over_gap: f64::NAN,
            component_sizes,
            eigensolver: None,
            fallback: Some(fallback),
        }
    }
}
