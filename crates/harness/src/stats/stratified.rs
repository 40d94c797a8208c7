//! Paired comparison pooled over problems: the signed-rank test with ranks taken within each.

use super::signed_rank::SignedRank;
use super::walsh::Strata;

/// The stratified signed-rank test on `differences - shift`.
///
/// W+ = sum over strata of the W+ of [`signed_rank`](super::signed_rank()), ranks taken within a stratum, so a problem
/// with large differences cannot drown the others; of two strata the one with more pairs weighs more. Signs are
/// independent between strata, so the null distribution is the convolution of theirs, counted by the same dynamic
/// program: exact up to about 20 strata of 20 pairs (pairs x doubled rank sum <= 2^22), the normal law beyond. This is
/// the paired analogue of the blocked rank-sum test of van Elteren 1960 (Lehmann 1975, 3.3), without weights. The null
/// hypothesis is one shift common to all strata.
///
/// `None` where a stratum holds a NaN, the shift is not finite, or there is no difference at all.
pub fn stratified_signed_rank<S: AsRef<[f64]>>(strata: &[S], shift: f64) -> Option<SignedRank> {
    if !shift.is_finite() {
        return None;
    }
    Some(Strata::new(strata.iter().map(AsRef::as_ref))?.test(shift))
}

/// The common shift at which the stratified W+ equals W-: the median of all Walsh averages taken within strata.
///
/// In the unit of the differences. With one stratum it is [`hodges_lehmann`](super::hodges_lehmann).
pub fn stratified_estimate<S: AsRef<[f64]>>(strata: &[S]) -> Option<f64> {
    Strata::new(strata.iter().map(AsRef::as_ref))?.estimate()
}

/// The shifts that [`stratified_signed_rank`] does not reject, with the conventions of
/// [`walsh_interval`](super::walsh_interval).
pub fn stratified_interval<S: AsRef<[f64]>>(strata: &[S], alpha_low: f64, alpha_high: f64) -> Option<(f64, f64)> {
    Strata::new(strata.iter().map(AsRef::as_ref))?.interval(alpha_low, alpha_high)
}
