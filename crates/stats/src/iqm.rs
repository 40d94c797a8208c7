//! The interquartile mean over problems and replicates, with its joint bootstrap.

use rayon::prelude::*;

use super::is_level;
use super::joint::draw;
use super::order::{quantile_of_sorted, sorted};
use crate::resample;

/// Returns the interquartile mean: the mean without the floor(n / 4) smallest and largest values (the 25% trimmed mean
/// of `scipy.stats.trim_mean`; Agarwal et al. 2021).
///
/// The result is in the unit of the values. Infinite values may be trimmed; if one is left the mean is infinite, and if
/// both signs are left it is `None`. `None` for an empty slice or a NaN.
pub fn iqm(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values)?;
    let cut = sorted.len() / 4;
    let kept = &sorted[cut..sorted.len() - cut];
    Some(kept.iter().sum::<f64>() / kept.len() as f64).filter(|mean| !mean.is_nan())
}

/// The interquartile means of several starts over the same problems, with their resamples.
///
/// A resample draws, within each problem, as many replicates as it has, with replacement (Agarwal et al. 2021). It
/// draws the SAME ones for all starts, which keeps the pairs, so that the interval of a difference is as narrow as the
/// pairs allow. Resample i draws from the stream (seed, i), so results do not depend on the number of threads. Problems
/// are not resampled: the intervals are about these problems only. If all resamples together would have more than 20
/// million replicates, fewer are drawn, as in [`paired_interval`](super::paired_interval).
#[derive(Clone, Debug)]
pub struct JointIqm {
    estimates: Vec<f64>,
    /// By resample, then by start.
    resampled: Vec<Vec<f64>>,
}

impl JointIqm {
    /// Computes the means of `values[start][problem][replicate]`, scores that must have the same scale on all problems,
    /// since they are pooled.
    ///
    /// `None` for no starts, no resamples, a NaN, or problems or replicates that are not the same for all starts.
    pub fn new(seed: u64, resamples: u64, values: &[Vec<Vec<f64>>]) -> Option<Self> {
        let sizes: Vec<usize> = values.first()?.iter().map(Vec::len).collect();
        if resamples == 0 || !values.iter().all(|start| start.iter().map(Vec::len).eq(sizes.iter().copied())) {
            return None;
        }
        let pooled: Vec<Vec<f64>> = values.iter().map(|start| start.concat()).collect();
        let estimates = pooled.iter().map(|values| iqm(values)).collect::<Option<_>>()?;
        let ordered: Vec<Ordered> = pooled.iter().map(|values| Ordered::new(values)).collect();
        let resampled = (0..resample::affordable(resamples, pooled[0].len()))
            .into_par_iter()
            .map_init(
                || vec![0; pooled[0].len()],
                |times, resample| {
                    draw(times, &sizes, seed, resample);
                    ordered.iter().map(|start| start.iqm(times)).collect()
                },
            )
            .collect();
        Some(Self { estimates, resampled })
    }

    /// Returns the interquartile mean of a start; `None` for an unknown start.
    pub fn estimate(&self, start: usize) -> Option<f64> {
        self.estimates.get(start).copied()
    }

    /// Returns the percentile interval of a start: the alpha / 2 and 1 - alpha / 2 quantiles over the resamples.
    pub fn interval(&self, start: usize, alpha: f64) -> Option<(f64, f64)> {
        self.percentiles(alpha, |resample| resample.get(start).copied())
    }

    /// Returns the interval of the start's interquartile mean minus the rival's. `None` also if both are infinite.
    pub fn difference_interval(&self, start: usize, rival: usize, alpha: f64) -> Option<(f64, f64)> {
        self.percentiles(alpha, |resample| Some(resample.get(start)? - resample.get(rival)?))
    }

    fn percentiles(&self, alpha: f64, of: impl Fn(&[f64]) -> Option<f64>) -> Option<(f64, f64)> {
        if !is_level(alpha) {
            return None;
        }
        let values: Vec<f64> = self.resampled.iter().map(|resample| of(resample)).collect::<Option<_>>()?;
        let values = sorted(&values)?;
        Some((quantile_of_sorted(&values, alpha / 2.0)?, quantile_of_sorted(&values, 1.0 - alpha / 2.0)?))
    }
}

/// The values of one start in ascending order, with their original indices, so that resamples need no sorting.
struct Ordered {
    values: Vec<f64>,
    places: Vec<u32>,
}

impl Ordered {
    fn new(values: &[f64]) -> Self {
        let mut ordered: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
        ordered.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (values, places) = ordered.into_iter().unzip();
        Self { values, places }
    }

