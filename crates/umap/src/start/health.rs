//! How far a spectral start can be trusted.

/// How the eigenvectors were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Eigensolver {
    /// A dense decomposition.
    Dense,
    /// Thick-restart Lanczos.
    Lanczos {
        /// Products with the matrix.
        applications: usize,
    },
}

/// What was done where the eigenvectors could not be had to the usual accuracy.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fallback {
    /// Only a looser tolerance was reached.
    Loose {
        /// The tolerance, relative to the norm.
        tolerance: f64,
    },
    /// No eigenvectors at all: the component's points were placed at random.
    Random,
    /// The component has too few points for eigenvectors of its own: they were placed at random.
    TooSmall,
}

/// The numbers behind a spectral start. With several components, those of the largest.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// The lowest eigenvalues of the normalised Laplacian I - D^-1/2 W D^-1/2 after the 0 of the component, ascending: one
    /// for each column of the layout and two more. Empty where no eigenvectors were used.
    pub eigenvalues: Vec<f64>,
    /// `(l[d] - l[d-1]) / l[d]` for the eigenvalues l and d columns: how clearly the columns are set apart from the next
    /// vector. Near 0, other vectors would have done as well.
    pub relative_gap: f64,
    /// The largest |L v - l v| among the columns.
    pub residual: f64,
    /// That over `l[d] - l[d-1]`: about the angle by which the plane of the columns may be off.
    pub residual_over_gap: f64,
    /// Points of each connected component, the largest first.
    pub component_sizes: Vec<usize>,
    /// How the eigenvectors were found, unless none were.
    pub eigensolver: Option<Eigensolver>,
    /// What was done instead, where the usual way failed.
    pub fallback: Option<Fallback>,
}

impl Health {
    /// A start of that many components without any eigenvectors.
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
