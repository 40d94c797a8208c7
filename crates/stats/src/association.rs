//! Association of two quantities: Kendall's tau and its permutation test, for one problem or over several.

use rand::seq::SliceRandom;
use rayon::prelude::*;
use statrs::function::factorial::ln_factorial;

use super::concordance::{Points, Seen};
use super::inversions;
use super::normal::upper_tail;
use crate::resample;

/// Largest total number of points for which permutations are drawn.
const PERMUTED_MOST: usize = 4096;

/// The null distribution behind the p-values of an [`Association`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullLaw {
    /// All permutations, counted exactly.
    Exact,
    /// Randomly drawn permutations.
    Drawn,
    /// Normal approximation with the exact variance of S.
    Normal,
}

/// The outcome of a test of association.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// Kendall's tau-b, between -1 and 1.
    pub tau: f64,
    /// S: concordant minus discordant pairs, within strata.
    pub s: i64,
    /// One-sided p-value of "no association, or a negative one".
    pub p_greater: f64,
    /// One-sided p-value of "no association, or a positive one".
    pub p_less: f64,
    /// Twice the smaller one-sided p-value, at most 1.
    pub p_two_sided: f64,
    /// The smallest one-sided p-value possible with these numbers of points and ties (without ties 1 / n! in a
    /// stratum). A lower bound of it if both variables have ties.
    pub least_p: f64,
    /// The null distribution of the p-values.
    pub law: NullLaw,
}

/// Tests the association of x and y over points (x, y) of one problem, by the tau-b of Kendall 1945.
///
/// S is the number of concordant minus discordant pairs, and tau-b = S / sqrt((pairs not tied in x) (pairs not tied in
/// y)). Under the null hypothesis all orders of y are equally likely, so `p_greater` = P(S* >= S) over all
/// permutations. They are counted exactly if at most one variable has ties (up to 500 points). Otherwise permutations
/// are drawn, and the p-value is (1 + #(S* >= S)) / (1 + permutations), which is valid for any number of them (Phipson
/// and Smyth 2010); draw i comes from the stream (`seed`, i). Beyond 4,096 points the normal approximation is used,
/// with the exact variance of S and a continuity correction of 1 (Kendall 1970, 4 and 5).
///
/// Points must be independent. Trials of one start on one fixed instance are not. Starts of different replicates are
/// not independent either if x depends only on the start: then make each replicate a stratum, or use one point per
/// start with its mean. Infinite values are ordered like others. `None` for a NaN, if x or y is constant (or there are
/// fewer than 2 points), or for 0 permutations where they must be drawn.
pub fn association(points: &[(f64, f64)], seed: u64, permutations: u64) -> Option<Association> {
    stratified_association(&[points], seed, permutations)
}

/// Tests the [`association`] over strata: pairs are compared, and y is permuted, only within a stratum.
///
/// S is the sum over strata, and tau = S / (sum of the square roots in their tau-b). The test is exact up to about 80
/// strata with 20 points each. Strata with more points have more weight, about as the square of their number. If x and y
/// differ between problems for a common reason (a harder problem raises both), this does not count, unlike in a tau over
/// all points.
pub fn stratified_association<S: AsRef<[(f64, f64)]>>(
    strata: &[S],
    seed: u64,
    permutations: u64,
) -> Option<Association> {
    let strata: Vec<Points> = strata.iter().map(|points| Points::new(points.as_ref())).collect::<Option<_>>()?;
    let s: i64 = strata.iter().map(|points| points.score(&points.y, &mut Seen::default())).sum();
    let tau = tau(s as f64, strata.iter().map(Points::untied))?;
    let least = largest_s(&strata);
    let (law, p_greater, p_less) = if let Some(mass) = inversions::distribution(&strata) {
        let largest = i64::try_from(mass.len() - 1).ok()?;
        let j = usize::try_from(largest + s).ok()? / 2;
        // The distribution is symmetric; each tail is summed from its thin end.
        let up_to = |j: usize| mass[..=j].iter().sum::<f64>().min(1.0);
        (NullLaw::Exact, up_to(mass.len() - 1 - j), up_to(j))
    } else if strata.iter().map(Points::n).sum::<usize>() <= PERMUTED_MOST {
        let (greater, less) = drawn(&strata, s, seed, permutations)?;
        (NullLaw::Drawn, greater, less)
    } else {
        let deviation = variance(&strata).sqrt();
        let tail = |s: i64| upper_tail((s as f64 - 1.0) / deviation);
        (NullLaw::Normal, tail(s), tail(-s))
    };
    let p_two_sided = (2.0 * p_greater.min(p_less)).min(1.0);
    let least_p = if law == NullLaw::Drawn { least.max(1.0 / (1.0 + permutations as f64)) } else { least };
    Some(Association { tau, s, p_greater, p_less, p_two_sided, least_p, law })
}