    /// Returns the [`iqm`] of the sample that has each value `times` times.
    fn iqm(&self, times: &[u32]) -> f64 {
        let cut = self.places.len() / 4;
        let last = self.places.len() - cut;
        let mut ordered = self.places.iter().map(|place| times[*place as usize] as usize).zip(&self.values);
        let mut seen = 0;
        // The value at which the cut ends counts only for its draws beyond the cut.
        let mut sum = 0.0;
        for (drawn, value) in ordered.by_ref() {
            seen += drawn;
            if seen > cut {
                sum = (seen.min(last) - cut) as f64 * value;
                break;
            }
        }
        for (drawn, value) in ordered {
            if seen >= last {
                break;
            }
            // Avoids 0 times infinity.
            if drawn > 0 {
                sum += drawn.min(last - seen) as f64 * value;
            }
            seen += drawn;
        }
        sum / (last - cut) as f64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// STATISTICS.md: `scipy.stats.trim_mean(x, 0.25)`.
    #[test]
    fn reference_values() {
        let squares: Vec<f64> = (0..10).map(|x| f64::from(x * x)).collect();
        assert!((iqm(&squares).unwrap() - 139.0 / 6.0).abs() < 1e-12);
        assert_eq!(iqm(&[1.0, 2.0, 3.0, 4.0, 100.0]), Some(3.0));
        assert_eq!(iqm(&[7.0]), Some(7.0));
    }

    #[test]
    fn infinite_values_are_cut_first() {
        let inf = f64::INFINITY;
        assert_eq!(iqm(&[1.0, inf, 3.0, 2.0]), Some(2.5));
        assert_eq!(iqm(&[1.0, inf, inf, 2.0]), Some(inf));
        assert_eq!(iqm(&[-inf, inf]), None);
        assert_eq!(Ordered::new(&[1.0, inf, inf]).iqm(&[1, 0, 2]), inf);
        assert_eq!(Ordered::new(&[1.0, 2.0, 3.0, inf]).iqm(&[2, 1, 1, 0]), 1.5);
        assert_eq!(iqm(&[]), None);
        assert_eq!(iqm(&[1.0, f64::NAN]), None);
    }

    fn scores() -> Vec<Vec<Vec<f64>>> {
        let value =
            |start: u64, problem: u64, replicate: u64| ((start * 7 + problem * 31 + replicate * 17) % 23) as f64;
        let problem = |start, problem| (0..8).map(|replicate| value(start, problem, replicate)).collect();
        (0..3).map(|start| (0..4).map(|name| problem(start, name)).collect()).collect()
    }

    /// numpy with 200,000 stratified resamples gives 7.1875 to 13.5625, and -5 to 6.375 for the third start minus the
    /// first.
    #[test]
    fn the_interval_agrees_with_numpy() {
        let joint = JointIqm::new(1, 20_000, &scores()).unwrap();
        let (low, high) = joint.interval(0, 0.05).unwrap();
        assert_eq!(joint.estimate(0), iqm(&scores()[0].concat()));
        assert!((low - 7.1875).abs() < 0.15 && (high - 13.5625).abs() < 0.15, "{low} {high}");
        let (low, high) = joint.difference_interval(2, 0, 0.05).unwrap();
        assert!((low + 5.0).abs() < 0.15 && (high - 6.375).abs() < 0.15, "{low} {high}");
    }

    /// If one start is another plus 2, their difference does not vary under joint resampling. Threads do not change the
    /// result.
    #[test]
    fn replicates_are_resampled_jointly() {
        let mut values = scores();
        values[1] = values[0].iter().map(|problem| problem.iter().map(|x| x + 2.0).collect()).collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| JointIqm::new(3, 500, &values).unwrap())
        };
        let (one, three) = (run(1), run(3));
        assert_eq!(one.resampled, three.resampled);
        let (low, high) = one.difference_interval(1, 0, 0.05).unwrap();
        assert!((low - 2.0).abs() < 1e-12 && (high - 2.0).abs() < 1e-12);
        let (low, high) = one.difference_interval(2, 0, 0.05).unwrap();
        assert!(high - low > 0.5);
    }

    /// With one replicate per problem nothing varies, since problems are not resampled.
    #[test]
    fn problems_are_strata() {
        let joint = JointIqm::new(1, 50, &[vec![vec![1.0], vec![5.0], vec![9.0]]]).unwrap();
        assert_eq!(joint.interval(0, 0.05), Some((5.0, 5.0)));
    }

    #[test]
    fn bad_input_has_no_answer() {
        let some = |values: &[Vec<Vec<f64>>]| JointIqm::new(1, 10, values).is_some();
        assert!(some(&scores()));
        assert!(!some(&[]) && !some(&[vec![]]) && !some(&[vec![vec![]]]));
        assert!(!some(&[vec![vec![f64::NAN]]]));
        assert!(!some(&[vec![vec![1.0, 2.0]], vec![vec![1.0]]]));
        assert!(!some(&[vec![vec![1.0], vec![2.0]], vec![vec![1.0, 2.0]]]));
        assert!(JointIqm::new(1, 0, &scores()).is_none());
        let joint = JointIqm::new(1, 10, &scores()).unwrap();
        assert_eq!((joint.estimate(3), joint.interval(3, 0.05), joint.interval(0, 1.0)), (None, None, None));
        assert_eq!(joint.difference_interval(0, 3, 0.05), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

        /// Counting through the sorted values gives the interquartile mean of the expanded sample.
        #[test]
        fn counting_agrees_with_sorting(sample in prop::collection::vec((-9_i32..9, 0_u32..4), 1..40)) {
            let total: u32 = sample.iter().map(|(_, times)| times).sum();
            prop_assume!(total > 0);
            let (values, mut times): (Vec<f64>, Vec<u32>) = sample.iter().map(|(x, n)| (f64::from(*x), *n)).unzip();
            // A resample is as large as the sample.
            times[0] += values.len() as u32;
            let mut over = times.iter().sum::<u32>() as usize - values.len();
            for n in &mut times {
                let less = over.min(*n as usize) as u32;
                *n -= less;
                over -= less as usize;
            }
            let written: Vec<f64> =
                values.iter().zip(&times).flat_map(|(x, n)| std::iter::repeat_n(*x, *n as usize)).collect();
            prop_assert_eq!(written.len(), values.len());
            prop_assert!((Ordered::new(&values).iqm(&times) - iqm(&written).unwrap()).abs() < 1e-12);
        }
    }
}
