//! Correction for multiple tests.

/// Returns the step-down adjusted p-values of Holm 1979, in the order of the input.
///
/// With m p-values sorted ascending and counted from 1, the adjusted p(i) is the largest (m - j + 1) p(j) over j <= i,
/// at most 1. Rejecting all tests with an adjusted p-value of at most alpha keeps the probability of any false
/// rejection at alpha, for any dependence. An empty slice gives an empty result; `None` if a p-value is NaN or outside
/// [0, 1].
pub fn holm(p_values: &[f64]) -> Option<Vec<f64>> {
    if !p_values.iter().all(|p| (0.0..=1.0).contains(p)) {
        return None;
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|i, j| p_values[*i].total_cmp(&p_values[*j]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max((p_values.len() - rank) as f64 * p_values[index]).min(1.0);
        adjusted[index] = largest;
    }
    Some(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_holm(p_values: &[f64], expected: &[f64]) {
        let adjusted = holm(p_values).unwrap();
        assert_eq!(adjusted.len(), expected.len());
        for (a, e) in adjusted.iter().zip(expected) {
            assert!((a - e).abs() < 1e-15, "{adjusted:?}");
        }
    }

    /// STATISTICS.md; the same as R's `p.adjust` and statsmodels' `multipletests`.
    #[test]
    fn reference_values() {
        assert_holm(&[0.01, 0.02, 0.03, 0.04, 0.05], &[0.05, 0.08, 0.09, 0.09, 0.09]);
        assert_holm(&[0.01, 0.04, 0.03, 0.005], &[0.03, 0.06, 0.06, 0.02]);
    }

    #[test]
    fn ends() {
        assert_holm(&[], &[]);
        assert_holm(&[0.3], &[0.3]);
        assert_holm(&[0.9, 0.6], &[1.0, 1.0]);
        assert_holm(&[0.0, 0.0], &[0.0, 0.0]);
        assert_eq!(holm(&[0.1, f64::NAN]), None);
        assert_eq!(holm(&[0.1, 1.1]), None);
    }
}
