//! Jackknife intervals for Kendall's tau.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::association::tau;
use super::concordance::Points;
use super::is_level;

/// Returns the interval for the tau of [`stratified_association`](super::stratified_association) (with one stratum, of
/// [`association`](super::association())).
///
/// The standard error comes from the jackknife (Arvesen 1969): with tau(-i) the tau without point i, it is the root of
/// the sum over strata of (n - 1) / n sum of (tau(-i) - their mean)^2. The limits are tanh(atanh tau -+ t se / (1 -
/// tau^2)), with t the quantile of Student's distribution with (points - strata) degrees of freedom (Fisher's
/// transform; Long and Cliff 1997). The jackknife is preferred to a bootstrap for three reasons. It is consistent,
/// since tau is smooth in the data. Resampled points tie with themselves, and small strata would often have nothing to
/// compare. It needs no seed and only n log n steps. In simulations with normal x and y at n = 10 and 20, tau 0 to 0.7,
/// the 95% interval covers 96-99%, for a binary y 92-96% (percentile bootstrap: 95-99% and 89-96%; without the
/// transform 82-96%).
///
/// At tau = 1, tau is 1 without any point too, so the standard error is 0. The lower limit is then 2 `alpha_low`^(1 /
/// m) - 1, because m disjoint pairs agree by chance with probability ((1 + tau) / 2)^m; the upper limit at tau = -1 is
/// analogous. Elsewhere, a standard error of 0 (few points) gives the interval [-1, 1]. The interval is about tau and
/// the test about independence, so they can differ at the edge: use the test for a verdict. `None` as for the test, and
/// for a level outside (0, 1).
pub fn association_interval<S: AsRef<[(f64, f64)]>>(
    strata: &[S],
    alpha_low: f64,
    alpha_high: f64,
) -> Option<(f64, f64)> {
    if !is_level(alpha_low) || !is_level(alpha_high) {
        return None;
    }
    let jackknife = Jackknife::new(strata)?;
    let tau = jackknife.tau;
    if 1.0 - tau.abs() < 1e-12 {
        let least = |alpha: f64| 2.0 * alpha.powf(1.0 / jackknife.disjoint_pairs as f64) - 1.0;
        return Some(if tau > 0.0 { (least(alpha_low), 1.0) } else { (-1.0, -least(alpha_high)) });
    }
    let error = standard_error(&jackknife.without);
    if error == 0.0 {
        return Some((-1.0, 1.0));
    }
    let reach = |alpha: f64| Some(jackknife.quantile(alpha)? * error / (1.0 - tau * tau));
    Some(((tau.atanh() - reach(alpha_low)?).tanh(), (tau.atanh() + reach(alpha_high)?).tanh()))
}

/// Returns the tau of the first (x, y) minus the tau of the second, with its interval. Both must have the same points
/// in the same order, for example one outcome against two quantities: the claimed one and its control.
///
/// The jackknife of the difference keeps the points paired. The limits are difference -+ t se, clamped to [-2, 2]. Two
/// associations are equivalent within a bound if the interval lies inside it. `None` as for [`association_interval`],
/// if strata or their sizes differ, or if the standard error is 0 but the difference is not.
pub fn association_difference<S: AsRef<[(f64, f64)]>>(
    first: &[S],
    second: &[S],
    alpha_low: f64,
    alpha_high: f64,
) -> Option<(f64, (f64, f64))> {
    let sizes = |strata: &[S]| strata.iter().map(|points| points.as_ref().len()).collect::<Vec<_>>();
    if !is_level(alpha_low) || !is_level(alpha_high) || sizes(first) != sizes(second) {
        return None;
    }
    let (first, second) = (Jackknife::new(first)?, Jackknife::new(second)?);
    let difference = first.tau - second.tau;
    let without = first.without.iter().zip(&second.without);
    let without: Vec<Vec<f64>> = without.map(|(a, b)| a.iter().zip(b).map(|(a, b)| a - b).collect()).collect();
    let error = standard_error(&without);
    if error == 0.0 && difference != 0.0 {
        return None;
    }
    let reach = |alpha: f64| Some(first.quantile(alpha)? * error);
    Some((difference, ((difference - reach(alpha_low)?).max(-2.0), (difference + reach(alpha_high)?).min(2.0))))
}

struct Jackknife {
    tau: f64,
    /// tau without each point, by stratum and point in the order of the input.
    without: Vec<Vec<f64>>,
    /// Number of comparable pairs without a common point.
    disjoint_pairs: usize,
}

