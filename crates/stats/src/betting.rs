//! Tests and intervals that are valid at every stopping time, by betting martingales.
//!
//! A bet on the observations has fair odds under the null hypothesis, so the expected capital never exceeds the initial
//! capital of 1. The probability that the capital *ever* reaches 1 / alpha is therefore at most alpha (Ville 1939). The
//! inverse of the highest capital so far is a p-value at every stopping time, and the hypotheses not yet rejected form
//! a confidence sequence (Waudby-Smith and Ramdas 2024, JRSS B 86:1, sections 3 and 4).

use super::median;
use super::proportion::DifferenceTest;

/// Number of stakes among which the capital is divided: the midpoints of equal parts of (0, 1).
const STAKES: usize = 64;

/// The difference of a pair, in the order in which pairs are observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// First minus second: a positive difference favours the first.
    pub difference: f64,
    /// Whether the pair is uninformative: it may count as evidence against a claim, by its difference, but never for
    /// it.
    pub silent: bool,
}

/// Capital divided evenly among constant stakes.
///
/// Under the hypothesis of a mean of at most m, an observation x in [0, 1] multiplies the capital with stake u between 0
/// and 1 by 1 + u (x / m - 1). This is the diversified betting of Waudby-Smith and Ramdas 2024 (their "dKelly"), here
/// without a parameter. For x in {0, 1} and m = 1/2 it is the sign test as an e-value (Vovk and Wang 2024, NEJSDS,
/// "Nonparametric e-tests of symmetry"), mixed uniformly.
struct Capital {
    logs: [f64; STAKES],
    highest: f64,
    /// Cache of recent gains with the log factor of each stake: signs and outcomes have only two or three gains.
    seen: Vec<(f64, [f64; STAKES])>,
}

/// Number of gains in the cache.
const GAINS: usize = 8;

impl Capital {
    fn new() -> Self {
        Self { logs: [0.0; STAKES], highest: 1.0, seen: Vec::new() }
    }

    fn observe(&mut self, x: f64, mean: f64) {
        let pays = self.pays(x / mean - 1.0);
        for (log, pay) in self.logs.iter_mut().zip(&self.seen[pays].1) {
            *log += pay;
        }
        // The capital is the mean of its parts, so it cannot exceed the last maximum if the largest part is clearly
        // below it.
        let largest = self.logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if largest.exp() > 0.999_999 * self.highest {
            self.highest = self.highest.max(self.logs.iter().map(|log| log.exp()).sum::<f64>() / STAKES as f64);
        }
    }

    /// Returns the index of this gain in `seen`.
    fn pays(&mut self, gain: f64) -> usize {
        if let Some(place) = self.seen.iter().position(|(known, _)| *known == gain) {
            return place;
        }
        if self.seen.len() == GAINS {
            self.seen.clear();
        }
        let pay = |index: usize| ((index as f64 + 0.5) / STAKES as f64 * gain).ln_1p();
        self.seen.push((gain, std::array::from_fn(pay)));
        self.seen.len() - 1
    }

    /// The p-value, valid at every stopping time.
    fn p(&self) -> f64 {
        1.0 / self.highest
    }
}

/// Returns the smallest number of pairs that can be significant at this level: with all of them in favour of the first.
pub fn fewest_pairs(alpha: f64) -> Option<usize> {
    if !super::is_level(alpha) {
        return None;
    }
    let mut capital = Capital::new();
    for pairs in 1..10_000 {
        capital.observe(1.0, 0.5);
        if capital.p() <= alpha {
            return Some(pairs);
        }
    }
    None
}

/// Tests, valid at every stopping time, the hypotheses that the median difference is at most, or at least, a margin.
///
/// `p_greater` bets on differences above the margin; if the median is at most the margin, they are at most half of all,
/// for any distribution. A difference equal to the margin counts against both sides. Unlike the signed-rank test, this
/// test does not assume symmetry. `None` for no steps, a NaN, or a margin that is not finite.
pub fn anytime_median_test(steps: &[Step], margin: f64) -> Option<DifferenceTest> {
    if !margin.is_finite() || !is_sound(steps) {
        return None;
    }
    let greater = sign_p(steps, |difference| difference > margin);
    Some(DifferenceTest::new(greater, sign_p(steps, |difference| difference < margin)))
}

