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
        steps.iter_mut().for_each(|step| *step = -*step);
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