impl Jackknife {
    fn new<S: AsRef<[(f64, f64)]>>(strata: &[S]) -> Option<Self> {
        let points: Vec<Points> = strata.iter().map(|points| Points::new(points.as_ref())).collect::<Option<_>>()?;
        let scores: Vec<Vec<i64>> = points.iter().map(Points::scores).collect();
        let s = scores.iter().flatten().sum::<i64>() as f64 / 2.0;
        let root = |(x, y): (f64, f64)| (x * y).sqrt();
        let all: f64 = points.iter().map(|points| root(points.untied())).sum();
        let mut without = Vec::with_capacity(points.len());
        for ((points, scores), input) in points.iter().zip(&scores).zip(strata) {
            let (x, y) = points.untied();
            let n = points.n();
            let x_sizes = points.x_groups.iter().flat_map(|size| std::iter::repeat_n(*size, *size));
            let mut order: Vec<usize> = (0..n).collect();
            let input = input.as_ref();
            // The same stable order as in `Points`.
            order.sort_by(|i, j| input[*i].0.partial_cmp(&input[*j].0).unwrap_or(std::cmp::Ordering::Equal));
            let mut here = vec![0.0; n];
            for (((i, score), x_size), group) in order.into_iter().zip(scores).zip(x_sizes).zip(&points.y) {
                let y_size = points.y_groups[*group];
                let left = ((x - (n - x_size) as f64).max(0.0), (y - (n - y_size) as f64).max(0.0));
                let largest = all - root((x, y)) + root(left);
                here[i] = if largest > 0.0 { (s - *score as f64) / largest } else { 0.0 };
            }
            without.push(here);
        }
        let largest_group =
            |points: &Points| points.x_groups.iter().chain(&points.y_groups).copied().max().unwrap_or(0);
        let disjoint = |points: &Points| (points.n() / 2).min(points.n() - largest_group(points));
        let disjoint_pairs = points.iter().map(disjoint).sum();
        Some(Self { tau: tau(s, points.iter().map(Points::untied))?, without, disjoint_pairs })
    }

    fn quantile(&self, alpha: f64) -> Option<f64> {
        let freedom: usize = self.without.iter().map(|stratum| stratum.len().saturating_sub(1)).sum();
        Some(StudentsT::new(0.0, 1.0, freedom as f64).ok()?.inverse_cdf(1.0 - alpha))
    }
}