/// Returns the median difference and its confidence sequence at the last step: all margins that [`anytime_median_test`]
/// rejects neither with `p_greater <= alpha_low` nor with `p_less <= alpha_high`.
///
/// Both ends are observed differences, or infinite if there are too few pairs. `None` as for the test, and for a level
/// outside (0, 1).
pub fn anytime_median_interval(steps: &[Step], alpha_low: f64, alpha_high: f64) -> Option<(f64, (f64, f64))> {
    if !is_sound(steps) || !super::is_level(alpha_low) || !super::is_level(alpha_high) {
        return None;
    }
    let mut values: Vec<f64> = steps.iter().map(|step| step.difference).collect();
    values.sort_by(f64::total_cmp);
    // A margin just below a value is rejected if the bet on this value and those above it is significant.
    let below = values.partition_point(|value| sign_p(steps, |difference| difference >= *value) <= alpha_low);
    let above = values.partition_point(|value| sign_p(steps, |difference| difference <= *value) > alpha_high);
    let low = below.checked_sub(1).map_or(f64::NEG_INFINITY, |index| values[index]);
    let high = values.get(above).copied().unwrap_or(f64::INFINITY);
    Some((median(&values)?, (low, high)))
}

/// Tests, valid at every stopping time, the hypotheses that the mean of differences in [-1, 1] is at most, or at least,
/// a margin.
///
/// The method is that of Waudby-Smith and Ramdas 2024, applied to (difference + 1) / 2. For differences of two success
/// indicators, the mean is the difference of success rates. `None` for no steps, a difference outside [-1, 1], or a
/// margin outside (-1, 1).
pub fn anytime_mean_test(steps: &[Step], margin: f64) -> Option<DifferenceTest> {
    let within = |step: &Step| step.difference.abs() <= 1.0;
    if !(margin.abs() < 1.0 && is_sound(steps) && steps.iter().all(within)) {
        return None;
    }
    Some(DifferenceTest::new(mean_p(steps, margin, 1.0), mean_p(steps, margin, -1.0)))
}

/// Returns the mean difference and its confidence sequence, by inverting [`anytime_mean_test`] as in
/// [`anytime_median_interval`].
pub fn anytime_mean_interval(steps: &[Step], alpha_low: f64, alpha_high: f64) -> Option<(f64, (f64, f64))> {
    anytime_mean_test(steps, 0.0)?;
    if !super::is_level(alpha_low) || !super::is_level(alpha_high) {
        return None;
    }
    let end = |alpha: f64, side: f64| {
        // On the tested side, margins up to `rejected` are rejected.
        let (mut rejected, mut kept) = (-1.0, 1.0);
        for _ in 0..48 {
            let middle = f64::midpoint(rejected, kept);
            if mean_p(steps, side * middle, side) <= alpha {
                rejected = middle;
            } else {
                kept = middle;
            }
        }
        side * rejected
    };
    let mean = steps.iter().map(|step| step.difference).sum::<f64>() / steps.len() as f64;
    Some((mean, (end(alpha_low, 1.0), end(alpha_high, -1.0))))
}

fn is_sound(steps: &[Step]) -> bool {
    !steps.is_empty() && steps.iter().all(|step| !step.difference.is_nan())
}

/// p-value of "at most half of the differences favour the side of the bet".
fn sign_p(steps: &[Step], favours: impl Fn(f64) -> bool) -> f64 {
    let mut capital = Capital::new();
    for step in steps {
        match (favours(step.difference), step.silent) {
            (true, true) => {}
            (true, false) => capital.observe(1.0, 0.5),
            (false, _) => capital.observe(0.0, 0.5),
        }
    }
    capital.p()
}

