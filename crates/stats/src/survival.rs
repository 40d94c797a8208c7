//! Kaplan-Meier curves and the log-rank test, for display; verdicts use the paired tests.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::censored::Spent;

/// The share of trials not yet at their target, as a step curve (Kaplan and Meier 1958).
///
/// S(t) is the product of 1 - (reached at u) / (still running at u) over the times u <= t at which a target was
/// reached. A trial that was cut off at u was still running at u.
#[derive(Clone, Debug, PartialEq)]
pub struct KaplanMeier {
    /// (time, S from there on), ascending.
    steps: Vec<(f64, f64)>,
    /// The longest time of a trial, whether it reached its target or not.
    end: f64,
}

/// Groups trials by time: the time, the number that reached their target then, and the number that were cut off then.
fn by_time(trials: &[Spent]) -> Option<Vec<(f64, usize, usize)>> {
    let is_sound = |trial: &Spent| trial.work >= 0.0 && trial.work.is_finite();
    if trials.is_empty() || !trials.iter().all(is_sound) {
        return None;
    }
    let mut sorted = trials.to_vec();
    sorted.sort_unstable_by(|a, b| a.work.total_cmp(&b.work));
    let groups = sorted.chunk_by(|a, b| a.work == b.work);
    let count = |group: &[Spent]| group.iter().filter(|trial| trial.reached).count();
    Some(groups.map(|group| (group[0].work, count(group), group.len() - count(group))).collect())
}

impl KaplanMeier {
    /// Creates the curve of one start's trials; `None` for no trials, or if a time is negative or not finite.
    pub fn new(trials: &[Spent]) -> Option<Self> {
        let (mut running, mut survival) = (trials.len(), 1.0);
        let (mut steps, mut end) = (Vec::new(), 0.0);
        for (time, reached, cut) in by_time(trials)? {
            if reached > 0 {
                survival *= (running - reached) as f64 / running as f64;
                steps.push((time, survival));
            }
            running -= reached + cut;
            end = time;
        }
        Some(Self { steps, end })
    }

    /// Returns the steps (time, S from there on) for a figure, ascending; S is 1 before the first.
    pub fn steps(&self) -> &[(f64, f64)] {
        &self.steps
    }

    /// Returns S(t); `None` beyond the longest trial, unless all had reached their target by then.
    pub fn at(&self, time: f64) -> Option<f64> {
        let before = self.steps.partition_point(|step| step.0 <= time);
        let survival = before.checked_sub(1).map_or(1.0, |last| self.steps[last].1);
        (time <= self.end || survival == 0.0).then_some(survival)
    }

    /// Returns the first time with S at most one half, in the unit of the times; `None` if the curve stays above.
    pub fn median(&self) -> Option<f64> {
        // A product of fractions that equals one half may be rounded up.
        self.steps.iter().find(|step| step.1 <= 0.5 + 1e-12).map(|step| step.0)
    }

    /// Returns the restricted mean: the area under S from 0 to `tau`, in the unit of the times (Royston and Parmar
    /// 2013).
    ///
    /// If every unsolved trial was cut off at `tau` or later, it is the plain mean of min(T, tau),
    /// [`restricted_mean`](super::restricted_mean). `None` if S is not known up to `tau`, or `tau` is not positive and
    /// finite.
    pub fn rmst(&self, tau: f64) -> Option<f64> {
        if !(tau > 0.0 && tau.is_finite()) {
            return None;
        }
        self.at(tau)?;
        let (mut area, mut from, mut height) = (0.0, 0.0, 1.0);
        for (time, survival) in self.steps.iter().take_while(|step| step.0 < tau) {
            area += height * (time - from);
            (from, height) = (*time, *survival);
        }
        Some(area + height * (tau - from))
    }
}

/// The outcome of a log-rank test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// The statistic, approximately chi-squared with one degree of freedom.
    pub chi2: f64,
    /// The two-sided p-value.
    pub p: f64,
    /// Targets that the first reached minus those expected under equal rates: a positive value favours the first.
    pub excess: f64,
}

