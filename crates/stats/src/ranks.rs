//! Signed ranks about a shift, and the distribution of their sum under random signs.

use super::normal::upper_tail;

/// Largest cost, pairs x (largest rank sum), of an exact null distribution: 160 pairs in one stratum, or 20 strata of
/// 20. It depends only on sizes, so a sample has the same distribution at every shift.
const EXACT_COST: usize = 1 << 22;

/// Whether the exact distribution is used for samples of these sizes.
pub(super) fn is_exact(sizes: impl Iterator<Item = usize>) -> bool {
    let (pairs, doubled_sum) = sizes.fold((0_usize, 0_usize), |(n, sum), size| {
        (n.saturating_add(size), sum.saturating_add(size.saturating_mul(size.saturating_add(1))))
    });
    pairs.saturating_mul(doubled_sum) <= EXACT_COST
}

/// Twice the mid-ranks of |x - shift|, which are integers, for the x that differ from the shift.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    /// The doubled ranks, ascending within each sample; empty if only sums are computed.
    pub(super) doubled: Vec<usize>,
    only_sums: bool,
    /// Number of x that differ from the shift.
    pub(super) count: usize,
    /// Sum of the squares of the doubled ranks.
    squares: u128,
    /// Sum of the doubled ranks over x > shift.
    pub(super) plus: usize,
    /// Sum of the doubled ranks over x < shift.
    pub(super) minus: usize,
}

impl Ranks {
    /// Computes only sums, which suffice for the normal approximation and need no memory.
    pub(super) fn only_sums() -> Self {
        Self { only_sums: true, ..Self::default() }
    }

    /// Ranks another sample by itself; `sorted` is ascending and has no NaN.
    ///
    /// The rank of x is 1 + #(closer to the shift) + #(others equally far) / 2. Values equal to the shift are ranked
    /// (they are closest), then dropped (Pratt 1959). On opposite sides, "closer" is decided by the Walsh average: a >
    /// shift is closer than b < shift if (a + b) / 2 < shift. So a tie at a Walsh average is exact in floating point,
    /// each rank sum is monotone in the shift without rounding errors, and test and interval always agree.
    pub(super) fn add(&mut self, sorted: &[f64], shift: f64) {
        let below = sorted.partition_point(|x| *x < shift);
        let up_to = sorted.partition_point(|x| *x <= shift);
        let zeros = 2 * (up_to - below);
        let (negative, positive) = (&sorted[..below], &sorted[up_to..]);
        let start = self.doubled.len();
        let mut closer = Closer { others: negative, shift, up_to: negative.len(), below: negative.len() };
        for_each_tied(positive, |x, same, count| {
            let rank = 1 + zeros + same + 2 * negative.len() - closer.twice(x);
            self.plus += rank * count;
            self.push(rank, count);
        });
        let middle = self.doubled.len();
        let mut closer = Closer { others: positive, shift, up_to: positive.len(), below: positive.len() };
        for_each_tied(negative, |x, same, count| {
            let rank = 1 + zeros + 2 * negative.len() - same + closer.twice(x);
            self.minus += rank * count;
            self.push(rank, count);
        });
        // The order does not depend on the signs, so that a sample and its mirror image round equally. The stable sort
        // merges the two ascending runs in one pass.
        self.doubled[middle..].reverse();
        #[allow(clippy::stable_sort_primitive)]
        self.doubled[start..].sort();
    }

    /// Adds a doubled rank `count` times.
    fn push(&mut self, rank: usize, count: usize) {
        self.count += count;
        self.squares += (rank as u128).pow(2) * count as u128;
        if !self.only_sums {
            self.doubled.extend(std::iter::repeat_n(rank, count));
        }
    }

    /// Returns P(W <= `plus`) and P(W <= `minus`), with W the sum of the ranks, each included with probability 1/2. W
    /// is symmetric, so the second is also P(W >= `plus`).
    pub(super) fn tails(&self, exact: bool) -> (f64, f64) {
        if exact {
            let mass = self.distribution();
            let up_to = |w: usize| mass[..=w].iter().sum::<f64>().min(1.0);
            (up_to(self.plus), up_to(self.minus))
        } else {
            (self.normal_tail(self.plus), self.normal_tail(self.minus))
        }
    }

    /// Returns the null probability of each doubled sum, adding one rank at a time: m'(s) = (m(s) + m(s - rank)) / 2.
    fn distribution(&self) -> Vec<f64> {
        let mut mass = vec![0.0; self.plus + self.minus + 1];
        let mut next = mass.clone();
        mass[0] = 1.0;
        let mut reach = 0;
        for &rank in &self.doubled {
            reach += rank;
            for (new, stay) in next[..rank].iter_mut().zip(&mass[..rank]) {
                *new = 0.5 * stay;
            }
            for ((new, stay), step) in next[rank..=reach].iter_mut().zip(&mass[rank..=reach]).zip(&mass) {
                *new = 0.5 * (stay + step);
            }
            std::mem::swap(&mut mass, &mut next);
        }
        mass
    }

    /// Returns P(W <= w) by the normal approximation, with a continuity correction of half a rank. The mean is half the
    /// sum of the ranks, and the variance a quarter of their sum of squares, which corrects for ties and zeros.
    fn normal_tail(&self, w: usize) -> f64 {
        let mean = (self.plus + self.minus) as f64 / 2.0;
        let variance = self.squares as f64 / 4.0;
        if variance == 0.0 { 1.0 } else { upper_tail((mean - 1.0 - w as f64) / variance.sqrt()) }
    }
}

