//! The stratified signed-rank test, and the Walsh averages that give its estimate and interval.

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
    /// Number of differences not equal to the shift; the others were ranked, then dropped.
    pub n_nonzero: usize,
    /// One-sided p-value of "the effect is at most the shift".
    pub p_greater: f64,
    /// One-sided p-value of "the effect is at least the shift".
    pub p_less: f64,
    /// Twice the smaller one-sided p-value, at most 1.
    pub p_two_sided: f64,
    /// Whether the p-values are exact: up to 160 differences in one stratum.
    pub exact: bool,
}

/// Up to this many averages are listed; if there are more, a search by counting narrows the range first.
const FEW: usize = 1024;

/// Number of first steps that halve the range by value, which suits evenly spread values. Later steps halve it by
/// floating-point numbers; 64 of these always suffice.
const BY_VALUE: usize = 32;

/// Samples of differences, one per stratum, each sorted. The signed-rank test, its estimate and its interval are
/// computed from it. With one stratum it is the ordinary test.
///
/// There are about n^2 / 2 Walsh averages. They are never all listed: in a sorted sample, those up to a number can be
/// counted in one pass (Johnson and Mizoguchi 1978). Time and memory are linear in n, also with many ties.
pub(super) struct Strata {
    samples: Vec<Vec<f64>>,
    exact: bool,
}

/// The averages next to a number, on either side.
#[derive(Clone, Copy)]
struct Split {
    /// The largest that is at most the number.
    last: f64,
    /// The smallest above it.
    next: f64,
}

