//! The ratio of the expected running times of two starts.

use rand::RngExt;

use super::censored::{Ert, Spent, ert};
use super::is_level;
use super::normal::{upper_quantile, upper_tail};
use super::order::{quantile_of_sorted, sorted};
use crate::resample;

/// Up to this many pairs the interval comes from a bootstrap. Beyond, the sums are practically normal, and the delta
/// method needs one pass.
const RESAMPLED: usize = 2_000;

/// The ratio of two expected running times, rival over start: above 1, a success costs less from the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErtRatio {
    /// The ratio; if one of the two never succeeded, the finite end of the interval.
    pub estimate: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end; infinite if the rival never succeeded, or if resamples of it have no success.
    pub high: f64,
    /// Two-sided p-value of "no difference" (exchange test; normal approximation beyond 2,000 pairs).
    pub p: f64,
}

/// Returns the ratio of the expected running times ([`ert`]) of a rival and a start over paired trials `(start,
/// rival)`, with its percentile interval. Resamples draw pairs, so a difficult replicate counts for both.
///
/// The running time of a failed trial is the work it spent, so the ratio does not depend on a budget that no trial used
/// up. If one of the two never succeeded in n trials, its true success rate is below -ln(alpha) / n with confidence 1 -
/// alpha (the rule of three at alpha = 0.05: Hanley and Lippman-Hand 1983). Its mean work divided by that rate is a
/// lower bound of its expected running time; this bound is the estimate and one end of the interval, and the other end
/// is open. If n pairs are too few for any one-sided test to reject (2^-n above the level), the end is open. Beyond
/// 2,000 pairs the interval is the normal one of the log ratio, by the delta method.
///
/// At n = 20, a percentile interval of such a skewed ratio is too short. The p-value therefore comes from a test that
/// keeps its level for any n: if the two starts do equally well, the trials of a pair can be exchanged (Pitman 1937),
/// and the ratio is compared with those after random exchanges. If that test does not reject at its level, the near end
/// of the interval is moved to 1.
///
/// `None` for no pairs, a work that is NaN or negative, levels outside (0, 1), or if neither ever succeeded.
pub fn ert_ratio(
    pairs: &[(Spent, Spent)],
    alpha_low: f64,
    alpha_high: f64,
    seed: u64,
    resamples: u64,
) -> Option<ErtRatio> {
    if !is_level(alpha_low) || !is_level(alpha_high) || resamples == 0 {
        return None;
    }
    let (first, second): (Vec<Spent>, Vec<Spent>) = pairs.iter().copied().unzip();
    let few = |alpha: f64| (-alpha.ln()).min(pairs.len() as f64);
    // For a start without success: the largest plausible number of successes, which gives its smallest cost.
    let log = match (ert(&first)?, ert(&second)?) {
        (Ert::AtLeast(_), Ert::AtLeast(_)) => return None,
        (Ert::Finite(a), Ert::Finite(b)) => (b / a).ln(),
        (Ert::Finite(a), Ert::AtLeast(b)) => (b / few(alpha_low) / a).ln(),
        (Ert::AtLeast(a), Ert::Finite(b)) => (b / (a / few(alpha_high))).ln(),
    };
    let ((mut low, mut high), p) = if pairs.len() <= RESAMPLED {
        let ends = bootstrap(pairs, (few(alpha_low), few(alpha_high)), (alpha_low, alpha_high), (seed, resamples))?;
        (ends, exchange(pairs, alpha_low.min(alpha_high), seed, resamples))
    } else {
        delta(pairs, log, alpha_low, alpha_high)?
    };
    if p / 2.0 > alpha_low {
        low = low.min(0.0);
    }
    if p / 2.0 > alpha_high {
        high = high.max(0.0);
    }
    let least = 0.5_f64.powi(i32::try_from(pairs.len()).unwrap_or(i32::MAX));
    let (low, high) =
        (if least > alpha_low { 0.0 } else { low.exp() }, if least > alpha_high { f64::INFINITY } else { high.exp() });
    let bounds = |ert: Option<Ert>| matches!(ert, Some(Ert::AtLeast(_)));
    let estimate = match (bounds(ert(&first)), bounds(ert(&second))) {
        (_, true) if low > 0.0 => low,
        (true, _) if high.is_finite() => high,
        _ => log.exp(),
    };
    Some(ErtRatio { estimate, low, high, p: p.max(2.0 * least).min(1.0) })
}

