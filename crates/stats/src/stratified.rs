//! Paired comparison pooled over problems: the signed-rank test with ranks within each problem.

use super::strata::SignedRank;
use super::strata::Strata;

/// The stratified signed-rank test on `differences - shift`.
///
/// W+ is the sum over strata of the W+ of [`signed_rank`](super::signed_rank()), with ranks within a stratum, so a
/// problem with large differences does not dominate. A stratum with more pairs has more weight. Signs are independent
/// between strata, so the null distribution is the convolution of theirs, counted by the same dynamic program: exact up
/// to about 20 strata of 20 pairs (pairs x doubled rank sum <= 2^22), and the normal approximation beyond. This is the
/// paired analogue of the blocked rank-sum test of van Elteren 1960 (Lehmann 1975, 3.3), without weights. The null
/// hypothesis is one shift common to all strata.
///
/// `None` if a stratum has a NaN, the shift is not finite, or there are no differences.
pub fn stratified_signed_rank<S: AsRef<[f64]>>(strata: &[S], shift: f64) -> Option<SignedRank> {
    if !shift.is_finite() {
        return None;
    }
    Some(Strata::new(strata.iter().map(AsRef::as_ref))?.test(shift))
}

/// Returns the common shift at which the stratified W+ equals W-: the median of all Walsh averages within strata.
///
/// The result is in the unit of the differences. With one stratum it is [`hodges_lehmann`](super::hodges_lehmann).
pub fn stratified_estimate<S: AsRef<[f64]>>(strata: &[S]) -> Option<f64> {
    Strata::new(strata.iter().map(AsRef::as_ref))?.estimate()
}

/// Returns the interval of shifts that [`stratified_signed_rank`] does not reject, with the conventions of
/// [`walsh_interval`](super::walsh_interval).
pub fn stratified_interval<S: AsRef<[f64]>>(strata: &[S], alpha_low: f64, alpha_high: f64) -> Option<(f64, f64)> {
    Strata::new(strata.iter().map(AsRef::as_ref))?.interval(alpha_low, alpha_high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hodges_lehmann, signed_rank, walsh_interval};

    const A: [f64; 6] = [1.1, -0.4, 2.3, 0.7, 1.9, -0.2];
    const B: [f64; 5] = [0.3, 0.9, -1.2, 1.6, 0.5];
    const C: [f64; 3] = [2.2, -0.1, 0.8];

    /// numpy, over all 2^14 sign patterns with `scipy.stats.rankdata` in each stratum; interval on a grid of shifts.
    #[test]
    fn agrees_with_enumeration() {
        let strata: [&[f64]; 3] = [&A, &B, &C];
        let test = stratified_signed_rank(&strata, 0.0).unwrap();
        assert_eq!((test.w_plus, test.w_minus, test.n_nonzero), (34.0, 8.0, 14));
        assert_eq!((test.p_greater, test.p_less), (0.022_583_007_812_5, 0.985_473_632_812_5));
        let shifted = stratified_signed_rank(&strata, 0.25).unwrap();
        assert_eq!((shifted.p_greater, shifted.p_less), (0.068_115_234_375, 0.951_232_910_156_25));
        assert!((stratified_estimate(&strata).unwrap() - 0.775).abs() < 1e-12);
        for (alpha, expected) in [(0.025, (0.15, 1.5)), (0.05, (0.25, 1.25))] {
            let (low, high) = stratified_interval(&strata, alpha, alpha).unwrap();
            assert!((low - expected.0).abs() < 1e-12 && (high - expected.1).abs() < 1e-12, "{low} {high}");
        }
    }

    #[test]
    fn one_stratum_is_the_ordinary_test() {
        assert_eq!(stratified_signed_rank(&[A], 0.1), signed_rank(&A, 0.1));
        assert_eq!(stratified_estimate(&[A]), hodges_lehmann(&A));
        assert_eq!(stratified_interval(&[A], 0.1, 0.05), walsh_interval(&A, 0.1, 0.05));
    }

    /// With ranks within strata, the scale of a problem does not change its weight.
    #[test]
    fn the_scale_of_a_stratum_does_not_matter() {
        let large = B.map(|x| 1000.0 * x);
        let (pooled, rescaled) = ([A.as_slice(), &B], [A.as_slice(), &large]);
        assert_eq!(stratified_signed_rank(&pooled, 0.0), stratified_signed_rank(&rescaled, 0.0));
        assert_ne!(signed_rank(&pooled.concat(), 0.0), signed_rank(&rescaled.concat(), 0.0));
    }

    #[test]
    fn the_normal_law_takes_over_smoothly() {
        let stratum: [f64; 20] = std::array::from_fn(|i| (i * 7 % 20) as f64 - 8.7);
        let strata = |count: usize| -> f64 {
            let test = stratified_signed_rank(&vec![stratum; count], 0.0).unwrap();
            assert_eq!(test.exact, count <= 22);
            test.p_greater
        };
        let (before, exact, normal) = (strata(21), strata(22), strata(23));
        assert!(before < 0.05, "{before}");
        assert!((normal / exact) / (exact / before) > 0.97 && (normal / exact) / (exact / before) < 1.03);
    }

    #[test]
    fn bad_input_has_no_answer() {
        let none: [&[f64]; 0] = [];
        assert_eq!(stratified_signed_rank(&none, 0.0), None);
        assert_eq!(stratified_signed_rank(&[[].as_slice(), &[]], 0.0), None);
        assert_eq!(stratified_signed_rank(&[A.as_slice(), &[f64::NAN]], 0.0), None);
        assert_eq!(stratified_signed_rank(&[A.as_slice(), &[]], 0.0), signed_rank(&A, 0.0));
        assert_eq!(stratified_interval(&[A], 0.05, 1.0), None);
    }
}