/// Visits each distinct value of an ascending sample, with #(smaller) + #(not larger) and its multiplicity.
fn for_each_tied(sorted: &[f64], mut visit: impl FnMut(f64, usize, usize)) {
    let mut smaller = 0;
    for group in sorted.chunk_by(|a, b| a == b) {
        visit(group[0], 2 * smaller + group.len(), group.len());
        smaller += group.len();
    }
}

/// Counts values on the other side of the shift for increasing x. Their Walsh averages with x increase too, so the
/// counts decrease, and one pass over the others serves all x.
struct Closer<'a> {
    others: &'a [f64],
    shift: f64,
    /// Number of others whose average with x is at most the shift.
    up_to: usize,
    /// Number of others whose average with x is below the shift.
    below: usize,
}

impl Closer<'_> {
    /// Returns #(average <= shift) + #(average < shift), for an x not below the previous one.
    fn twice(&mut self, x: f64) -> usize {
        while self.up_to > 0 && x.midpoint(self.others[self.up_to - 1]) > self.shift {
            self.up_to -= 1;
        }
        // Plus and minus infinity have no average: they are equally far from the shift.
        while self.below > 0 && !(x.midpoint(self.others[self.below - 1]) < self.shift) {
            self.below -= 1;
        }
        self.up_to + self.below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(sorted: &[f64], shift: f64) -> Ranks {
        let mut ranks = Ranks::default();
        ranks.add(sorted, shift);
        ranks
    }

    #[test]
    fn ties_share_a_rank_and_zeros_take_the_lowest() {
        // |x| is 3 2 0 0 2 2 5: ranks 6, 4, -, -, 4, 4, 7.
        let ranks = ranks(&[-3.0, -2.0, 0.0, 0.0, 2.0, 2.0, 5.0], 0.0);
        assert_eq!((ranks.plus, ranks.minus), (2 * 15, 2 * 10));
        assert_eq!(ranks.doubled, [8, 8, 8, 12, 14]);
    }

    /// By rounding, |0.1 - x| and |0.3 - x| would differ at the average x of 0.1 and 0.3.
    #[test]
    fn a_walsh_average_is_a_tie_in_floating_point() {
        for (a, b) in [(0.1, 0.3), (0.1, 0.7), (1e-9, 0.3), (-0.7, 0.1)] {
            assert_eq!(ranks(&[a, b], f64::midpoint(a, b)).doubled, [3, 3]);
        }
    }

    #[test]
    fn infinite_values_rank_last_and_tie() {
        let ranks = ranks(&[f64::NEG_INFINITY, -1.0, 2.0, f64::INFINITY], 0.0);
        assert_eq!(ranks.doubled, [2, 4, 7, 7]);
        assert_eq!((ranks.plus, ranks.minus), (11, 9));
    }

    /// Numbers of subsets of 1..=4 by sum: 1 1 1 2 2 2 2 2 1 1 1.
    #[test]
    fn the_distribution_counts_subsets() {
        let mass = ranks(&[1.0, 2.0, 3.0, 4.0], 0.0).distribution();
        let counts: Vec<f64> = mass.iter().step_by(2).map(|m| m * 16.0).collect();
        assert_eq!(counts, [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0]);
        assert!(mass.iter().skip(1).step_by(2).all(|m| *m == 0.0));
    }

    /// At the largest exact size the normal approximation is slightly conservative at the levels of verdicts (values of
    /// numpy).
    #[test]
    fn the_normal_approximation_takes_over() {
        for (below, p, ratio) in [
            (70.3, 0.008_455_496_289_069_9, 1.016_678_199),
            (66.3, 0.000_405_562_311_907_2, 1.098_045_842),
            (62.3, 0.000_009_744_414_986_1, 1.316_940_294),
        ] {
            let sample: Vec<f64> = (0..160).map(|i| f64::from(i) - below).collect();
            let ranks = ranks(&sample, 0.0);
            let ((_, exact), (_, normal)) = (ranks.tails(true), ranks.tails(false));
            assert!((exact / p - 1.0).abs() < 1e-11 && (normal / exact - ratio).abs() < 1e-8, "{exact} {normal}");
        }
    }

    /// Sums of ranks that are not kept give the same p-values, to the last bit.
    #[test]
    fn sums_alone_are_enough_for_the_normal_law() {
        let sample: Vec<f64> = (0..400).map(|i| f64::from(i / 3)).collect();
        for shift in [20.0, 61.5, 70.0] {
            let (kept, mut sums) = (ranks(&sample, shift), Ranks::only_sums());
            sums.add(&sample, shift);
            assert_eq!((sums.plus, sums.minus, sums.count), (kept.plus, kept.minus, kept.doubled.len()));
            assert_eq!(sums.tails(false), kept.tails(false));
            assert!(sums.doubled.is_empty());
            let one_by_one = kept.doubled.iter().map(|rank| (*rank as f64).powi(2)).sum::<f64>();
            assert_eq!(sums.squares as f64, one_by_one);
        }
    }

    #[test]
    fn the_documented_sizes_are_exact() {
        assert!(is_exact([160].into_iter()) && !is_exact([161].into_iter()));
        assert!(is_exact([20; 20].into_iter()) && !is_exact([20; 23].into_iter()));
        assert!(!is_exact([usize::MAX].into_iter()));
    }
}