/// Returns tau-b from S and the numbers of untied pairs (in x, in y) of the strata; `None` if no pair can be compared.
pub(super) fn tau(s: f64, untied: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let largest: f64 = untied.map(|(x, y)| (x * y).sqrt()).sum();
    (largest > 0.0).then(|| (s / largest).clamp(-1.0, 1.0))
}

/// Returns the probability of the largest S: the share of permutations that attain it.
fn largest_s(strata: &[Points]) -> f64 {
    let ln_orders = |groups: &[usize]| groups.iter().map(|size| ln_factorial(*size as u64)).sum::<f64>();
    let ln_mass = |points: &Points| {
        ln_orders(&points.x_groups).max(ln_orders(&points.y_groups)) - ln_factorial(points.n() as u64)
    };
    strata.iter().map(ln_mass).sum::<f64>().exp().min(1.0)
}

/// Returns the one-sided p-values over drawn permutations.
fn drawn(strata: &[Points], s: i64, seed: u64, permutations: u64) -> Option<(f64, f64)> {
    if permutations == 0 {
        return None;
    }
    let draw = |seen: &mut Seen, y: &mut Vec<usize>, draw: u64| {
        let mut stream = resample::stream(seed, draw);
        let mut score = 0;
        for points in strata {
            y.clone_from(&points.y);
            y.shuffle(&mut stream);
            score += points.score(y, seen);
        }
        (u64::from(score >= s), u64::from(score <= s))
    };
    let (above, below) = (0..permutations)
        .into_par_iter()
        .map_init(|| (Seen::default(), Vec::new()), |(seen, y), i| draw(seen, y, i))
        .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let p = |count: u64| (1.0 + count as f64) / (1.0 + permutations as f64);
    Some((p(above), p(below)))
}

