//! Success rates: intervals and tests of one rate and of a paired difference.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::is_level;
use super::normal::{upper_quantile, upper_tail};

/// Beyond this many standard errors a normal tail is 0 in floating point.
const MAX_Z: f64 = 40.0;

/// Returns the two-sided score interval of Wilson 1927 for a success rate, with k successes of n.
///
/// Its ends are (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2/4)) / (n + z^2), with z the upper alpha / 2 quantile of the
/// normal distribution. `None` for n = 0, k > n or an alpha outside (0, 1).
pub fn wilson(successes: u64, n: u64, alpha: f64) -> Option<(f64, f64)> {
    if n == 0 || successes > n || !is_level(alpha) {
        return None;
    }
    Some(wilson_at(successes, n, upper_quantile(alpha / 2.0)))
}

fn wilson_at(successes: u64, n: u64, z: f64) -> (f64, f64) {
    let (k, m, z2) = (successes as f64, n as f64, z * z);
    let centre = (k + z2 / 2.0) / (m + z2);
    let half = z / (m + z2) * (k * (m - k) / m + z2 / 4.0).sqrt();
    // At k = 0 and k = n one end is exactly 0 or 1, without rounding errors.
    (if successes == 0 { 0.0 } else { centre - half }, if successes == n { 1.0 } else { centre + half })
}

/// Numbers of successes of two starts on the same replicates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairedOutcomes {
    /// Replicates where both succeeded.
    pub both: u64,
    /// Replicates where only the first did.
    pub only_first: u64,
    /// Replicates where only the second did.
    pub only_second: u64,
    /// Replicates where neither did.
    pub neither: u64,
}

impl PairedOutcomes {
    /// Counts the outcomes over replicates; `None` if the lengths differ.
    pub fn count(first: &[bool], second: &[bool]) -> Option<Self> {
        if first.len() != second.len() {
            return None;
        }
        let mut counts = Self::default();
        for pair in first.iter().zip(second) {
            match pair {
                (true, true) => counts.both += 1,
                (true, false) => counts.only_first += 1,
                (false, true) => counts.only_second += 1,
                (false, false) => counts.neither += 1,
            }
        }
        Some(counts)
    }

    /// Returns the number of replicates.
    pub fn n(&self) -> u64 {
        self.both + self.only_first + self.only_second + self.neither
    }

    /// Returns the success rate of the first minus that of the second; `None` without replicates.
    pub fn difference(&self) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| (self.only_first as f64 - self.only_second as f64) / n as f64)
    }

    /// Returns the correlation of the two outcomes; a positive one has a continuity correction (Newcombe 1998). 0 for
    /// an empty margin.
    fn correlation(&self) -> f64 {
        let [a, b, c, d] = [self.both, self.only_first, self.only_second, self.neither].map(|count| count as f64);
        let product = (a + b) * (c + d) * (a + c) * (b + d);
        let raw = a * d - b * c;
        let corrected = if raw > 0.0 { (raw - (a + b + c + d) / 2.0).max(0.0) } else { raw };
        if product > 0.0 { corrected / product.sqrt() } else { 0.0 }
    }

    /// Returns Newcombe's lower limit at z >= 0, and his upper limit at |z| for z < 0. Together they are one decreasing
    /// curve, which equals the difference at 0.
    fn limit(&self, z: f64) -> f64 {
        let (n, first, second) = (self.n(), self.both + self.only_first, self.both + self.only_second);
        let (rate_1, rate_2) = (first as f64 / n as f64, second as f64 / n as f64);
        let (low_1, high_1) = wilson_at(first, n, z.abs());
        let (low_2, high_2) = wilson_at(second, n, z.abs());
        let (x, y) = if z >= 0.0 { (rate_1 - low_1, high_2 - rate_2) } else { (rate_2 - low_2, high_1 - rate_1) };
        let reach = (x * x - 2.0 * self.correlation() * x * y + y * y).max(0.0).sqrt();
        let difference = (self.only_first as f64 - self.only_second as f64) / n as f64;
        difference - reach.copysign(z)
    }
}

/// P-values of a difference of success rates.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(clippy::struct_field_names, reason = "the same names as in `SignedRank`")]
pub struct DifferenceTest {
    /// One-sided p-value of "the difference is at most the margin".
    pub p_greater: f64,
    /// One-sided p-value of "the difference is at least the margin".
    pub p_less: f64,
    /// Twice the smaller one-sided p-value, at most 1.
    pub p_two_sided: f64,
}

impl DifferenceTest {
    pub(super) fn new(p_greater: f64, p_less: f64) -> Self {
        Self { p_greater, p_less, p_two_sided: (2.0 * p_greater.min(p_less)).min(1.0) }
    }
}