/// Returns the jackknife standard error of a quantity, from its values without each point, by stratum.
fn standard_error(without: &[Vec<f64>]) -> f64 {
    let of = |values: &Vec<f64>| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        if n > 1.0 { (n - 1.0) / n * values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() } else { 0.0 }
    };
    without.iter().map(of).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;
    use crate::resample;
    use crate::stratified_association;

    const X: [f64; 9] = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
    const Y: [f64; 9] = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
    const OTHER: [f64; 9] = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0];

    fn pairs(x: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
        x.iter().copied().zip(y.iter().copied()).collect()
    }

    /// Values of an independent program in numpy, with `scipy.stats.t`.
    #[test]
    fn agrees_with_an_independent_program() {
        let (low, high) = association_interval(&[pairs(&X, &Y)], 0.025, 0.025).unwrap();
        assert!((low + 0.277_988_004_601_334_1).abs() < 1e-9 && (high - 0.845_743_888_774_677_8).abs() < 1e-9);
        let strata = [
            pairs(&[0.0, 1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 3.0, 5.0, 4.0]),
            pairs(&[3.0, 1.0, 2.0, 2.0], &[4.0, 1.0, 3.0, 2.0]),
            pairs(&[1.0, 2.0, 3.0], &[1.0, 2.0, 2.0]),
        ];
        let (low, high) = association_interval(&strata, 0.05, 0.01).unwrap();
        assert!((low - 0.423_164_322_580_118_66).abs() < 1e-9 && (high - 0.927_073_853_860_169_3).abs() < 1e-9);
        let (difference, (low, high)) =
            association_difference(&[pairs(&X, &Y)], &[pairs(&OTHER, &Y)], 0.05, 0.05).unwrap();
        assert!((difference - 0.501_610_639_491_947_4).abs() < 1e-12);
        assert!((low + 0.360_582_564_078_457_57).abs() < 1e-9 && (high - 1.363_803_843_062_352_3).abs() < 1e-9);
    }

    /// With five disjoint pairs that all agree, the lower limit is 2 0.025^(1/5) - 1.
    #[test]
    fn limits_at_tau_of_one_come_from_disjoint_pairs() {
        let rising = pairs(
            &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
            &[2.0, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0, 9.0, 11.0, 12.0],
        );
        let falling: Vec<(f64, f64)> = rising.iter().map(|(x, y)| (*x, -y)).collect();
        let (low, high) = association_interval(&[&rising], 0.025, 0.4).unwrap();
        assert!((low - (2.0 * 0.025_f64.powf(0.2) - 1.0)).abs() < 1e-12 && high == 1.0);
        assert_eq!(association_interval(&[falling], 0.4, 0.025), Some((-1.0, -low)));
        // With groups of 3 and 1 only one disjoint pair can be compared.
        let grouped = pairs(&[0.0, 0.0, 0.0, 1.0], &[3.0, 3.0, 3.0, 5.0]);
        let (low, high) = association_interval(&[grouped], 0.025, 0.025).unwrap();
        assert!((low + 0.95).abs() < 1e-12 && high == 1.0);
    }

    #[test]
    fn the_same_association_does_not_differ() {
        let first = [pairs(&X, &Y)];
        assert_eq!(association_difference(&first, &first, 0.05, 0.05), Some((0.0, (0.0, 0.0))));
        let squared: Vec<f64> = X.iter().map(|x| x * x).collect();
        assert_eq!(association_difference(&first, &[pairs(&squared, &Y)], 0.05, 0.05), Some((0.0, (0.0, 0.0))));
    }

    #[test]
    fn bad_input_has_no_answer() {
        let none: [Vec<(f64, f64)>; 0] = [];
        assert_eq!(association_interval(&none, 0.025, 0.025), None);
        assert_eq!(association_interval(&[pairs(&X, &[1.0; 9])], 0.025, 0.025), None);
        assert_eq!(association_interval(&[pairs(&X, &[f64::NAN; 9])], 0.025, 0.025), None);
        assert_eq!(association_interval(&[pairs(&X, &Y)], 0.0, 0.025), None);
        assert_eq!(association_difference(&[pairs(&X, &Y)], &[pairs(&X[..8], &Y)], 0.05, 0.05), None);
        assert_eq!(association_difference(&[pairs(&X, &Y)], &[pairs(&X, &Y), vec![]], 0.05, 0.05), None);
    }

    /// n = 20 normal pairs with correlation 0.5: tau is 1/3. numpy, 2,000 runs: 0.963, missed below 0.026 and above
    /// 0.011.
    #[test]
    fn coverage() {
        let runs = 2000;
        let mut covered = 0;
        for run in 0..runs {
            let mut stream = resample::stream(20_260_102, run);
            let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
            let sample: [(f64, f64); 20] = std::array::from_fn(|_| {
                let x = normal();
                (x, 0.5 * x + 0.75_f64.sqrt() * normal())
            });
            let (low, high) = association_interval(&[sample], 0.025, 0.025).unwrap();
            covered += u32::from(low <= 1.0 / 3.0 && 1.0 / 3.0 <= high);
        }
        assert!((0.945..0.98).contains(&(f64::from(covered) / runs as f64)), "{covered} of {runs}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        /// tau without a point equals tau of the other points, with strata and ties.
        #[test]
        fn points_are_left_out(
            first in prop::collection::vec((0..5_i32, 0..5_i32), 1..9),
            second in prop::collection::vec((0..5_i32, 0..5_i32), 0..6),
        ) {
            let float = |points: &[(i32, i32)]| -> Vec<(f64, f64)> {
                points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect()
            };
            let strata = [float(&first), float(&second)];
            if let Some(jackknife) = Jackknife::new(&strata) {
                for i in 0..first.len() {
                    let mut rest = strata.clone();
                    rest[0].remove(i);
                    let expected = stratified_association(&rest, 1, 1).map_or(0.0, |test| test.tau);
                    prop_assert!((jackknife.without[0][i] - expected).abs() < 1e-12);
                }
                let (low, high) = association_interval(&strata, 0.025, 0.025).unwrap();
                let tau = jackknife.tau;
                prop_assert!(-1.0 <= low && low <= tau + 1e-12 && tau <= high + 1e-12 && high <= 1.0);
            }
        }
    }
}
