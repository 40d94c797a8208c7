//! Success rates: one, and the paired difference of two.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::is_level;
use super::normal::{upper_quantile, upper_tail};

/// Beyond this many standard errors a normal tail is 0 in floating point.
const MAX_Z: f64 = 40.0;

/// The two-sided score interval of Wilson 1927 for a success rate, k successes of n.
///
/// (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2/4)) / (n + z^2), z the upper alpha / 2 quantile of the normal law. `None`
/// for n = 0, k > n or an alpha outside (0, 1).
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
    // At k = 0 and k = n one end is exactly 0 or 1; rounding must not move it.
    (if successes == 0 { 0.0 } else { centre - half }, if successes == n { 1.0 } else { centre + half })
}

/// How often two starts succeeded on the same replicates.
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
    /// Counts over replicates; `None` where the lengths differ.
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

    /// Replicates.
    pub fn n(&self) -> u64 {
        self.both + self.only_first + self.only_second + self.neither
    }

    /// Success rate of the first less that of the second; `None` without replicates.
    pub fn difference(&self) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| (self.only_first as f64 - self.only_second as f64) / n as f64)
    }

    /// Correlation of the two outcomes, a positive one shrunk for continuity (Newcombe 1998); 0 where a margin is empty.
    fn correlation(&self) -> f64 {
        let [a, b, c, d] = [self.both, self.only_first, self.only_second, self.neither].map(|count| count as f64);
        let product = (a + b) * (c + d) * (a + c) * (b + d);
        let raw = a * d - b * c;
        let corrected = if raw > 0.0 { (raw - (a + b + c + d) / 2.0).max(0.0) } else { raw };
        if product > 0.0 { corrected / product.sqrt() } else { 0.0 }
    }

    /// Newcombe's lower limit at z >= 0, and his upper limit at |z| for z < 0: one curve that falls through the
    /// difference at 0.
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

/// P-values about a difference of success rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DifferenceTest {
    /// One-sided p-value against "the difference is at most the margin".
    pub p_greater: f64,
    /// One-sided p-value against "the difference is at least the margin".
    pub p_less: f64,
    /// Twice the smaller one-sided p-value, at most 1.
    pub p_two_sided: f64,
}

impl DifferenceTest {
    fn new(p_greater: f64, p_less: f64) -> Self {
        Self { p_greater, p_less, p_two_sided: (2.0 * p_greater.min(p_less)).min(1.0) }
    }
}

/// The exact test of McNemar 1947 on the discordant counts: replicates where only the first, or only the second,
/// succeeded.
///
/// Given their sum m, the first count is Binomial(m, 1/2) when both starts succeed equally often, so `p_greater` =
/// P(X >= only_first), `p_less` = P(X <= only_first). Without discordant replicates all are 1.
pub fn mcnemar(only_first: u64, only_second: u64) -> DifferenceTest {
    let up_to = |count: u64| match Binomial::new(0.5, only_first + only_second) {
        Ok(binomial) => binomial.cdf(count).min(1.0),
        Err(_) => 1.0,
    };
    DifferenceTest::new(up_to(only_second), up_to(only_first))
}

/// The interval for a paired difference of success rates of Newcombe 1998 (Stat Med 17:2635), his method 10.
///
/// With d the difference, (l, u) the Wilson limits of each rate and phi the correlation of the outcomes (ad - bc over the
/// root of the product of the margins; ad - bc, where positive, less n/2 but not below 0):
/// low = d - sqrt((p1 - l1)^2 - 2 phi (p1 - l1) (u2 - p2) + (u2 - p2)^2), high = d + the same with the roles exchanged.
/// `low` is at the one-sided level `alpha_low`, `high` at `alpha_high`. `None` without replicates or for a level outside
/// (0, 1/2].
pub fn newcombe_interval(outcomes: &PairedOutcomes, alpha_low: f64, alpha_high: f64) -> Option<(f64, f64)> {
    let is_one_sided = |alpha: f64| alpha > 0.0 && alpha <= 0.5;
    if outcomes.n() == 0 || !is_one_sided(alpha_low) || !is_one_sided(alpha_high) {
        return None;
    }
    Some((outcomes.limit(upper_quantile(alpha_low)), outcomes.limit(-upper_quantile(alpha_high))))
}

/// One-sided tests that the paired difference of success rates is at most, or at least, a margin.
///
/// At margin 0 this is the exact [`mcnemar`]. Elsewhere `p_greater` is the level at which the lower limit of
/// [`newcombe_interval`] meets the margin (the upper limit and 1 - level where the difference is below the margin), found
/// by bisection; `p_less` = 1 - `p_greater`. McNemar is the more cautious of the two, so p jumps a little at margin 0 and
/// the interval can exclude 0 where McNemar does not reject. `None` without replicates or for a margin outside [-1, 1].
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