impl Strata {
    /// `None` if there is a NaN or no value. Empty strata are ignored.
    pub(super) fn new<'a>(samples: impl Iterator<Item = &'a [f64]>) -> Option<Self> {
        let samples: Vec<Vec<f64>> = samples.filter(|sample| !sample.is_empty()).map(sorted).collect::<Option<_>>()?;
        let exact = is_exact(samples.iter().map(Vec::len));
        (!samples.is_empty()).then_some(Self { samples, exact })
    }

    /// Tests the hypothesis of `shift`, which is not NaN: ranks within strata, summed over strata.
    pub(super) fn test(&self, shift: f64) -> SignedRank {
        let mut ranks = if self.exact { Ranks::default() } else { Ranks::only_sums() };
        for sample in &self.samples {
            ranks.add(sample, shift);
        }
        let (p_less, p_greater) = ranks.tails(self.exact);
        SignedRank {
            w_plus: ranks.plus as f64 / 2.0,
            w_minus: ranks.minus as f64 / 2.0,
            n_nonzero: ranks.count,
            p_greater,
            p_less,
            p_two_sided: (2.0 * p_greater.min(p_less)).min(1.0),
            exact: self.exact,
        }
    }

    /// The shift at which W+ equals W-. It is the median of the averages, since W+ - W- counts those above the shift
    /// minus those below.
    pub(super) fn estimate(&self) -> Option<f64> {
        let last = self.total().checked_sub(1)?;
        let lower = self.average(last / 2)?;
        let upper = if last.is_multiple_of(2) { lower } else { self.average(last.div_ceil(2))? };
        median(&[lower, upper])
    }

    /// The closed interval of shifts that neither one-sided test rejects.
    pub(super) fn interval(&self, alpha_low: f64, alpha_high: f64) -> Option<(f64, f64)> {
        if !is_level(alpha_low) || !is_level(alpha_high) {
            return None;
        }
        Some((self.lower_limit(alpha_low), -self.mirrored().lower_limit(alpha_high)))
    }

    /// Lists the averages (a + b) / 2 of two values of a stratum, or of one with itself, from `low` to `high`. The pair
    /// of minus and plus infinity has no average: it would count half above and half below every shift.
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

    /// The number of averages.
    fn total(&self) -> usize {
        let of = |sample: &Vec<f64>| {
            let lowest = sample.partition_point(|x| *x == f64::NEG_INFINITY);
            let highest = sample.len() - sample.partition_point(|x| *x < f64::INFINITY);
            sample.len() * (sample.len() + 1) / 2 - lowest * highest
        };
        self.samples.iter().map(of).sum()
    }

    fn below(&self, x: f64) -> usize {
        self.count(|average| average < x)
    }

    /// The number of averages that are at most `x`, which is not plus infinity.
    fn up_to(&self, x: f64) -> usize {
        self.count(|average| average <= x)
    }

    /// Counts the averages for which `is_small` holds. It must be true below some number and false above it, also for
    /// plus infinity.
    fn count(&self, is_small: impl Fn(f64) -> bool) -> usize {
        let rows = self.samples.iter().map(|sample| {
            let mut count = 0;
            for_each_row(sample, &is_small, |i, end| count += end - i);
            count
        });
        rows.sum()
    }

    /// Returns the averages next to `x`, which lies between the smallest and the largest finite one.
    fn split(&self, x: f64) -> Split {
        let mut split = Split { last: f64::NEG_INFINITY, next: f64::INFINITY };
        for sample in &self.samples {
            let mut done = 0;
            for_each_row(
                sample,
                |average| average <= x,
                |i, end| {
                    split.last = split.last.max(sample[i].midpoint(sample[end - 1]));
                    if let Some(after) = sample.get(end) {
                        // The average of two opposite infinities is NaN; `min` ignores it.
                        split.next = split.next.min(sample[i].midpoint(*after));
                    }
                    done = i + 1;
                },
            );
            // The first row without an average up to x begins with the value itself.
            if let Some(first) = sample.get(done) {
                split.next = split.next.min(*first);
            }
        }
        split
    }

    /// Returns the smallest and the largest finite value, which are also the smallest and the largest finite average.
    fn ends(&self) -> Option<(f64, f64)> {
        let finite = || self.samples.iter().flatten().copied().filter(|x| x.is_finite());
        Some((finite().reduce(f64::min)?, finite().reduce(f64::max)?))
    }

    /// Narrows the range from `low` to `high`, both of which are averages, until it holds at most [`FEW`] averages or
    /// none between its ends. Each step takes an average as pivot and drops the part above it if `is_high` holds for
    /// it, otherwise the part below.
    ///
    /// The ends are always averages, so uneven or equal values need no additional steps.
    fn narrow(&self, (mut low, mut high): (f64, f64), is_high: impl Fn(f64) -> bool) -> (f64, f64) {
        let (mut before, mut until, mut step) = (self.below(low), self.up_to(high), 0);
        while low < high && until - before > FEW {
            let split = self.split(between(low, high, step < BY_VALUE));
            let pivot = if split.last > low { split.last } else { split.next };
            if pivot >= high {
                break;
            }
            if is_high(pivot) {
                (high, until) = (pivot, self.up_to(pivot));
            } else {
                (low, before) = (pivot, self.below(pivot));
            }
            step += 1;
        }
        (low, high)
    }

    /// Returns the averages from `low` to `high`, the ends of [`Self::narrow`]. If they are many, they have only two
    /// values, and these are returned.
    fn candidates(&self, low: f64, high: f64) -> Vec<f64> {
        if self.up_to(high) - self.below(low) > FEW {
            return [low, high].map(|x| self.first_of_equal(x)).to_vec();
        }
        self.averages(low, high)
    }

    /// Returns the first of equal averages in the order of [`f64::total_cmp`]: minus zero, if it is among them.
    fn first_of_equal(&self, average: f64) -> f64 {
        let is_negative_zero = |x: &f64| *x == 0.0 && x.is_sign_negative();
        let below_zero = average == 0.0 && self.samples.iter().flatten().any(is_negative_zero);
        if below_zero { -0.0 } else { average + 0.0 }
    }

    /// Returns the average with `k` averages before it in ascending order.
    fn average(&self, k: usize) -> Option<f64> {
        let ends = self.ends().filter(|(first, last)| self.below(*first) <= k && k < self.up_to(*last));
        let Some(ends) = ends else {
            return Some(if k < self.up_to(f64::NEG_INFINITY) { f64::NEG_INFINITY } else { f64::INFINITY });
        };
        let (low, high) = self.narrow(ends, |average| self.up_to(average) > k);
        let before = self.below(low);
        if self.up_to(high) - before > FEW {
            return Some(self.first_of_equal(if k < self.up_to(low) { low } else { high }));
        }
        let mut averages = self.averages(low, high);
        let place = k.checked_sub(before).filter(|place| *place < averages.len())?;
        Some(*averages.select_nth_unstable_by(place, f64::total_cmp).1)
    }

    fn mirrored(&self) -> Self {
        let samples = self.samples.iter().map(|sample| sample.iter().rev().map(|x| -x).collect()).collect();
        Self { samples, exact: self.exact }
    }

    /// Returns the smallest shift for which the test of "the effect is at most the shift" does not reject.
    ///
    /// The p-value never decreases as the shift increases: for each sign pattern, ranks of values above the shift
    /// decrease and those below increase; ties, zeros and crossings keep that order. It is constant between averages.
    /// So a binary search finds the smallest average at which it exceeds `alpha` and the largest at which it does not.
    /// If the gap between these two is accepted, the limit is its smallest floating-point number.
    fn lower_limit(&self, alpha: f64) -> f64 {
        let accepts = |shift: f64| self.test(shift).p_greater > alpha;
        let Some(ends) = self.ends() else {
            return if accepts(0.0) { f64::NEG_INFINITY } else { f64::INFINITY };
        };
        let (low, high) = self.narrow(ends, accepts);
        let mut averages = self.candidates(low, high);
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
            // Without an accepted average, all shifts up to the largest average are rejected.
            _ => accepted.unwrap_or(f64::INFINITY),
        }
    }
}

