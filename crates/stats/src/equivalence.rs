//! Equivalence tests, by two one-sided tests.

use super::signed_rank::signed_rank;
use super::strata::SignedRank;
use super::stratified::stratified_signed_rank;

/// Returns the p-value of "the pseudo-median lies outside (-within, within)" by two one-sided signed-rank tests
/// (Schuirmann 1987; Wellek 2010, 5.4 for ranks).
///
/// It is the maximum of the p-values of "the effect is at most -within" and "the effect is at least within", where
/// `within` is in the unit of the differences. It is at most alpha exactly if the interval with alpha on both sides
/// lies inside the two bounds. `None` unless `within` is positive and finite, and for invalid input of [`signed_rank`].
pub fn equivalence(differences: &[f64], within: f64) -> Option<f64> {
    two_one_sided(within, |shift| signed_rank(differences, shift))
}

/// Returns the p-value of [`equivalence`] over strata, by the stratified signed-rank test.
pub fn stratified_equivalence<S: AsRef<[f64]>>(strata: &[S], within: f64) -> Option<f64> {
    two_one_sided(within, |shift| stratified_signed_rank(strata, shift))
}

fn two_one_sided(within: f64, test: impl Fn(f64) -> Option<SignedRank>) -> Option<f64> {
    if within.is_nan() || within <= 0.0 {
        return None;
    }
    Some(test(-within)?.p_greater.max(test(within)?.p_less))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walsh_interval;

    const SAMPLE: [f64; 10] = [0.3, -0.2, 0.1, 0.4, -0.5, 0.25, -0.15, 0.05, 0.6, -0.35];

    #[test]
    fn it_is_the_worse_of_two_tests() {
        let low = signed_rank(&SAMPLE, -1.0).unwrap().p_greater;
        assert_eq!(equivalence(&SAMPLE, 1.0), Some(low));
        assert_eq!(low, 2f64.powi(-10));
        // The sample is not shown to lie within 0.01 on either side; the two p-values then sum to about 1.
        assert!(equivalence(&SAMPLE, 0.01).unwrap() > 0.5);
    }

    #[test]
    fn it_agrees_with_the_interval() {
        for alpha in [0.01, 0.05, 0.2] {
            let (low, high) = walsh_interval(&SAMPLE, alpha, alpha).unwrap();
            for within in [0.05, 0.12, 0.2, 0.3, 0.33, 0.4, 0.5, 0.7] {
                assert_eq!(
                    equivalence(&SAMPLE, within).unwrap() <= alpha,
                    -within < low && high < within,
                    "{alpha} {within}"
                );
            }
        }
    }

    #[test]
    fn strata_add_power() {
        let within = 0.3;
        let pooled = stratified_equivalence(&[SAMPLE, SAMPLE, SAMPLE], within).unwrap();
        assert!(pooled < equivalence(&SAMPLE, within).unwrap());
        assert_eq!(stratified_equivalence(&[SAMPLE], within), equivalence(&SAMPLE, within));
    }

    #[test]
    fn bad_bounds_have_no_answer() {
        for within in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(equivalence(&SAMPLE, within), None);
        }
        assert_eq!(equivalence(&[], 1.0), None);
    }
}