/// Performs the log-rank test of Mantel 1966 that two starts reach their targets at the same rate.
///
/// At each time, let d targets be reached among n running trials, n1 of them of the first start. The expected number of
/// the first is d n1 / n, its variance d (n1 / n) (1 - n1 / n) (n - d) / (n - 1); chi2 = (reached - expected)^2 /
/// variance, with both sums over times. The test assumes independent samples, so paired replicates make it too
/// conservative. If no target is reached, chi2 is 0 and p is 1. `None` for an empty sample or a time that is negative
/// or not finite.
pub fn log_rank(first: &[Spent], second: &[Spent]) -> Option<LogRank> {
    let alone = by_time(first)?;
    by_time(second)?;
    let mut alone = alone.into_iter().peekable();
    let (mut running, mut running_first) = (first.len() + second.len(), first.len());
    let (mut excess, mut variance) = (0.0, 0.0);
    for (time, reached, cut) in by_time(&[first, second].concat())? {
        let (reached_first, left_first) =
            alone.next_if(|group| group.0 == time).map_or((0, 0), |group| (group.1, group.1 + group.2));
        let (d, n, share) = (reached as f64, running as f64, running_first as f64 / running as f64);
        excess += reached_first as f64 - d * share;
        if running > 1 {
            variance += d * share * (1.0 - share) * (n - d) / (n - 1.0);
        }
        running -= reached + cut;
        running_first -= left_first;
    }
    let chi2 = if variance > 0.0 { excess * excess / variance } else { 0.0 };
    Some(LogRank { chi2, p: ChiSquared::new(1.0).ok()?.sf(chi2), excess })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restricted_mean;

    /// Weeks in remission (Freireich et al. 1963) with 6-MP, negative if cut off, and with placebo.
    const SIX_MP: [f64; 21] = [
        6.0, 6.0, 6.0, -6.0, 7.0, -9.0, 10.0, -10.0, -11.0, 13.0, 16.0, -17.0, -19.0, -20.0, 22.0, 23.0, -25.0, -32.0,
        -32.0, -34.0, -35.0,
    ];
    const PLACEBO: [f64; 21] = [
        1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, 8.0, 8.0, 8.0, 8.0, 11.0, 11.0, 12.0, 12.0, 15.0, 17.0, 22.0, 23.0,
    ];
    /// `aml` of R's survival package.
    const MAINTAINED: [f64; 11] = [9.0, 13.0, -13.0, 18.0, 23.0, -28.0, 31.0, 34.0, -45.0, 48.0, -161.0];
    const NONMAINTAINED: [f64; 12] = [5.0, 5.0, 8.0, 8.0, 12.0, -16.0, 23.0, 27.0, 30.0, 33.0, 43.0, 45.0];

    fn trials(times: &[f64]) -> Vec<Spent> {
        times.iter().map(|time| Spent { work: time.abs(), reached: *time > 0.0 }).collect()
    }

    fn curve(times: &[f64]) -> KaplanMeier {
        KaplanMeier::new(&trials(times)).unwrap()
    }

    /// STATISTICS.md; further digits are those of lifelines 0.30.
    #[test]
    fn reference_curve() {
        let curve = curve(&SIX_MP);
        let expected = [
            (6.0, 0.857_142_857_142_857),
            (7.0, 0.806_722_689_075_629_9),
            (10.0, 0.752_941_176_470_587_8),
            (13.0, 0.690_196_078_431_372_4),
            (16.0, 0.627_450_980_392_156_6),
            (22.0, 0.537_815_126_050_419_9),
            (23.0, 0.448_179_271_708_683_27),
        ];
        assert_eq!(curve.steps().len(), expected.len());
        for ((time, survival), step) in expected.into_iter().zip(curve.steps()) {
            assert!(step.0 == time && (step.1 - survival).abs() < 1e-12, "{step:?}");
            assert_eq!(curve.at(time + 0.5), Some(step.1));
        }
        assert_eq!((curve.at(5.9), curve.at(35.0), curve.at(35.1)), (Some(1.0), Some(curve.steps[6].1), None));
    }

    #[test]
    fn reference_medians_and_means() {
        assert_eq!((curve(&SIX_MP).median(), curve(&PLACEBO).median()), (Some(23.0), Some(8.0)));
        assert_eq!((curve(&MAINTAINED).median(), curve(&NONMAINTAINED).median()), (Some(31.0), Some(23.0)));
        assert!((curve(&SIX_MP).rmst(23.0).unwrap() - 17.909_243_697_478_985).abs() < 1e-12);
        assert!((curve(&PLACEBO).rmst(23.0).unwrap() - 26.0 / 3.0).abs() < 1e-12);
        assert_eq!((curve(&SIX_MP).rmst(35.5), curve(&PLACEBO).rmst(0.0)), (None, None));
        // All placebo patients relapsed, so their curve is known for all times.
        assert!((curve(&PLACEBO).rmst(100.0).unwrap() - 26.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn reference_tests() {
        let test = log_rank(&trials(&SIX_MP), &trials(&PLACEBO)).unwrap();
        assert!((test.chi2 - 16.792_940_989_216_547).abs() < 1e-10, "{test:?}");
        assert!((test.p / 4.168_809_109_334_511e-5 - 1.0).abs() < 1e-9, "{test:?}");
        // 9 relapses, and 19.25 are expected.
        assert!((test.excess + 10.250_5).abs() < 1e-3, "{test:?}");
        let test = log_rank(&trials(&NONMAINTAINED), &trials(&MAINTAINED)).unwrap();
        assert!(
            (test.chi2 - 3.396_388_698_977_602_4).abs() < 1e-10 && (test.p - 0.065_339_322_040_504_9).abs() < 1e-10,
            "{test:?}"
        );
        assert!(test.excess > 0.0);
    }

    /// If all trials have the same tau, as in the harness, the area is the plain restricted mean.
    #[test]
    fn with_one_budget_the_area_is_the_mean() {
        let trials: Vec<Spent> =
            [Some(3.0), None, Some(40.0), Some(99.5), None, Some(3.0)].map(|time| Spent::new(time, 100.0)).to_vec();
        let area = KaplanMeier::new(&trials).unwrap().rmst(100.0).unwrap();
        assert!((area - restricted_mean(&trials).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn ends() {
        // S is exactly 3/4 2/3 = 1/2. Without a reached target, there is no median and chi2 is 0.
        assert_eq!(curve(&[1.0, 2.0, -3.0, -3.0]).median(), Some(2.0));
        let never = trials(&[-10.0, -10.0]);
        assert_eq!(curve(&[-10.0]).median(), None);
        assert_eq!(log_rank(&never, &never), Some(LogRank { chi2: 0.0, p: 1.0, excess: 0.0 }));
        assert_eq!(curve(&[5.0]).at(7.0), Some(0.0));
        let same = log_rank(&trials(&SIX_MP), &trials(&SIX_MP)).unwrap();
        assert!(same.chi2 < 1e-20 && (same.p - 1.0).abs() < 1e-9);
    }

    #[test]
    fn bad_input_has_no_answer() {
        for work in [f64::NAN, f64::INFINITY, -1.0] {
            let bad = [Spent { work, reached: true }];
            assert_eq!(KaplanMeier::new(&bad), None);
            assert_eq!(log_rank(&bad, &trials(&[1.0])), None);
            assert_eq!(log_rank(&trials(&[1.0]), &bad), None);
        }
        assert_eq!(KaplanMeier::new(&[]), None);
        assert_eq!(log_rank(&[], &trials(&[1.0])), None);
        assert_eq!(curve(&[1.0]).rmst(f64::INFINITY), None);
    }
}