/// Performs the exact test of `McNemar` 1947 on the discordant counts: replicates in which only the first, or only the
/// second, succeeded.
///
/// Given their sum m, the first count is Binomial(m, 1/2) if both starts succeed equally often, so `p_greater` = P(X >=
/// `only_first`) and `p_less` = P(X <= `only_first`). Without discordant replicates all p-values are 1.
pub fn mcnemar(only_first: u64, only_second: u64) -> DifferenceTest {
    let up_to = |count: u64| match Binomial::new(0.5, only_first + only_second) {
        Ok(binomial) => binomial.cdf(count).min(1.0),
        Err(_) => 1.0,
    };
    DifferenceTest::new(up_to(only_second), up_to(only_first))
}

/// Returns the interval of Newcombe 1998 (Stat Med 17:2635, method 10) for a paired difference of success rates.
///
/// Let p1 and p2 be the rates, (l, u) the Wilson limits of each, and phi the correlation of the outcomes: ad - bc over
/// the root of the product of the margins, where a positive ad - bc is reduced by n/2, but not below 0. Then low = p1 -
/// p2 - sqrt((p1 - l1)^2 - 2 phi (p1 - l1) (u2 - p2) + (u2 - p2)^2), and high = p1 - p2 + the same root with the roles
/// of the two exchanged. `low` has the one-sided level `alpha_low`, `high` has `alpha_high`. `None` without replicates
/// or for a level outside (0, 1/2].
pub fn newcombe_interval(outcomes: &PairedOutcomes, alpha_low: f64, alpha_high: f64) -> Option<(f64, f64)> {
    let is_one_sided = |alpha: f64| alpha > 0.0 && alpha <= 0.5;
    if outcomes.n() == 0 || !is_one_sided(alpha_low) || !is_one_sided(alpha_high) {
        return None;
    }
    Some((outcomes.limit(upper_quantile(alpha_low)), outcomes.limit(-upper_quantile(alpha_high))))
}

