//! The goal of a search.

/// The wanted pairs, in units of the metered operator.
pub(super) struct Wanted {
    pub(super) count: usize,
    /// Relative to the operator's norm.
    pub(super) tolerance: f64,
    pub(super) max_applications: usize,
    /// Maximum number of basis rows.
    pub(super) subspace: usize,
}

impl Wanted {
    /// Returns the highest of the wanted values among `values`; infinite while there are too few.
    pub(super) fn highest(&self, values: &[f64]) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.get(self.count - 1).copied().unwrap_or(f64::INFINITY)
    }
}