/// Returns the variance of S under permutations, with ties in both variables (Kendall 1970, 4.9).
fn variance(strata: &[Points]) -> f64 {
    let of = |points: &Points| {
        let n = points.n() as f64;
        let sum = |groups: &[usize], term: fn(f64) -> f64| groups.iter().map(|size| term(*size as f64)).sum::<f64>();
        let cubes = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
        let triples = |t: f64| t * (t - 1.0) * (t - 2.0);
        let pairs = |t: f64| t * (t - 1.0);
        let both = |term: fn(f64) -> f64| sum(&points.x_groups, term) * sum(&points.y_groups, term);
        let first = (cubes(n) - sum(&points.x_groups, cubes) - sum(&points.y_groups, cubes)) / 18.0;
        let second = if n > 2.0 { both(triples) / (9.0 * triples(n)) } else { 0.0 };
        let third = if n > 1.0 { both(pairs) / (2.0 * pairs(n)) } else { 0.0 };
        first + second + third
    };
    strata.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: [(f64, f64); 5] = [(0.0, 2.0), (1.0, 1.0), (2.0, 3.0), (3.0, 5.0), (4.0, 4.0)];
    const B: [(f64, f64); 4] = [(3.0, 4.0), (1.0, 1.0), (2.0, 3.0), (2.0, 2.0)];
    const C: [(f64, f64); 3] = [(1.0, 1.0), (2.0, 2.0), (3.0, 2.0)];
    /// Ties in both variables.
    const D: [(f64, f64); 8] =
        [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (2.0, 2.0), (3.0, 2.0), (3.0, 3.0), (4.0, 3.0), (5.0, 3.0)];

    fn close(a: f64, b: f64) -> bool {
        (a / b - 1.0).abs() < 1e-10
    }

    /// Colour of tuna against quality (Hollander, Wolfe and Chicken 2014, 8.1);
    /// `scipy.stats.kendalltau(method="exact")`.
    #[test]
    fn reference_value() {
        let lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
        let quality = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
        let points: Vec<(f64, f64)> = lightness.into_iter().zip(quality).collect();
        let test = association(&points, 1, 99).unwrap();
        assert_eq!((test.s, test.law), (16, NullLaw::Exact));
        assert!(close(test.tau, 4.0 / 9.0) && close(test.least_p, 1.0 / 362_880.0));
        assert!(close(test.p_greater, 0.059_719_466_490_299_82) && close(test.p_less, 0.962_411_816_578_483_3));
        assert!(close(test.p_two_sided, 0.119_438_932_980_599_64));
        let falling: Vec<(f64, f64)> = points.iter().map(|(x, y)| (*x, -y)).collect();
        let mirrored = association(&falling, 1, 99).unwrap();
        assert_eq!((mirrored.tau, mirrored.p_less, mirrored.p_greater), (-test.tau, test.p_greater, test.p_less));
    }

    /// Values from all 5040 permutations in Python; tau-b of scipy.
    #[test]
    fn ties_in_one_variable_are_exact() {
        let points: Vec<(f64, f64)> = (0..7).map(f64::from).zip([0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0]).collect();
        let test = association(&points, 1, 0).unwrap();
        assert_eq!((test.s, test.law), (10, NullLaw::Exact));
        assert!(close(test.tau, 0.629_940_788_348_712_1) && close(test.least_p, 1.0 / 35.0));
        assert!(close(test.p_greater, 2.0 / 35.0) && close(test.p_less, 34.0 / 35.0));
    }

    /// Values from all 120 x 24 x 6 permutations within strata, in Python.
    #[test]
    fn strata_are_permuted_separately() {
        let strata: [&[(f64, f64)]; 3] = [&A, &B, &C];
        let test = stratified_association(&strata, 1, 0).unwrap();
        assert_eq!((test.s, test.law), (13, NullLaw::Exact));
        assert!(close(test.tau, 0.725_174_677_542_105_3) && close(test.least_p, 4.0 / 17_280.0));
        assert!(close(test.p_greater, 0.008_101_851_851_851_851) && close(test.p_less, 0.998_148_148_148_148_1));
        // A problem with larger x and y does not change the result; over all points it would.
        let lifted = C.map(|(x, y)| (x + 100.0, y + 100.0));
        assert_eq!(stratified_association(&[A.as_slice(), &B, &lifted], 1, 0), Some(test));
        assert!(association(&[A.as_slice(), &B, &lifted].concat(), 1, 99).unwrap().s > 13);
    }

    /// All 40,320 permutations in Python give 0.0232 and 0.9946.
    #[test]
    fn ties_in_both_are_drawn() {
        let test = association(&D, 1, 19_999).unwrap();
        assert_eq!((test.s, test.law), (16, NullLaw::Drawn));
        // The bound counts orders within the groups of 2, 3 and 3 in y; 144 of 40,320 permutations attain the largest
        // S.
        assert!(close(test.least_p, 72.0 / 40_320.0), "{test:?}");
        assert!(close(test.tau, 0.698_297_248_755_175_4));
        assert!((test.p_greater - 0.023_214).abs() < 0.004 && (test.p_less - 0.994_643).abs() < 0.002, "{test:?}");
        assert_eq!(association(&D, 1, 99).unwrap().least_p, 0.01);
        let steep: Vec<(f64, f64)> = (0..20).map(|i| (f64::from(i / 2), f64::from(i / 2))).collect();
        let test = association(&steep, 1, 99).unwrap();
        assert_eq!(
            (test.p_greater, test.p_less, test.least_p),
            (0.01, 1.0, 0.01),
            "no drawn permutation is as extreme"
        );
        assert_eq!(association(&D, 1, 0), None);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| association(&D, 1, 19_999))
        };
        assert_eq!(run(1), run(3));
        assert_ne!(association(&D, 2, 19_999), Some(test));
    }

    /// The variance equals that over all permutations, with ties in both variables and strata.
    #[test]
    fn the_variance_is_exact() {
        let of =
            |strata: &[&[(f64, f64)]]| variance(&strata.iter().map(|s| Points::new(s).unwrap()).collect::<Vec<_>>());
        assert!(close(of(&[&D]), 54.75) && close(of(&[&A, &B, &C]), 27.0));
    }

    /// scipy: variance from `kendalltau(method="asymptotic")`, with a correction of 1.
    #[test]
    fn many_points_use_the_normal_law() {
        let points: Vec<(f64, f64)> = (0..6000_u32)
            .map(|i| (i * i % 1009 / 10, i * 31 % 97))
            .map(|(x, y)| (f64::from(x), f64::from(y) + f64::from(x / 40)))
            .collect();
        let test = association(&points, 1, 0).unwrap();
        assert_eq!(test.law, NullLaw::Normal);
        assert!(test.s == 179_590 && close(test.tau, 0.010_084_659_144_450_602), "{test:?}");
        assert!((test.p_greater / 0.123_179_394_486_290_95 - 1.0).abs() < 1e-8, "{test:?}");
    }

    #[test]
    fn perfect_and_infinite() {
        let points = [(1.0, 5.0), (2.0, 6.0), (f64::INFINITY, f64::INFINITY), (-1.0, f64::NEG_INFINITY)];
        let test = association(&points, 1, 0).unwrap();
        assert_eq!((test.tau, test.s), (1.0, 6));
        assert!(close(test.p_greater, 1.0 / 24.0) && close(test.p_greater, test.least_p) && close(test.p_less, 1.0));
    }

    #[test]
    fn bad_input_has_no_answer() {
        let none: [&[(f64, f64)]; 0] = [];
        assert_eq!(stratified_association(&none, 1, 99), None);
        assert_eq!(association(&[], 1, 99), None);
        assert_eq!(association(&[(1.0, 2.0)], 1, 99), None);
        assert_eq!(association(&[(1.0, 2.0), (1.0, 3.0), (1.0, 4.0)], 1, 99), None);
        assert_eq!(association(&[(1.0, 2.0), (2.0, f64::NAN)], 1, 99), None);
        // A stratum without comparable pairs does not change the result.
        let empty: &[(f64, f64)] = &[];
        let alone = association(&A, 1, 0);
        assert_eq!(stratified_association(&[&A, empty, &[(1.0, 1.0)], &[(1.0, 2.0), (1.0, 3.0)]], 1, 0), alone);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

        /// Compares two strata, with ties in y only, with all orders of both.
        #[test]
        fn exact_is_all_permutations(
            first in prop::collection::vec(0..3_i32, 2..6),
            second in prop::collection::vec(0..9_i32, 2..4),
        ) {
            let score = |y: &[i32]| -> i64 {
                let pairs = (0..y.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
                pairs.map(|(i, j)| i64::from((y[i] - y[j]).signum())).sum()
            };
            let scores = |y: &[i32]| -> Vec<i64> { orders(y).iter().map(|order| score(order)).collect() };
            let observed = score(&first) + score(&second);
            let (others, mine) = (scores(&second), scores(&first));
            let all: Vec<i64> = mine.iter().flat_map(|a| others.iter().map(move |b| a + b)).collect();
            let share = |is: &dyn Fn(i64) -> bool| all.iter().filter(|s| is(**s)).count() as f64 / all.len() as f64;
            let points = |y: &[i32]| -> Vec<(f64, f64)> {
                (0..).zip(y).map(|(x, y)| (f64::from(x), f64::from(*y))).collect()
            };
            let test = stratified_association(&[points(&first), points(&second)], 1, 0);
            prop_assume!(test.is_some());
            let test = test.unwrap();
            prop_assert_eq!((test.s, test.law), (observed, NullLaw::Exact));
            prop_assert!((test.p_greater - share(&|s| s >= observed)).abs() < 1e-12);
            prop_assert!((test.p_less - share(&|s| s <= observed)).abs() < 1e-12);
            prop_assert!((test.least_p - share(&|s| all.iter().all(|other| *other <= s))).abs() < 1e-12);
        }
    }

    fn orders(y: &[i32]) -> Vec<Vec<i32>> {
        if y.is_empty() {
            return vec![vec![]];
        }
        let with_first = |i: usize| {
            let rest = [&y[..i], &y[i + 1..]].concat();
            orders(&rest).into_iter().map(move |order| [vec![y[i]], order].concat())
        };
        (0..y.len()).flat_map(with_first).collect()
    }
}
