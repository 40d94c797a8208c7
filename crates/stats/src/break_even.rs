//! The number of uses after which a start has repaid its charge.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::is_level;

/// Whether, and after how many uses, a start that is made once and used K times costs less in total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BreakEven {
    /// Each use saves work; the charge is repaid from this number of uses on.
    After {
        /// K* = mean charge / mean saving; not rounded, and below 1 if one use is enough.
        uses: f64,
        /// Lower end of Fieller's interval, at least 0.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// The interval of the saving includes 0 or lies below it: no number of uses significantly repays the charge.
    Never {
        /// Mean saving of one use.
        saving: f64,
        /// Lower end of its interval.
        low: f64,
        /// Upper end; below 0 if each use costs significantly more work.
        high: f64,
    },
}

/// Returns the break-even number of uses K* = E\[charge\] / E\[saving\], with the interval of Fieller 1954.
///
/// In each replicate, `charges` is the cost of making the start and `savings` the work saved by one use: min(T, tau) of
/// the rival minus that of the start, without the charge. With c and s the means, `v` their variances and covariance
/// divided by n, and t the upper alpha / 2 quantile of Student's distribution with n - 1 degrees of freedom, the
/// interval contains the K with
///
/// `(c - K s)^2 <= t^2 (v_cc - 2 K v_cs + K^2 v_ss)`:
///
/// These are the K for which the t test does not reject that the mean of charge - K saving is 0, so charge and saving
/// may be dependent. The interval is bounded exactly if the interval of the saving (its mean -+ t standard errors)
/// excludes 0. Reuse adds up means, so the result is about means and not medians. Like any t interval, it is slightly
/// short for few and skewed savings: simulated at n = 10 and 20 with lognormal work cut off at a budget, it covers
/// 93-95%.
///
/// A charge may be negative, if making the start replaces a use that costs more; K* and its interval are cut at 0.
/// `None` for different lengths, fewer than 2 replicates, a value that is not finite, or an alpha outside (0, 1).
pub fn break_even(charges: &[f64], savings: &[f64], alpha: f64) -> Option<BreakEven> {
    let n = charges.len();
    let is_sound = charges.iter().all(|c| c.is_finite()) && savings.iter().all(|s| s.is_finite());
    if n < 2 || savings.len() != n || !is_sound || !is_level(alpha) {
        return None;
    }
    let t2 = StudentsT::new(0.0, 1.0, (n - 1) as f64).ok()?.inverse_cdf(1.0 - alpha / 2.0).powi(2);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n as f64;
    let (charge, saving) = (mean(charges), mean(savings));
    let covariance = |a: &[f64], mean_a: f64, b: &[f64], mean_b: f64| {
        let products = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b));
        t2 * products.sum::<f64>() / (n * (n - 1)) as f64
    };
    let half = covariance(savings, saving, savings, saving).sqrt();
    if saving - half <= 0.0 {
        return Some(BreakEven::Never { saving, low: saving - half, high: saving + half });
    }
    // Solves (s^2 - t^2 v_ss) K^2 - 2 (c s - t^2 v_cs) K + (c^2 - t^2 v_cc) = 0, whose first coefficient is positive.
    let square = (saving - half) * (saving + half);
    let middle = charge * saving - covariance(charges, charge, savings, saving);
    let rest = charge * charge - covariance(charges, charge, charges, charge);
    let reach = (middle * middle - square * rest).max(0.0).sqrt();
    let (low, high) = ((middle - reach) / square, (middle + reach) / square);
    (high.is_finite()).then_some(BreakEven::After {
        uses: (charge / saving).max(0.0),
        low: low.max(0.0),
        high: high.max(0.0),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHARGES: [f64; 8] = [40.0, 42.0, 38.0, 45.0, 41.0, 39.0, 44.0, 40.0];
    const SAVINGS: [f64; 8] = [12.0, 9.0, 15.0, 8.0, 11.0, 14.0, 7.0, 13.0];

    fn after(charges: &[f64], savings: &[f64]) -> (f64, f64, f64) {
        match break_even(charges, savings, 0.05) {
            Some(BreakEven::After { uses, low, high }) => (uses, low, high),
            other => panic!("{other:?}"),
        }
    }

    /// Roots in K of `scipy.stats.ttest_1samp(charge - K * saving, 0).pvalue - 0.05`, by `scipy.optimize.brentq`.
    #[test]
    fn the_interval_inverts_the_t_test() {
        let (uses, low, high) = after(&CHARGES, &SAVINGS);
        assert!((uses - 329.0 / 89.0).abs() < 1e-12);
        assert!(
            (low - 2.890_627_151_532_784_4).abs() < 1e-8 && (high - 4.951_127_623_276_44).abs() < 1e-8,
            "{low} {high}"
        );
    }

    /// A fixed charge is divided by the ends of the saving's interval (`scipy.stats.t.interval`).
    #[test]
    fn a_fixed_charge() {
        let (_, low, high) = after(&[40.0; 8], &SAVINGS);
        assert!(
            (low - 40.0 / 13.549_563_628_781_7).abs() < 1e-8 && (high - 40.0 / 8.700_436_371_218_3).abs() < 1e-8,
            "{low} {high}"
        );
        assert_eq!(after(&[0.0; 8], &SAVINGS), (0.0, 0.0, 0.0));
        assert_eq!(after(&[6.0; 3], &[2.0; 3]), (3.0, 3.0, 3.0));
    }

    #[test]
    fn an_insignificant_charge_has_a_lower_end_of_zero() {
        let (uses, low, high) = after(&[0.0, 0.0, 0.0, 9.0], &[50.0, 51.0, 52.0, 50.0]);
        assert!(uses > 0.04 && low == 0.0 && high > uses);
    }

    #[test]
    fn never() {
        let uncertain = break_even(&[5.0; 4], &[1.0, -2.0, 3.0, 1.0], 0.05);
        assert!(matches!(uncertain, Some(BreakEven::Never { saving: 0.75, low, high }) if low < 0.0 && high > 0.0));
        // A negative charge (the pilot run replaces a use) is repaid at once.
        let replaced: Vec<f64> = SAVINGS.iter().map(|saving| saving - 50.0).collect();
        let BreakEven::After { uses, low, .. } = break_even(&replaced, &SAVINGS, 0.05).unwrap() else { panic!() };
        assert_eq!((uses, low), (0.0, 0.0));
        let loses = break_even(&[5.0; 4], &[-1.0, -2.0, -3.0, -1.0], 0.05);
        assert!(matches!(loses, Some(BreakEven::Never { high, .. }) if high < 0.0), "{loses:?}");
        assert_eq!(break_even(&[5.0; 2], &[0.0; 2], 0.05), Some(BreakEven::Never { saving: 0.0, low: 0.0, high: 0.0 }));
    }

    #[test]
    fn bad_input_has_no_answer() {
        assert_eq!(break_even(&[1.0], &[1.0], 0.05), None);
        assert_eq!(break_even(&[], &[], 0.05), None);
        assert_eq!(break_even(&[1.0, 2.0], &[1.0, 2.0, 3.0], 0.05), None);
        assert_eq!(break_even(&[1.0, f64::NAN], &[1.0, 2.0], 0.05), None);
        assert_eq!(break_even(&[1.0, 1.0], &[1.0, f64::INFINITY], 0.05), None);
        assert_eq!(break_even(&[1.0, 1.0], &[1.0, 1.0], 1.0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

        /// At either end, charge - K saving has a t statistic of exactly the quantile.
        #[test]
        fn ends_have_the_critical_t_statistic(
            pairs in prop::collection::vec((0.0..20.0, -3.0..30.0), 3..20),
            alpha in 0.01..0.3,
        ) {
            let (charges, savings): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let n = charges.len() as f64;
            let t = StudentsT::new(0.0, 1.0, n - 1.0).unwrap().inverse_cdf(1.0 - alpha / 2.0);
            if let BreakEven::After { uses, low, high } = break_even(&charges, &savings, alpha).unwrap() {
                prop_assert!(low <= uses && uses <= high);
                for end in [low, high].into_iter().filter(|end| *end > 0.0) {
                    let rest: Vec<f64> = charges.iter().zip(&savings).map(|(c, s)| c - end * s).collect();
                    let mean = rest.iter().sum::<f64>() / n;
                    let variance = rest.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
                    prop_assert!((mean.abs() / (variance / n).sqrt() / t - 1.0).abs() < 1e-6);
                }
            }
        }
    }
}
