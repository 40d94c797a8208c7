//! Walsh averages: the estimate and the interval that belong to the signed-rank test.

use super::is_level;
use super::order::{median, sorted};
use super::ranks::{Ranks, is_exact};
use super::signed_rank::SignedRank;

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
        median(&self.averages())
    }

    /// The shifts that neither one-sided test rejects, ends included.
    pub(super) fn interval(&self, alpha_low: f64, alpha_high: f64) -> Option<(f64, f64)> {
        if !is_level(alpha_low) || !is_level(alpha_high) {
            return None;
        }
        let mut steps: Vec<f64> = self.averages().into_iter().filter(|step| step.is_finite()).collect();
        steps.sort_unstable_by(f64::total_cmp);
        steps.dedup();
        let low = self.lower_limit(&steps, alpha_low);
        steps.reverse();
        for step in &mut steps {
            *step = -*step;
        }
        Some((low, -self.mirrored().lower_limit(&steps, alpha_high)))
    }

    /// All (a + b) / 2 within a stratum, a = b included. An average of minus and plus infinity is left out: it lies
    /// half above and half below every shift.
    fn averages(&self) -> Vec<f64> {
        let mut averages = Vec::with_capacity(self.samples.iter().map(|x| x.len() * (x.len() + 1) / 2).sum());
        for sample in &self.samples {
            for (i, a) in sample.iter().enumerate() {
                averages.extend(sample[i..].iter().map(|b| a.midpoint(*b)).filter(|average| !average.is_nan()));
            }
        }
        averages
    }

    fn mirrored(&self) -> Self {
        let samples = self.samples.iter().map(|sample| sample.iter().rev().map(|x| -x).collect()).collect();
        Self { samples, exact: self.exact }
    }

    /// The least shift that the test of "the effect is at most the shift" does not reject.
    ///
    /// Its p-value never falls as the shift rises (for each sign pattern, ranks of values above the shift fall and
    /// those below rise; ties, zeros and crossings keep that order), and is constant between averages. So a binary
    /// search over the averages and the gaps between them finds the first place where it exceeds `alpha`: place
    /// 2k + 1 is average k, place 2k is the gap below it, taken at its least floating-point number.
    fn lower_limit(&self, steps: &[f64], alpha: f64) -> f64 {
        let at = |place: usize| match place {
            0 => steps.first().map_or(0.0, |step| step.next_down()),
            odd if odd % 2 == 1 => steps[odd / 2],
            gap => steps[gap / 2 - 1].next_up(),
        };
        let (mut from, mut to) = (0, 2 * steps.len() + 1);
        while from < to {
            let middle = usize::midpoint(from, to);
            if self.test(at(middle)).p_greater > alpha {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        match from {
            0 => f64::NEG_INFINITY,
            past if past > 2 * steps.len() => f64::INFINITY,
            place => at(place),
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
            let averages = strata.averages();
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
