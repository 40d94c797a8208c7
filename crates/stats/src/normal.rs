//! The standard normal distribution: the two functions that the tests need.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use statrs::function::erf::{erfc, erfc_inv};

/// Returns P(Z >= z) of a standard normal Z, with a relative accuracy of ten digits also in the far tail (the accuracy
/// of `statrs`).
pub(super) fn upper_tail(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// Returns the z with P(Z >= z) = `alpha`: 1.96 at 0.025.
pub(super) fn upper_quantile(alpha: f64) -> f64 {
    SQRT_2 * erfc_inv(2.0 * alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `scipy.stats.norm.sf` and `isf`.
    #[test]
    fn agrees_with_scipy() {
        for (z, tail) in [
            (0.0, 0.5),
            (1.0, 0.158_655_253_931_457_05),
            (1.96, 0.024_997_895_148_220_435),
            (-3.0, 0.998_650_101_968_369_9),
            (6.0, 9.865_876_450_376_98e-10),
        ] {
            assert!((upper_tail(z) / tail - 1.0).abs() < 1e-9, "{z}");
            assert!((upper_quantile(tail) - z).abs() < 1e-9, "{z}");
        }
        assert!((upper_quantile(0.025) - 1.959_963_984_540_054).abs() < 1e-13);
    }
}