/// p-value of "the mean is at most the margin", with mean and margin multiplied by `side`.
fn mean_p(steps: &[Step], margin: f64, side: f64) -> f64 {
    let unit = |value: f64| f64::midpoint(side * value, 1.0);
    let mut capital = Capital::new();
    for step in steps {
        if !(step.silent && side * step.difference > side * margin) {
            capital.observe(unit(step.difference), unit(margin));
        }
    }
    capital.p()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::RngExt;
    use rand_distr::{Distribution, LogNormal, StandardNormal};
    use statrs::function::beta::beta_reg;
    use statrs::function::gamma::ln_gamma;

    use super::*;
    use crate::resample;
    use crate::signed_rank;

    fn steps(differences: &[f64]) -> Vec<Step> {
        differences.iter().map(|&difference| Step { difference, silent: false }).collect()
    }

    /// The uniform mixture of stakes has a closed form. The integral of (1 + u)^p (1 - u)^q over (0, 1) is 2^(n+1)
    /// B(p+1, q+1) (1 - I_(1/2)(p+1, q+1)).
    #[test]
    fn capital_is_the_incomplete_beta_function() {
        for (won, lost) in [(12, 0), (10, 3), (7, 7), (30, 12)] {
            let mut capital = Capital::new();
            (0..won).for_each(|_| capital.observe(1.0, 0.5));
            (0..lost).for_each(|_| capital.observe(0.0, 0.5));
            let now = capital.logs.iter().map(|log| log.exp()).sum::<f64>() / STAKES as f64;
            let (p, q) = (f64::from(won) + 1.0, f64::from(lost) + 1.0);
            let beta = (ln_gamma(p) + ln_gamma(q) - ln_gamma(p + q)).exp();
            let exact = 2_f64.powf(p + q - 1.0) * beta * (1.0 - beta_reg(p, q, 0.5));
            assert!((now / exact - 1.0).abs() < 0.02, "{won} won, {lost} lost: {now} {exact}");
        }
    }

    /// The cache and the skipped sums do not change a bit of the p-value.
    #[test]
    fn capital_equals_the_direct_computation() {
        let plain = |gains: &[f64]| {
            let (mut logs, mut highest) = ([0.0; STAKES], 1.0_f64);
            for gain in gains {
                for (index, log) in logs.iter_mut().enumerate() {
                    *log += ((index as f64 + 0.5) / STAKES as f64 * gain).ln_1p();
                }
                highest = highest.max(logs.iter().map(|log: &f64| log.exp()).sum::<f64>() / STAKES as f64);
            }
            1.0 / highest
        };
        for (values, mean) in [(2, 0.5), (3, 0.5), (3, 0.31), (30, 0.6)] {
            let mut stream = resample::stream(20_261_130, values);
            let xs: Vec<f64> = (0..3000).map(|_| stream.random_range(0..values) as f64 / (values - 1) as f64).collect();
            let mut capital = Capital::new();
            for x in &xs {
                capital.observe(*x, mean);
            }
            let gains: Vec<f64> = xs.iter().map(|x| x / mean - 1.0).collect();
            assert_eq!(capital.p(), plain(&gains), "{values} values, {mean}");
        }
    }

    #[test]
    fn few_pairs_are_never_significant() {
        // (2^(n+1) - 1) / (n + 1) is 170.6 for 10 pairs and 341.25 for 11.
        assert_eq!(fewest_pairs(1.0 / 200.0), Some(11));
        assert_eq!(fewest_pairs(1.0 / 500.0), Some(12));
        assert_eq!(fewest_pairs(0.0), None);
        let test = anytime_median_test(&steps(&[1.0; 11]), 0.5).unwrap();
        assert!(test.p_greater <= 1.0 / 200.0 && test.p_less == 1.0, "{test:?}");
    }

    /// Testing after every pair, up to 200, rejects a true hypothesis in fewer than 5 of 100 runs, for a skewed
    /// distribution as for a symmetric one. The signed-rank test, repeated in the same way, rejects in many more.
    #[test]
    fn testing_after_every_pair_keeps_the_level() {
        const RUNS: u64 = 2000;
        const PAIRS: usize = 200;
        let skewed = LogNormal::new(0.0, 1.0).unwrap();
        let mut rejected = [0_u64; 4];
        for run in 0..RUNS {
            let mut stream = resample::stream(20_261_126, run);
            let normal: Vec<f64> = (0..PAIRS).map(|_| StandardNormal.sample(&mut stream)).collect();
            let lopsided: Vec<f64> = (0..PAIRS).map(|_| skewed.sample(&mut stream) - 1.0).collect();
            let wins: Vec<f64> = (0..PAIRS).map(|_| [-1.0, 0.0, 0.0, 1.0][stream.random_range(0..4)]).collect();
            rejected[0] += u64::from(anytime_median_test(&steps(&normal), 0.0).unwrap().p_greater <= 0.05);
            rejected[1] += u64::from(anytime_median_test(&steps(&lopsided), 0.0).unwrap().p_greater <= 0.05);
            rejected[2] += u64::from(anytime_mean_test(&steps(&wins), 0.0).unwrap().p_greater <= 0.05);
            // Fewer runs and fewer tests, to save time.
            if run < RUNS / 10 {
                let peeks = (10..=PAIRS).step_by(5);
                let any = peeks.map(|n| signed_rank(&normal[..n], 0.0).unwrap().p_greater).any(|p| p <= 0.05);
                rejected[3] += u64::from(any);
            }
        }
        // 5% of 2000 is 100.
        for (law, count) in ["normal", "lognormal", "wins"].iter().zip(rejected) {
            assert!(count < 100, "{law}: {count} of {RUNS}");
            assert!(count > 20, "{law}: {count} of {RUNS}: the test rejects too rarely for this comparison");
        }
        assert!(
            rejected[3] > RUNS / 10 / 10,
            "repeated signed-rank tests should exceed the level: {} of {}",
            rejected[3],
            RUNS / 10
        );
    }

    #[test]
    fn intervals_invert_the_tests() {
        let mut stream = resample::stream(20_261_126, 3);
        let values: Vec<f64> =
            (0..40).map(|_| 1.0 + Distribution::<f64>::sample(&StandardNormal, &mut stream)).collect();
        let steps = steps(&values);
        let (estimate, (low, high)) = anytime_median_interval(&steps, 0.05, 0.01).unwrap();
        assert!(low < estimate && estimate < high);
        let p = |margin: f64| anytime_median_test(&steps, margin).unwrap();
        assert!(p(low - 1e-9).p_greater <= 0.05 && p(low).p_greater > 0.05);
        assert!(p(high + 1e-9).p_less <= 0.01 && p(high).p_less > 0.01);
        let wins: Vec<Step> =
            (0..60).map(|i| Step { difference: f64::from(u8::from(i % 3 != 0)), silent: false }).collect();
        let (rate, (low, high)) = anytime_mean_interval(&wins, 0.05, 0.01).unwrap();
        let p = |margin: f64| anytime_mean_test(&wins, margin).unwrap();
        assert!((rate - 2.0 / 3.0).abs() < 1e-12);
        assert!(p(low - 1e-9).p_greater <= 0.05 && p(low + 1e-9).p_greater > 0.05);
        assert!(p(high + 1e-9).p_less <= 0.01 && p(high - 1e-9).p_less > 0.01);
    }

    /// Uninformative pairs favour neither side, however many there are.
    #[test]
    fn uninformative_pairs_are_not_evidence() {
        let silent = vec![Step { difference: 0.0, silent: true }; 100];
        let test = anytime_median_test(&silent, 0.5).unwrap();
        assert_eq!((test.p_greater, test.p_less), (1.0, 1.0));
        let test = anytime_mean_test(&silent, -0.5).unwrap();
        assert_eq!((test.p_greater, test.p_less), (1.0, 1.0));
        assert_eq!(anytime_median_interval(&silent, 0.05, 0.05).unwrap().1, (f64::NEG_INFINITY, f64::INFINITY));
        let spoken = [steps(&[1.0; 12]), silent].concat();
        assert!(anytime_median_test(&spoken, 0.5).unwrap().p_greater < 0.01, "significance is kept");
    }

    #[test]
    fn bad_input_has_no_answer() {
        assert!(anytime_median_test(&[], 0.0).is_none());
        assert!(anytime_median_test(&steps(&[f64::NAN]), 0.0).is_none());
        assert!(anytime_median_test(&steps(&[1.0]), f64::INFINITY).is_none());
        assert!(anytime_median_interval(&steps(&[1.0]), 0.0, 0.1).is_none());
        assert!(anytime_mean_test(&steps(&[2.0]), 0.0).is_none());
        assert!(anytime_mean_test(&steps(&[1.0]), 1.0).is_none());
        assert!(anytime_mean_interval(&steps(&[1.0]), 0.1, 1.0).is_none());
        assert!(anytime_median_test(&steps(&[f64::INFINITY, f64::NEG_INFINITY]), 0.0).is_some());
    }

    proptest! {
        #[test]
        fn the_higher_margin_is_harder_to_exceed(
            values in prop::collection::vec((-1.0_f64..1.0, any::<bool>()), 1..60), low in -0.9_f64..0.9, more in 0.0_f64..0.5
        ) {
            let steps: Vec<Step> = values.iter().map(|&(difference, silent)| Step { difference, silent }).collect();
            let high = (low + more).min(0.95);
            let (a, b) = (anytime_median_test(&steps, low).unwrap(), anytime_median_test(&steps, high).unwrap());
            prop_assert!(a.p_greater <= b.p_greater && a.p_less >= b.p_less);
            let (a, b) = (anytime_mean_test(&steps, low).unwrap(), anytime_mean_test(&steps, high).unwrap());
            prop_assert!(a.p_greater <= b.p_greater * (1.0 + 1e-9) && a.p_less * (1.0 + 1e-9) >= b.p_less);
        }

        #[test]
        fn more_pairs_never_raise_the_p_value(values in prop::collection::vec(-1.0_f64..1.0, 2..60), cut in 1_usize..60) {
            let all = steps(&values);
            let part = &all[..cut.min(all.len())];
            prop_assert!(anytime_median_test(&all, 0.1).unwrap().p_greater <= anytime_median_test(part, 0.1).unwrap().p_greater);
            prop_assert!(anytime_mean_test(&all, 0.1).unwrap().p_less <= anytime_mean_test(part, 0.1).unwrap().p_less);
        }
    }
}
