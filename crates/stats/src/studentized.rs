//! Quantiles of the studentized range with infinite degrees of freedom, computed by quadrature.

use std::f64::consts::PI;

use super::normal::upper_tail;

/// Step of the quadrature, in standard deviations.
const STEP: f64 = 1.0 / 16.0;
/// Range of the quadrature on either side, in steps: the normal density is negligible beyond.
const REACH: i32 = 9 * 16;

/// Returns P(Q > q), with Q the range of `k` independent standard normal values.
///
/// P(Q <= q) = k integral of phi(z) (Phi(z + q) - Phi(z))^(k - 1) dz over the smallest value z. The trapezoidal rule
/// converges faster than any power of the step for such an integrand: at a sixteenth it is exact to rounding.
fn upper_tail_of_range(q: f64, k: u32) -> f64 {
    let density = |z: f64| (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
    let between = |z: f64| (upper_tail(z) - upper_tail(z + q)).powf(f64::from(k - 1));
    let sum: f64 = (-REACH..=REACH).map(|i| STEP * f64::from(i)).map(|z| density(z) * between(z)).sum();
    1.0 - f64::from(k) * STEP * sum
}

/// Returns the q with P(Q > q) = `alpha` for `k` values, by bisection.
///
/// It equals `scipy.stats.studentized_range.isf(alpha, k, inf)`; divided by the root of 2 it is the q of Nemenyi's test
/// (table 5 of Demšar 2006). `alpha` lies in (0, 1). The error is about 1e-9.
pub(super) fn quantile_of_range(alpha: f64, k: u32) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if upper_tail_of_range(middle, k) > alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.studentized_range.ppf(1 - alpha, k, numpy.inf)`; for k = 2 the root of 2 times a normal quantile.
    #[test]
    fn agrees_with_scipy() {
        for (k, at_05, at_10, at_01) in [
            (2, 2.771_807_648_699_355, 2.326_174_307_353_347_6, 3.642_772_735_436_894),
            (3, 3.314_493_155_398_122, 2.902_380_213_428_251_5, 4.120_303_206_460_12),
            (4, 3.633_159_574_902_627_8, 3.240_446_220_927_359, 4.402_800_861_448_699),
            (5, 3.857_655_510_378_623, 3.478_280_550_703_068, 4.602_821_042_201_571),
            (10, 4.474_124_221_725_907, 4.129_346_398_236_873, 5.156_634_960_089_622),
            (20, 5.011_688_794_118_442_5, 4.694_104_409_490_512, 5.645_214_697_985_851_5),
            (50, 5.646_026_026_380_527, 5.356_686_875_267_444, 6.228_392_608_582_205),
        ] {
            for (alpha, q) in [(0.05, at_05), (0.10, at_10), (0.01, at_01)] {
                assert!((quantile_of_range(alpha, k) - q).abs() < 1e-8, "{k} {alpha}");
            }
        }
    }
}