/// Total work and successes of the start and the rival.
#[derive(Clone, Copy, Default)]
struct Sums {
    work: (f64, f64),
    successes: (f64, f64),
}

impl Sums {
    fn add(&mut self, (a, b): &(Spent, Spent)) {
        self.work.0 += a.work;
        self.work.1 += b.work;
        self.successes.0 += f64::from(u8::from(a.reached));
        self.successes.1 += f64::from(u8::from(b.reached));
    }

    /// Returns the smallest and the largest log ratio that these sums allow. A start without success costs at least its
    /// work divided by the given number of successes (`rivals` for the smallest ratio, `starts` for the largest); its
    /// cost has no upper bound.
    fn log_ratios(self, (rivals, starts): (f64, f64)) -> (f64, f64) {
        let least =
            |work: f64, successes: f64, at_most: f64| (work / if successes > 0.0 { successes } else { at_most }).ln();
        let most = |work: f64, successes: f64| if successes > 0.0 { (work / successes).ln() } else { f64::INFINITY };
        let ((work_a, work_b), (a, b)) = (self.work, self.successes);
        (least(work_b, b, rivals) - most(work_a, a), most(work_b, b) - least(work_a, a, starts))
    }
}

type Ends = (f64, f64);

fn bootstrap(
    pairs: &[(Spent, Spent)],
    few: (f64, f64),
    (alpha_low, alpha_high): (f64, f64),
    (seed, resamples): (u64, u64),
) -> Option<Ends> {
    let n = pairs.len();
    let never = |of: fn(&(Spent, Spent)) -> bool| !pairs.iter().any(of);
    // A resample may lack successes of a start that has some; it counts as having at most one.
    let rivals = if never(|(_, rival)| rival.reached) { few.0 } else { 1.0 };
    let starts = if never(|(start, _)| start.reached) { few.1 } else { 1.0 };
    let drawn = (0..resamples).map(|resample| {
        let mut stream = resample::stream(seed, resample);
        let mut sums = Sums::default();
        (0..n).for_each(|_| sums.add(&pairs[stream.random_range(0..n)]));
        sums.log_ratios((rivals, starts))
    });
    let (lower, upper): (Vec<f64>, Vec<f64>) = drawn.unzip();
    let (lower, upper) = (sorted(&lower)?, sorted(&upper)?);
    Some((quantile_of_sorted(&lower, alpha_low)?, quantile_of_sorted(&upper, 1.0 - alpha_high)?))
}

/// Maximum number of random exchanges.
const EXCHANGES: f64 = 40_000.0;

/// Returns the two-sided p-value of the exchange test: twice the share of random exchanges within pairs with a log
/// ratio at least as extreme on the same side, including the observed one. A start without success counts as having
/// half a success.
fn exchange(pairs: &[(Spent, Spent)], level: f64, seed: u64, resamples: u64) -> f64 {
    let draws = (4.0 / level).min(EXCHANGES).max(resamples as f64) as u64;
    let log = |sums: Sums| {
        let cost = |work: f64, successes: f64| (work / successes.max(0.5)).ln();
        cost(sums.work.1, sums.successes.1) - cost(sums.work.0, sums.successes.0)
    };
    let mut observed = Sums::default();
    for pair in pairs {
        observed.add(pair);
    }
    // Sums in another order may differ in the last digits.
    let far = log(observed).abs() - 1e-12;
    let is_first = log(observed) >= 0.0;
    let mut as_far = 1;
    for draw in 0..draws {
        let mut stream = resample::stream(seed ^ EXCHANGED, draw);
        let mut sums = Sums::default();
        for block in pairs.chunks(64) {
            let mut coins: u64 = stream.random();
            for (a, b) in block {
                sums.add(&if coins & 1 == 1 { (*b, *a) } else { (*a, *b) });
                coins >>= 1;
            }
        }
        let log = log(sums);
        as_far += u64::from(if is_first { log >= far } else { -log >= far });
    }
    (2.0 * as_far as f64 / (draws + 1) as f64).min(1.0)
}