/// Visits each row i of a sorted sample's averages that has small ones, with their end: they are the averages of value
/// i with the values i..end.
///
/// Averages increase along a row and from one row to the next, so the end never moves up and one pass serves all rows.
fn for_each_row(sample: &[f64], is_small: impl Fn(f64) -> bool, mut visit: impl FnMut(usize, usize)) {
    let mut end = sample.len();
    for (i, a) in sample.iter().enumerate() {
        while end > i && !is_small(a.midpoint(sample[end - 1])) {
            end -= 1;
        }
        if end <= i {
            return;
        }
        visit(i, end);
    }
}

/// Returns a number of at least `low` and below `high`, halfway by value or by the count of floating-point numbers
/// between them.
fn between(low: f64, high: f64, by_value: bool) -> f64 {
    let place = |x: f64| in_order(x.to_bits().cast_signed());
    let number = |place: i64| f64::from_bits(in_order(place).cast_unsigned());
    let middle = if by_value { low.midpoint(high) } else { number(place(low).midpoint(place(high))) };
    middle.clamp(low, high.next_down())
}

/// Converts the bits of a number to its position in the order of [`f64::total_cmp`], and back.
fn in_order(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strata(samples: &[Vec<f64>]) -> Strata {
        Strata::new(samples.iter().map(Vec::as_slice)).unwrap()
    }

    /// Halves of small integers: ties, zeros and shifts that equal Walsh averages are frequent.
    fn lattice() -> impl Strategy<Value = f64> {
        (-6..=6_i32).prop_map(|x| f64::from(x) / 2.0)
    }

    /// Tenths are not exact in floating point, so their sums and differences are rounded.
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

        /// Compares with the enumeration of all 2^m sign patterns.
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

        /// At every average, next to it, and between averages, a shift is inside exactly if it is not rejected.
        #[test]
        fn the_interval_inverts_the_test(
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

        /// W+ crosses W- at the estimate, and a mirrored sample has bitwise mirrored results.
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

    /// With enough averages for the search, estimate and limits equal those from the sorted list, also with infinite
    /// values and ties.
    #[test]
    fn the_search_agrees_with_the_full_list() {
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

    /// The same agreement with the normal approximation, with ties and zeros.
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

    /// Log ratios of integer works: few distinct, unevenly spread values and very many ties.
    fn tied_log_ratios(n: usize) -> Vec<f64> {
        let work = |i: usize| ((i * 7919 % 104_729) % 12 + 1) as f64;
        (0..n).map(|i| (work(3 * i + 1) / work(i * i % 9973 + 5)).ln()).collect()
    }

    /// The averages of all pairs of distinct values, with their multiplicities.
    fn weighted_averages(sample: &[f64]) -> Vec<(f64, usize)> {
        let sorted = sorted(sample).unwrap();
        let values: Vec<(f64, usize)> = sorted.chunk_by(|a, b| a == b).map(|group| (group[0], group.len())).collect();
        let mut averages = Vec::new();
        for (i, (a, count)) in values.iter().enumerate() {
            averages.push((*a, count * (count + 1) / 2));
            averages.extend(values[i + 1..].iter().map(|(b, others)| (a.midpoint(*b), count * others)));
        }
        averages.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        averages
    }

    /// With 200 million averages, mostly tied, the estimate is the median of the averages counted by value.
    #[test]
    fn heavy_ties_are_counted() {
        for n in [19_999, 20_000, 20_001, 20_002] {
            let sample = tied_log_ratios(n);
            let strata = strata(std::slice::from_ref(&sample));
            let averages = weighted_averages(&sample);
            let total = n * (n + 1) / 2;
            assert_eq!((strata.total(), averages.iter().map(|(_, count)| count).sum::<usize>()), (total, total));
            let at = |k: usize| {
                let mut before = 0;
                let is_at = |(_, count): &&(f64, usize)| {
                    before += count;
                    k < before
                };
                averages.iter().find(is_at).unwrap().0
            };
            assert_eq!(strata.estimate(), Some(at((total - 1) / 2).midpoint(at(total / 2))));
            for k in [0, 1, total / 1000, total / 10, total / 3, total - 2, total - 1] {
                assert_eq!(strata.average(k), Some(at(k)), "{n} {k}");
            }
        }
    }

    /// The limits of such samples, compared with the test at every average and next to it.
    #[test]
    fn limits_under_heavy_ties() {
        for n in [300, 2000, 20_000] {
            let sample = tied_log_ratios(n);
            let strata = strata(std::slice::from_ref(&sample));
            let mut places: Vec<f64> = weighted_averages(&sample).iter().flat_map(|(x, _)| [*x, x.next_up()]).collect();
            places.insert(0, places[0].next_down());
            for alpha in [1e-9, 0.003, 0.025, 0.5] {
                let first = places.partition_point(|shift| strata.test(*shift).p_greater <= alpha);
                assert_eq!(strata.lower_limit(alpha), places[first], "{n} {alpha}");
            }
        }
    }

    /// Test and interval agree to the last bit for samples whose averages do not fit into memory.
    #[test]
    fn intervals_of_large_samples_invert_the_test() {
        let wide = |i: usize| (i as f64 * 0.37).sin() * 10_f64.powf((i % 600) as f64 - 300.0);
        let mostly_zero = |i: usize| if i.is_multiple_of(50) { (i % 7) as f64 - 2.0 } else { 0.0 };
        let failing = |i: usize| [f64::INFINITY, f64::NEG_INFINITY, 0.1, 0.3, 0.5][i % 5];
        let smooth = |i: usize| (i as f64 * 0.618_033_988_75).fract().powi(3) - 0.2;
        let laws: [&dyn Fn(usize) -> f64; 4] = [&wide, &mostly_zero, &failing, &smooth];
        for law in laws {
            let strata = strata(&[(0..20_000).map(law).collect(), (0..501).map(law).collect()]);
            let (low, high) = strata.interval(0.025, 0.001).unwrap();
            for shift in [low.next_down(), low, low.next_up(), high.next_down(), high, high.next_up()] {
                assert!(shift.is_finite());
                let test = strata.test(shift);
                let accepted = test.p_greater > 0.025 && test.p_less > 0.001;
                assert_eq!(low <= shift && shift <= high, accepted, "{shift} {test:?} in {low} {high}");
            }
            let estimate = strata.estimate().unwrap();
            // If most of the sample is one value, every shift may be rejected.
            assert!(low <= estimate.next_up() && estimate <= high.next_up(), "{low} {estimate} {high}");
        }
    }

    /// A limit of 0 has the sign that the full list of averages would give, since the sign is printed.
    #[test]
    fn zero_has_one_sign() {
        for n in [40, 60, 5000] {
            let sample: Vec<f64> = (0..n).map(|i| [0.0, 0.0, -1.0, 0.0, 0.0, 1.0][i % 6]).collect();
            let strata = strata(&[sample]);
            let (low, high) = strata.interval(0.025, 0.025).unwrap();
            assert!(low == 0.0 && low.is_sign_positive() && high == 0.0 && high.is_sign_positive(), "{n} {low} {high}");
            assert!(strata.estimate().unwrap().is_sign_positive());
        }
    }

    #[test]
    fn halfway_lies_between() {
        for (low, high) in [
            (-3.0, 4.0),
            (-0.0, f64::from_bits(1)),
            (f64::MIN, f64::MAX),
            (1.0, 1f64.next_up()),
            (-f64::from_bits(1), 0.0),
            (-f64::from_bits(3), f64::from_bits(2)),
        ] {
            for by_value in [true, false] {
                let middle = between(low, high, by_value);
                assert!(low <= middle && middle < high, "{low} {middle} {high}");
            }
        }
        // 64 halvings reduce the range of all numbers to one.
        let (mut low, mut high, mut steps) = (f64::MIN, f64::MAX, 0);
        while low.next_up() < high {
            let middle = between(low, high, false);
            *(if middle > 1e-200 { &mut high } else { &mut low }) = middle;
            steps += 1;
        }
        assert!(steps <= 64 && low <= 1e-200 && high > 1e-200, "{steps} {low} {high}");
    }
}