/// Tests the hypotheses that the paired difference of success rates is at most, or at least, a margin.
///
/// At margin 0 this is the exact [`mcnemar`]. Elsewhere `p_greater` is the level at which the lower limit of
/// [`newcombe_interval`] meets the margin (or 1 minus the level of the upper limit, if the difference is below the
/// margin), found by bisection; `p_less` = 1 - `p_greater`. The exact test is the more conservative of the two, so p
/// jumps slightly at margin 0, and the interval can exclude 0 although the exact test does not reject. `None` without
/// replicates or for a margin outside [-1, 1].
pub fn difference_test(outcomes: &PairedOutcomes, margin: f64) -> Option<DifferenceTest> {
    if outcomes.n() == 0 || !(-1.0..=1.0).contains(&margin) {
        return None;
    }
    if margin == 0.0 {
        return Some(mcnemar(outcomes.only_first, outcomes.only_second));
    }
    let (mut low, mut high) = (-MAX_Z, MAX_Z);
    // 64 halvings of 80 standard errors reach the last bit.
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if outcomes.limit(middle) > margin {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(DifferenceTest::new(upper_tail(high), upper_tail(-high)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcomes([both, only_first, only_second, neither]: [u64; 4]) -> PairedOutcomes {
        PairedOutcomes { both, only_first, only_second, neither }
    }

    fn assert_interval((low, high): (f64, f64), expected: (f64, f64), within: f64) {
        assert!((low - expected.0).abs() < within && (high - expected.1).abs() < within, "{low} {high} {expected:?}");
    }

    /// `proportion_confint(k, n, 0.05, "wilson")` of statsmodels and `binomtest(k, n).proportion_ci` of scipy.
    #[test]
    fn wilson_agrees_with_statsmodels() {
        assert_interval(wilson(81, 263, 0.05).unwrap(), (0.255_288_519_878, 0.366_209_576_983), 1e-11);
        assert_interval(wilson(15, 148, 0.05).unwrap(), (0.062_386_399_531, 0.160_487_241_723), 1e-11);
        assert_interval(wilson(0, 20, 0.05).unwrap(), (0.0, 0.161_125_158_053), 1e-11);
        assert_interval(wilson(1, 29, 0.05).unwrap(), (0.006_113_214_293, 0.171_755_218_793), 1e-11);
        assert_eq!(wilson(0, 20, 0.05).unwrap().0, 0.0);
        assert_eq!(wilson(20, 20, 0.05).unwrap().1, 1.0);
    }

    /// `scipy.stats.binomtest`.
    #[test]
    fn mcnemar_agrees_with_scipy() {
        for (first, second, greater, less) in [
            (5, 0, 0.03125, 1.0),
            (12, 2, 0.006_469_726_562_5, 0.999_084_472_656_25),
            (6, 16, 0.991_549_730_300_903_3, 0.026_239_395_141_601_562),
            (3, 3, 0.65625, 0.65625),
            (0, 0, 1.0, 1.0),
            (700, 600, 0.003_007_896_930_522_469_8, 0.997_464_338_221_021_2),
        ] {
            let test = mcnemar(first, second);
            assert!((test.p_greater / greater - 1.0).abs() < 1e-10, "{first} {second} {test:?}");
            assert!((test.p_less / less - 1.0).abs() < 1e-10, "{first} {second} {test:?}");
        }
        assert!((mcnemar(2, 12).p_two_sided - 0.012_939_453_125).abs() < 1e-12);
        assert_eq!(mcnemar(3, 3).p_two_sided, 1.0);
    }

    /// Values of an independent program that uses the Wilson limits of statsmodels. The second (Cavo 2012) is also in
    /// the tests of the R package `contingencytables`: -0.1186 to -0.0046. The correction of phi changes the first,
    /// second, fourth and fifth.
    #[test]
    fn newcombe_agrees_with_other_programs() {
        for (table, low, high) in [
            ([1, 1, 7, 12], -0.506_920_226_686, -0.025_559_124_165),
            ([59, 6, 16, 80], -0.118_621_195_639, -0.004_625_113_933),
            ([36, 12, 2, 0], 0.056_929_584_003, 0.340_427_602_975),
            ([14, 5, 0, 22], 0.011_483_241_383, 0.226_492_684_351),
            ([53, 0, 0, 1], -0.072_938_145_479, 0.072_938_145_479),
            ([0, 20, 0, 0], 0.772_134_616_242, 1.0),
            ([20, 0, 0, 0], -0.161_125_158_053, 0.161_125_158_053),
        ] {
            assert_interval(newcombe_interval(&outcomes(table), 0.025, 0.025).unwrap(), (low, high), 1e-11);
        }
        let wide = newcombe_interval(&outcomes([36, 12, 2, 0]), 0.001, 0.025).unwrap();
        assert!(wide.0 < 0.0 && (wide.1 - 0.340_427_602_975).abs() < 1e-11);
    }

    /// Roots of the independent program's limits, by `scipy.optimize.brentq`.
    #[test]
    fn margins_invert_the_interval() {
        for (table, margin, greater, less) in [
            ([36, 12, 2, 0], 0.05, 0.020_358_950_863_7, 0.979_641_049_136_3),
            ([36, 12, 2, 0], 0.3, 0.920_936_186_059_2, 0.079_063_813_940_8),
            ([36, 12, 2, 0], -0.05, 0.000_619_658_137_8, 0.999_380_341_862_2),
            ([10, 7, 1, 2], 0.1, 0.079_071_213_606_0, 0.920_928_786_394_0),
            ([20, 12, 2, 16], 0.35, 0.990_071_338_216_5, 0.009_928_661_783_5),
        ] {
            let test = difference_test(&outcomes(table), margin).unwrap();
            assert!((test.p_greater - greater).abs() < 1e-9 && (test.p_less - less).abs() < 1e-9, "{test:?}");
        }
    }

    #[test]
    fn margin_zero_is_mcnemar() {
        assert_eq!(difference_test(&outcomes([3, 12, 2, 3]), 0.0), Some(mcnemar(12, 2)));
        assert_eq!(difference_test(&outcomes([3, 12, 2, 3]), -0.0), Some(mcnemar(12, 2)));
    }

    #[test]
    fn counting() {
        let counts = PairedOutcomes::count(&[true, true, false, false, true], &[true, false, true, false, false]);
        assert_eq!(counts, Some(outcomes([1, 2, 1, 1])));
        assert_eq!(counts.unwrap().difference(), Some(0.2));
        assert_eq!(PairedOutcomes::count(&[true], &[]), None);
    }

    #[test]
    fn bad_input_has_no_answer() {
        assert_eq!(wilson(0, 0, 0.05), None);
        assert_eq!(wilson(3, 2, 0.05), None);
        assert_eq!(wilson(1, 2, f64::NAN), None);
        let (empty, table) = (PairedOutcomes::default(), outcomes([1, 2, 3, 4]));
        assert_eq!(empty.difference(), None);
        assert_eq!(newcombe_interval(&empty, 0.025, 0.025), None);
        assert_eq!(newcombe_interval(&table, 0.6, 0.025), None);
        assert_eq!(difference_test(&empty, 0.1), None);
        assert_eq!(difference_test(&table, 1.5), None);
        assert_eq!(difference_test(&table, f64::NAN), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        /// The p-value at a margin is below alpha exactly if the limit at alpha is beyond the margin. Exchanging the
        /// starts exchanges the sides.
        #[test]
        fn margin_and_interval_agree(
            table in prop::array::uniform4(0..25_u64),
            margin in -0.9..0.9,
            alpha in 1e-4..0.4,
        ) {
            let table = outcomes(table);
            prop_assume!(table.n() > 0 && margin != 0.0);
            let test = difference_test(&table, margin).unwrap();
            let (low, high) = newcombe_interval(&table, alpha, alpha).unwrap();
            prop_assume!((low - margin).abs() > 1e-7 && (high - margin).abs() > 1e-7);
            prop_assert_eq!(test.p_greater < alpha, low > margin, "{:?} {} {}", test, low, high);
            prop_assert_eq!(test.p_less < alpha, high < margin, "{:?} {} {}", test, low, high);
            let swapped = PairedOutcomes { only_first: table.only_second, only_second: table.only_first, ..table };
            let other = difference_test(&swapped, -margin).unwrap();
            prop_assert!((other.p_less - test.p_greater).abs() < 1e-9);
        }
    }
}
