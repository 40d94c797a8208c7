//! The number of replicates needed for an observed difference to become significant.

use super::normal::upper_quantile;

/// The power: the probability of significance.
const POWER: f64 = 0.8;

/// Returns the mean divided by the standard deviation. Infinite values are replaced by the largest or smallest finite
/// value.
///
/// `None` for fewer than two values, a NaN, or if all finite values are equal.
pub fn standardised_mean(values: &[f64]) -> Option<f64> {
    let finite = || values.iter().copied().filter(|x| x.is_finite());
    let (low, high) = (finite().reduce(f64::min)?, finite().reduce(f64::max)?);
    if values.len() < 2 || values.iter().any(|x| x.is_nan()) {
        return None;
    }
    let n = values.len() as f64;
    let cut = || values.iter().map(|x| x.clamp(low, high));
    let mean = cut().sum::<f64>() / n;
    let variance = cut().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (variance > 0.0).then(|| mean / variance.sqrt())
}

/// Returns the number of pairs for which a signed-rank test at the one-sided `level` has a power of 80%, if the mean is
/// `effect` standard deviations. It is the squared sum of the upper `level` and 0.2 quantiles of the normal
/// distribution, divided by the squared effect, times pi / 3, the inverse of the test's efficiency for normal
/// differences (Lehmann 1975, 4.3). It is at least the number of pairs that can reach the level at all (2^-n).
///
/// This is only a guide, since the effect is estimated from the same few pairs. `None` for an effect that is 0 or not
/// finite, a level outside (0, 1), or more than a million pairs.
pub fn replicates_needed(effect: f64, level: f64) -> Option<usize> {
    if !effect.is_finite() || effect == 0.0 || !super::is_level(level) {
        return None;
    }
    let z = upper_quantile(level) + upper_quantile(1.0 - POWER);
    let pairs = (z / effect).powi(2) * std::f64::consts::FRAC_PI_3;
    let pairs = pairs.max(-level.log2()).ceil();
    (pairs <= 1e6).then_some(pairs as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The t test needs (1.96 + 0.8416)^2 / 0.25 = 31.4 pairs for half a standard deviation; times pi / 3.
    #[test]
    fn reference_values() {
        assert_eq!(replicates_needed(0.5, 0.025), Some(33));
        assert_eq!(replicates_needed(-0.5, 0.025), Some(33));
        assert_eq!(replicates_needed(100.0, 0.025), Some(6), "2^-5 exceeds the level");
        for (effect, level) in [(0.0, 0.025), (f64::NAN, 0.025), (0.5, 0.0), (1e-4, 0.025)] {
            assert_eq!(replicates_needed(effect, level), None);
        }
        assert!((standardised_mean(&[1.0, 2.0, 3.0]).unwrap() - 2.0).abs() < 1e-12);
        assert_eq!(standardised_mean(&[1.0, 3.0, f64::INFINITY]), standardised_mean(&[1.0, 3.0, 3.0]));
        assert_eq!(standardised_mean(&[2.0, 2.0]), None);
        assert_eq!(standardised_mean(&[f64::INFINITY; 3]), None);
    }
}