/// Separates the streams of exchanges from those of resamples.
const EXCHANGED: u64 = 1 << 63;

/// Returns the interval and the p-value by the delta method, from the influences of the pairs.
fn delta(pairs: &[(Spent, Spent)], log: f64, alpha_low: f64, alpha_high: f64) -> Option<(Ends, f64)> {
    let Some(influences) = ert_ratio_influence(pairs) else {
        // One of them never succeeded: the ratio is a one-sided bound.
        let is_first = pairs.iter().all(|(a, _)| !a.reached);
        let ends = if is_first { (f64::NEG_INFINITY, log) } else { (log, f64::INFINITY) };
        return Some((ends, 1.0));
    };
    let squares: f64 = influences.iter().map(|influence| (influence - log).powi(2)).sum();
    let error = squares.sqrt() / pairs.len() as f64;
    let ends = (log - upper_quantile(alpha_low) * error, log + upper_quantile(alpha_high) * error);
    let p = if error > 0.0 { 2.0 * upper_tail(log.abs() / error) } else { f64::from(u8::from(log == 0.0)) };
    Some((ends, p))
}

/// Returns for each pair `(start, rival)` the log ratio of expected running times plus the pair's influence on it: w /
/// mean w - s / mean s of the rival minus the same of the start, where w is the work and s is 1 for a success. The mean
/// of these values is the log ratio, and their spread is the contribution of one pair to its error.
///
/// `None` for no pairs, a work that is NaN or negative, or if either never succeeded.
pub fn ert_ratio_influence(pairs: &[(Spent, Spent)]) -> Option<Vec<f64>> {
    let (first, second): (Vec<Spent>, Vec<Spent>) = pairs.iter().copied().unzip();
    let (Ert::Finite(a), Ert::Finite(b)) = (ert(&first)?, ert(&second)?) else { return None };
    let log = (b / a).ln();
    let mut sums = Sums::default();
    for pair in pairs {
        sums.add(pair);
    }
    let n = pairs.len() as f64;
    let influence = |spent: &Spent, work: f64, successes: f64| {
        n * (spent.work / work - f64::from(u8::from(spent.reached)) / successes)
    };
    let of = |(a, b): &(Spent, Spent)| {
        log + influence(b, sums.work.1, sums.successes.1) - influence(a, sums.work.0, sums.successes.0)
    };
    Some(pairs.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    fn spent(work: f64, reached: bool) -> Spent {
        Spent { work, reached }
    }

    /// 13 of 20 against 20 of 20: 20 x 20 / 20 = 20 a success against 20 x 34.32 / 13 = 52.8, a ratio of 2.64.
    #[test]
    fn reference_value() {
        let pairs: Vec<(Spent, Spent)> = (0..20).map(|i| (spent(20.0, true), spent(34.32, i < 13))).collect();
        let ratio = ert_ratio(&pairs, 0.025, 0.025, 1, 2000).unwrap();
        assert!((ratio.estimate - 2.64).abs() < 1e-12, "{ratio:?}");
        // Only the number of successes varies: 34.32 / 20 / rate at the quantiles of Binomial(20, 0.65) / 20, 9 and 17.
        assert!((ratio.low - 1.716 / 0.85).abs() < 1e-9 && (ratio.high - 1.716 / 0.45).abs() < 1e-9, "{ratio:?}");
        assert!(ratio.p < 0.002);
    }

    #[test]
    fn the_other_way_round_is_the_inverse() {
        let pairs: Vec<(Spent, Spent)> =
            (0..15).map(|i| (spent(f64::from(3 + i), i % 4 > 0), spent(f64::from(9 + i % 5), i % 3 > 0))).collect();
        let turned: Vec<(Spent, Spent)> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
        let (one, other) =
            (ert_ratio(&pairs, 0.025, 0.025, 1, 999).unwrap(), ert_ratio(&turned, 0.025, 0.025, 1, 999).unwrap());
        for (a, b) in [(one.estimate, other.estimate), (one.low, other.high), (one.high, other.low)] {
            assert!((a * b - 1.0).abs() < 1e-9, "{one:?} {other:?}");
        }
        assert_eq!(one.p, other.p);
    }

    #[test]
    fn no_success_gives_a_bound_and_few_pairs_an_open_interval() {
        let never: Vec<(Spent, Spent)> = (0..20).map(|_| (spent(10.0, true), spent(30.0, false))).collect();
        let ratio = ert_ratio(&never, 0.025, 0.025, 1, 500).unwrap();
        // At most -ln(0.025) = 3.69 successes of 600 units of work: 162.7 a success, against 10.
        assert_eq!((ratio.estimate, ratio.high), (ratio.low, f64::INFINITY));
        assert!((ratio.estimate - 60.0 / -0.025_f64.ln()).abs() < 1e-9, "{ratio:?}");
        let turned: Vec<(Spent, Spent)> = never.iter().map(|(a, b)| (*b, *a)).collect();
        let other = ert_ratio(&turned, 0.025, 0.025, 1, 500).unwrap();
        assert!((other.estimate * ratio.estimate - 1.0).abs() < 1e-9 && other.low == 0.0, "{other:?}");
        let few = ert_ratio(&never[..4], 0.025, 0.025, 1, 500).unwrap();
        assert_eq!((few.low, few.high), (0.0, f64::INFINITY));
        // One of 16 exchanges is as extreme on this side.
        assert!((few.p - 0.125).abs() < 0.02, "{few:?}");
        let neither: Vec<(Spent, Spent)> = (0..9).map(|_| (spent(1.0, false), spent(1.0, false))).collect();
        assert_eq!(ert_ratio(&neither, 0.025, 0.025, 1, 500), None);
        assert_eq!(ert_ratio(&[], 0.025, 0.025, 1, 500), None);
        assert_eq!(ert_ratio(&never, 0.0, 0.025, 1, 500), None);
    }

    /// Exponential work from uniform digits, success in 2 of 3 and 3 of 4: the delta method and the bootstrap agree.
    #[test]
    fn the_delta_method_takes_over_smoothly() {
        let pair = |i: u32| {
            let work = |step: u32| -(f64::from(1 + i * step % 997) / 998.0).ln();
            (spent(work(31), !i.is_multiple_of(3)), spent(2.0 * work(57), !i.is_multiple_of(4)))
        };
        let pairs: Vec<(Spent, Spent)> = (0..2_000).map(pair).collect();
        let resampled = ert_ratio(&pairs, 0.025, 0.025, 1, 4000).unwrap();
        let log = resampled.estimate.ln();
        let ((low, high), _) = delta(&pairs, log, 0.025, 0.025).unwrap();
        let width = high - low;
        assert!((low - resampled.low.ln()).abs() < 0.05 * width, "{low} {resampled:?}");
        assert!((high - resampled.high.ln()).abs() < 0.05 * width, "{high} {resampled:?}");
    }

    /// n = 20 and 50, lognormal work, success in 70% of both: the test of equal starts rejects at the level 0.05,
    /// within three standard errors of 1,000 runs.
    #[test]
    fn equal_starts_rarely_differ() {
        for n in [20, 50] {
            let runs = 1000;
            let different = (0..runs).filter(|run| {
                let mut stream = resample::stream(20_261_130, *run);
                let mut trial = || {
                    let size: f64 = StandardNormal.sample(&mut stream);
                    spent(size.exp(), stream.random_range(0..10) < 7)
                };
                let pairs: Vec<(Spent, Spent)> = (0..n).map(|_| (trial(), trial())).collect();
                let ratio = ert_ratio(&pairs, 0.025, 0.025, *run, 400).unwrap();
                ratio.low > 1.0 || ratio.high < 1.0
            });
            let count = different.count();
            assert!((29..=71).contains(&count), "{count} of {runs} at n = {n}");
        }
    }
}
