//! Samples by stratum, the signed-rank test on them, and the Walsh averages that give its estimate and its interval.

use super::is_level;
use super::order::{median, sorted};
use super::ranks::{Ranks, is_exact};

/// The outcome of a signed-rank test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// Sum of the mid-ranks of the differences above the shift.
    pub w_plus: f64,
    /// Sum of the mid-ranks of the differences below the shift.
    pub w_minus: f64,
    /// Differences that are not equal to the shift; the others were ranked and dropped.
    pub n_nonzero: usize,
    /// One-sided p-value against "the effect is at most the shift".
    pub p_greater: f64,
    /// One-sided p-value against "the effect is at least the shift".
    pub p_less: f64,
    /// Twice the smaller one-sided p-value, at most 1.
    pub p_two_sided: f64,
    /// Whether the p-values are exact: up to 160 differences.
    pub exact: bool,
}

/// So many averages are looked at one by one; more are halved first, which takes no memory.
const FEW: usize = 1024;

/// Samples of differences, one a stratum, each sorted; the signed-rank test, its estimate and its interval are all
/// questions to this one value. One stratum is the ordinary test.
pub(super) struct Strata {
    samples: Vec<Vec<f64>>,
    exact: bool,
}

impl Strata {
    /// `None` where there is a NaN or no value at all; an empty stratum among others adds nothing.
    pub(super) fn new<'a>(samples: impl Iterator<Item = &'a [f64]>) -> Option<Self> {
        let samples: Vec<Vec<f64>> = samples.filter(|sample| !sample.is_empty()).map(sorted).collect::<Option<_>>()?;
        let exact = is_exact(samples.iter().map(Vec::len));
        (!samples.is_empty()).then_some(Self { samples, exact })
    }

    /// The test about `shift`, which is not NaN: ranks within strata, sums over them.
    pub(super) fn test(&self, shift: f64) -> SignedRank {
        let mut ranks = Ranks::default();
        for sample in &self.samples {
            ranks.add(sample, shift);
        }
        let (p_less, p_greater) = ranks.tails(self.exact);
        SignedRank {
            w_plus: ranks.plus as f64 / 2.0,
            w_minus: ranks.minus as f64 / 2.0,
            n_nonzero: ranks.doubled.len(),
            p_greater,
            p_less,
            p_two_sided: (2.0 * p_greater.min(p_less)).min(1.0),
            exact: self.exact,
        }
    }

    /// Where W+ equals W-: the median of the averages, since W+ - W- counts those above the shift less those below.
    pub(super) fn estimate(&self) -> Option<f64> {
        let last = self.count(|average| average <= f64::INFINITY).checked_sub(1)?;
        median(&[self.average(last / 2)?, self.average(last.div_ceil(2))?])
    }

    /// The shifts that neither one-sided test rejects, ends included.
    pub(super) fn interval(&self, alpha_low: f64, alpha_high: f64) -> Option<(f64, f64)> {
        if !is_level(alpha_low) || !is_level(alpha_high) {
            return None;
        }
        Some((self.lower_limit(alpha_low), -self.mirrored().lower_limit(alpha_high)))
    }

    /// The averages (a + b) / 2 of two values of a stratum, a = b included, from `low` to `high`. Of minus and plus
    /// infinity there is none: it would lie half above and half below every shift.
    fn averages(&self, low: f64, high: f64) -> Vec<f64> {
        let mut averages = Vec::new();
        for sample in &self.samples {
            for (i, a) in sample.iter().enumerate() {
                let from = i + sample[i..].partition_point(|b| a.midpoint(*b) < low);
                averages.extend(sample[from..].iter().map(|b| a.midpoint(*b)).take_while(|average| *average <= high));
            }
        }
        averages
    }

    /// How many averages are small enough, for a question that is answered yes below some number and no above.
    fn count(&self, is_small: impl Fn(f64) -> bool) -> usize {
        let of = |sample: &Vec<f64>| -> usize {
            let row = |(i, a): (usize, &f64)| sample[i..].partition_point(|b| is_small(a.midpoint(*b)));
            sample.iter().enumerate().map(row).sum()
        };
        self.samples.iter().map(of).sum()
    }

    /// The least and the largest finite value, which are the least and the largest finite average.
    fn ends(&self) -> Option<(f64, f64)> {
        let finite = || self.samples.iter().flatten().copied().filter(|x| x.is_finite());
        Some((finite().reduce(f64::min)?, finite().reduce(f64::max)?))
    }

    /// A part of `low` to `high` with about [`FEW`] averages, by halving: each time the upper half is left out where
    /// `is_high` of the middle.
    fn halve(&self, (mut low, mut high): (f64, f64), is_high: impl Fn(f64) -> bool) -> (f64, f64) {
        let mut left = self.samples.iter().map(|x| x.len() * (x.len() + 1) / 2).sum::<usize>();
        while left > FEW {
            let middle = low.midpoint(high);
            *(if is_high(middle) { &mut high } else { &mut low }) = middle;
            left /= 2;
        }
        (low, high)
    }

    /// The average with `k` averages before it in ascending order.
    fn average(&self, k: usize) -> Option<f64> {
        let below = |x: f64| self.count(|average| average < x);
        let up_to = |x: f64| self.count(|average| average <= x);
        let ends = self.ends().filter(|(first, last)| below(*first) <= k && k < up_to(*last));
        let Some(ends) = ends else {
            return Some(if k < up_to(f64::NEG_INFINITY) { f64::NEG_INFINITY } else { f64::INFINITY });
        };
        let (low, high) = self.halve(ends, |middle| up_to(middle) > k);
        let mut averages = self.averages(low, high);
        let place = k.checked_sub(below(low)).filter(|place| *place < averages.len())?;
        Some(*averages.select_nth_unstable_by(place, f64::total_cmp).1)
    }

    fn mirrored(&self) -> Self {
        let samples = self.samples.iter().map(|sample| sample.iter().rev().map(|x| -x).collect()).collect();
        Self { samples, exact: self.exact }
    }

    /// The least shift that the test of "the effect is at most the shift" does not reject.
    ///
    /// Its p-value never falls as the shift rises (for each sign pattern, ranks of values above the shift fall and
    /// those below rise; ties, zeros and crossings keep that order), and is constant between averages. So a binary
    /// search finds the least average at which it exceeds `alpha` and the largest at which it does not; between the two
    /// is the gap above the latter, taken at its least floating-point number.
    fn lower_limit(&self, alpha: f64) -> f64 {
        let accepts = |shift: f64| self.test(shift).p_greater > alpha;
        let Some(ends) = self.ends() else {
            return if accepts(0.0) { f64::NEG_INFINITY } else { f64::INFINITY };
        };
        let (low, high) = self.halve(ends, accepts);
        let mut averages = self.averages(low, high);
        let (mut rest, mut rejected, mut accepted) = (averages.as_mut_slice(), None, None);
        while !rest.is_empty() {
            let (below, middle, above) = rest.select_nth_unstable_by(rest.len() / 2, f64::total_cmp);
            if accepts(*middle) {
                (rest, accepted) = (below, Some(*middle));
            } else {
                (rest, rejected) = (above, Some(*middle));
            }
        }
        match rejected {
            Some(average) if accepts(average.next_up()) => average.next_up(),
            None if accepts(low.next_down()) => f64::NEG_INFINITY,
            // Everything up to the largest average is rejected where there is no other.
            _ => accepted.unwrap_or(f64::INFINITY),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strata(samples: &[Vec<f64>]) -> Strata {
        Strata::new(samples.iter().map(Vec::as_slice)).unwrap()
    }

    /// Halves of small integers: ties, zeros and shifts that are Walsh averages all the time.
    fn lattice() -> impl Strategy<Value = f64> {
        (-6..=6_i32).prop_map(|x| f64::from(x) / 2.0)
    }

    /// Tenths are no floating-point numbers, so sums and differences of them round.
    fn tenths() -> impl Strategy<Value = f64> {
        (-9..=9_i32).prop_map(|x| f64::from(x) / 10.0)
    }

    fn samples(value: impl Strategy<Value = f64>) -> impl Strategy<Value = Vec<Vec<f64>>> {
        prop::collection::vec(prop::collection::vec(value, 1..=8), 1..=3)
    }

    /// Doubled ranks and signs from the definition, on exact arithmetic (lattice values only).
    fn by_definition(samples: &[Vec<f64>], shift: f64) -> (Vec<usize>, Vec<bool>) {
        let (mut ranks, mut signs) = (vec![], vec![]);
        for sample in samples {
            let sizes: Vec<f64> = sample.iter().map(|x| (x - shift).abs()).collect();
            for (x, size) in sample.iter().zip(&sizes).filter(|(_, size)| **size > 0.0) {
                let closer = sizes.iter().filter(|other| *other < size).count();
                let equal = sizes.iter().filter(|other| *other == size).count();
                ranks.push(2 * closer + equal + 1);
                signs.push(*x > shift);
            }
        }
        (ranks, signs)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

        /// All 2^m sign patterns, one by one.
        #[test]
        fn the_test_is_the_enumeration(
            samples in prop::collection::vec(prop::collection::vec(lattice(), 1..=5), 1..=2),
            shift in lattice(),
        ) {
            let (ranks, signs) = by_definition(&samples, shift);
            let sum = |pick: &dyn Fn(usize) -> bool| -> usize {
                ranks.iter().enumerate().filter(|(i, _)| pick(*i)).map(|(_, rank)| rank).sum()
            };
            let observed = sum(&|i| signs[i]);
            let (mut above, mut below) = (0_u32, 0_u32);
            for pattern in 0..1_u32 << ranks.len() {
                let w = sum(&|i| pattern >> i & 1 == 1);
                above += u32::from(w >= observed);
                below += u32::from(w <= observed);
            }
            let patterns = f64::from(1_u32 << ranks.len());
            let test = strata(&samples).test(shift);
            prop_assert_eq!(test.w_plus, observed as f64 / 2.0);
            prop_assert_eq!(test.n_nonzero, ranks.len());
            prop_assert_eq!(test.p_greater, f64::from(above) / patterns);
            prop_assert_eq!(test.p_less, f64::from(below) / patterns);
        }

        /// At every average, next to it, and between: inside exactly when not rejected.
        #[test]
        fn the_interval_is_what_the_test_accepts(
            samples in prop_oneof![samples(lattice()), samples(tenths()), samples(-1.0..1.0)],
            alpha_low in prop::sample::select(vec![0.003, 0.025, 0.0625, 0.3]),
            alpha_high in prop::sample::select(vec![0.001, 0.05, 0.125, 0.5]),
        ) {
            let strata = strata(&samples);
            let (low, high) = strata.interval(alpha_low, alpha_high).unwrap();
            let averages = strata.averages(f64::NEG_INFINITY, f64::INFINITY);
            let between = averages.windows(2).map(|pair| pair[0].midpoint(pair[1]));
            let around = averages.iter().flat_map(|x| [x.next_down(), *x, x.next_up()]);
            for shift in around.chain(between).chain([-9.0, 9.0]) {
                let test = strata.test(shift);
                let accepted = test.p_greater > alpha_low && test.p_less > alpha_high;
                prop_assert_eq!(low <= shift && shift <= high, accepted, "{} {:?} in {} {}", shift, test, low, high);
            }
        }

        /// The estimate is where W+ crosses W-, and a mirrored sample has mirrored results to the last bit.
        #[test]
        fn estimate_and_symmetry(samples in prop_oneof![samples(lattice()), samples(-1.0..1.0)]) {
            let (strata, mirrored) = (strata(&samples), strata(&samples).mirrored());
            let estimate = strata.estimate().unwrap();
            prop_assert_eq!(mirrored.estimate(), Some(-estimate));
            let (below, above) = (strata.test(estimate - 1e-9), strata.test(estimate + 1e-9));
            prop_assert!(below.w_plus >= below.w_minus && above.w_plus <= above.w_minus);
            let (test, other) = (strata.test(0.25), mirrored.test(-0.25));
            prop_assert_eq!((test.p_greater, test.p_less), (other.p_less, other.p_greater));
        }
    }

    /// Enough averages to be halved: estimate and limits as from all of them in order, infinite ones and ties included.
    #[test]
    fn halving_leaves_nothing_out() {
        let value = |i: usize, spread: usize| match i * 7919 % 104_729 % 61 {
            0 => f64::INFINITY,
            1 => f64::NEG_INFINITY,
            x => (x * x % spread) as f64 / 10.0 - 1.3,
        };
        for (n, spread) in [(50, 3700), (70, 37), (90, 2), (200, 3700), (300, 90)] {
            let strata =
                strata(&[(0..n).map(|i| value(i, spread)).collect(), (n..n + 9).map(|i| value(i, 50)).collect()]);
            let mut averages = strata.averages(f64::NEG_INFINITY, f64::INFINITY);
            averages.sort_unstable_by(f64::total_cmp);
            assert!(averages.len() > FEW);
            assert_eq!(strata.estimate(), median(&averages));
            for k in (0..averages.len()).step_by(if n > 90 { 97 } else { 1 }) {
                assert_eq!(strata.average(k), Some(averages[k]), "{n} {k}");
            }
            for alpha in [1e-9, 0.003, 0.025, 0.3, 0.7, 1.0 - 1e-12] {
                let finite = averages.iter().copied().filter(|average| average.is_finite());
                let mut places: Vec<f64> = finite.flat_map(|x| [x, x.next_up()]).collect();
                places.insert(0, places[0].next_down());
                let first = places.partition_point(|shift| strata.test(*shift).p_greater <= alpha);
                let expected =
                    if first == 0 { f64::NEG_INFINITY } else { *places.get(first).unwrap_or(&f64::INFINITY) };
                assert_eq!(strata.lower_limit(alpha), expected, "{n} {alpha}");
            }
        }
    }

    /// The same agreement under the normal law, with ties and zeros.
    #[test]
    fn the_interval_agrees_beyond_the_exact_sizes() {
        let strata = strata(&[(0..200).map(|i| f64::from(i * 37 % 41) - 17.0).collect()]);
        assert!(!strata.exact);
        let (low, high) = strata.interval(0.025, 0.01).unwrap();
        assert!(low > 0.5 && high < 6.0, "{low} {high}");
        for shift in (-10..=30).map(|i| f64::from(i) / 4.0) {
            let test = strata.test(shift);
            assert_eq!(low <= shift && shift <= high, test.p_greater > 0.025 && test.p_less > 0.01, "{shift}");
        }
    }
}
