//! Bootstrap intervals of means over (problem, replicate). Replicates are resampled within problems, jointly for all
//! starts.

use rayon::prelude::*;

use crate::compare::ALPHA;
use headstart_stats as stats;

/// Number of bootstrap resamples, and the seed.
const RESAMPLES: u64 = 400;
const SEED: u64 = 3;

/// With fewer replicates no paired test can reject at 2.5% (2^-5), and a bootstrap interval is far too narrow.
pub(super) const FEWEST: usize = 6;

/// Returns the 95% interval of a weighted mean; `parts` holds `(sum, weight)` by problem and replicate.
pub(super) fn of_mean(parts: &[Vec<(f64, f64)>]) -> Option<(f64, f64)> {
    let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
    let mean = |times: &[Vec<u32>]| {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (part, times) in parts.iter().flatten().zip(times.iter().flatten()) {
            sum += f64::from(*times) * part.0;
            weight += f64::from(*times) * part.1;
        }
        vec![if weight > 0.0 { sum / weight } else { 0.0 }]
    };
    of_all(&sizes, mean)?.pop()
}

/// Returns the 95% intervals of several statistics. `statistics` takes how often each replicate of each problem is
/// drawn.
pub(super) fn of_all(sizes: &[usize], statistics: impl Fn(&[Vec<u32>]) -> Vec<f64> + Sync) -> Option<Vec<(f64, f64)>> {
    if sizes.iter().all(|size| *size < FEWEST) {
        return None;
    }
    let resampled: Vec<Vec<f64>> = (0..RESAMPLES)
        .into_par_iter()
        .map(|resample| statistics(&stats::joint_resample(SEED, resample, sizes)))
        .collect();
    let interval = |index: usize| {
        let values: Vec<f64> = resampled.iter().map(|values| values.get(index).copied()).collect::<Option<_>>()?;
        Some((stats::quantile(&values, ALPHA / 2.0)?, stats::quantile(&values, 1.0 - ALPHA / 2.0)?))
    };
    (0..resampled.first()?.len()).map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two problems of 100 replicates, half of them 1 and half 0: the standard error of the mean is 0.5 / sqrt(200).
    #[test]
    fn the_interval_of_a_mean_over_problems() {
        let problem: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i % 2), 1.0)).collect();
        let (low, high) = of_mean(&[problem.clone(), problem]).unwrap();
        let half = 1.96 * 0.5 / 200_f64.sqrt();
        assert!((low - 0.5 + half).abs() < 0.015 && (high - 0.5 - half).abs() < 0.015, "{low} {high}");
        assert_eq!(of_mean(&[vec![(2.0, 4.0); 9]]), Some((0.5, 0.5)));
        assert_eq!(of_mean(&[]), None);
        assert_eq!(of_mean(&[vec![(1.0, 1.0), (2.0, 1.0)]]), None, "too few replicates");
    }
}
