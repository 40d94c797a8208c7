//! Concordant minus discordant pairs, counted in O(n log n).

use super::order::sorted;

/// The points of one stratum as ranks, sorted by x.
pub(super) struct Points {
    /// Sizes of the groups of equal x, ascending; the points of a group follow each other.
    pub(super) x_groups: Vec<usize>,
    /// Sizes of the groups of equal y, ascending.
    pub(super) y_groups: Vec<usize>,
    /// For each point, the index of its group of y.
    pub(super) y: Vec<usize>,
}

impl Points {
    /// `None` if there is a NaN; an empty slice is allowed.
    pub(super) fn new(pairs: &[(f64, f64)]) -> Option<Self> {
        if pairs.is_empty() {
            return Some(Self { x_groups: Vec::new(), y_groups: Vec::new(), y: Vec::new() });
        }
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let (x, y) = (sorted(&x)?, sorted(&y)?);
        let sizes = |sorted: &[f64]| sorted.chunk_by(|a, b| a == b).map(<[f64]>::len).collect::<Vec<_>>();
        let (x_groups, y_groups) = (sizes(&x), sizes(&y));
        let levels: Vec<f64> = y.chunk_by(|a, b| a == b).map(|group| group[0]).collect();
        let mut by_x = pairs.to_vec();
        by_x.sort_by(|a, b| if a.0 == b.0 { std::cmp::Ordering::Equal } else { a.0.total_cmp(&b.0) });
        let y = by_x.iter().map(|(_, y)| levels.partition_point(|level| level < y)).collect();
        Some(Self { x_groups, y_groups, y })
    }

    pub(super) fn n(&self) -> usize {
        self.y.len()
    }

    /// Returns the numbers of pairs not tied in x, and not tied in y.
    pub(super) fn untied(&self) -> (f64, f64) {
        let pairs = |n: usize| n as f64 * (n as f64 - 1.0) / 2.0;
        let of = |groups: &[usize]| pairs(self.n()) - groups.iter().map(|size| pairs(*size)).sum::<f64>();
        (of(&self.x_groups), of(&self.y_groups))
    }

    /// Returns S, the concordant minus discordant pairs, with `y` (groups of y, in the order of x) instead of the
    /// points' own.
    pub(super) fn score(&self, y: &[usize], seen: &mut Seen) -> i64 {
        let mut score = 0;
        self.sweep(y, seen, |_, below, above| score += below - above);
        score
    }

    /// Returns for each point, in the order of x, the concordant minus discordant pairs it belongs to.
    pub(super) fn scores(&self) -> Vec<i64> {
        let mut scores = vec![0; self.n()];
        self.sweep(&self.y, &mut Seen::default(), |i, below, above| scores[i] += below - above);
        let backwards = Self {
            x_groups: self.x_groups.iter().rev().copied().collect(),
            y_groups: self.y_groups.clone(),
            y: self.y.iter().rev().copied().collect(),
        };
        let last = self.n().saturating_sub(1);
        backwards.sweep(&backwards.y, &mut Seen::default(), |i, below, above| scores[last - i] += above - below);
        scores
    }

    /// Calls `tell` for each point with the numbers of points of smaller x that lie below and above it.
    fn sweep(&self, y: &[usize], seen: &mut Seen, mut tell: impl FnMut(usize, i64, i64)) {
        seen.clear(self.y_groups.len());
        let (mut from, mut before) = (0, 0);
        for size in &self.x_groups {
            let group = from..from + size;
            for i in group.clone() {
                let up_to = seen.below(y[i] + 1);
                tell(i, seen.below(y[i]), before - up_to);
            }
            for y in &y[group] {
                seen.add(*y);
                before += 1;
            }
            from += size;
        }
    }
}

/// Counts by group of y, with cumulative sums (Fenwick 1994).
#[derive(Default)]
pub(super) struct Seen(Vec<i64>);

impl Seen {
    fn clear(&mut self, groups: usize) {
        self.0.clear();
        self.0.resize(groups + 1, 0);
    }

    fn add(&mut self, group: usize) {
        let mut node = group + 1;
        while let Some(count) = self.0.get_mut(node) {
            *count += 1;
            node += node & node.wrapping_neg();
        }
    }

    /// Returns the number of points in the groups before `group`.
    fn below(&self, group: usize) -> i64 {
        let (mut node, mut sum) = (group, 0);
        while node > 0 {
            sum += self.0[node];
            node &= node - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn groups() {
        let points = Points::new(&[(3.0, 1.0), (-0.0, 7.0), (0.0, 1.0), (f64::INFINITY, 5.0)]).unwrap();
        assert_eq!(
            (points.x_groups.as_slice(), points.y_groups.as_slice()),
            ([2, 1, 1].as_slice(), [2, 1, 1].as_slice())
        );
        assert_eq!(points.y, [2, 0, 0, 1]);
        assert_eq!(points.untied(), (5.0, 5.0));
        assert!(Points::new(&[(1.0, f64::NAN)]).is_none() && Points::new(&[(f64::NAN, 1.0)]).is_none());
        let none = Points::new(&[]).unwrap();
        assert_eq!(
            (none.n(), none.untied(), none.scores(), none.score(&[], &mut Seen::default())),
            (0, (0.0, 0.0), vec![], 0)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

        /// Compares with the count over all pairs, with ties.
        #[test]
        fn scores_count_all_pairs(pairs in prop::collection::vec((-4..4_i32, -4..4_i32), 1..25)) {
            let mut floats: Vec<(f64, f64)> = pairs.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
            floats.sort_by(|a, b| a.0.total_cmp(&b.0));
            let points = Points::new(&floats).unwrap();
            let sign = |a: f64, b: f64| i64::from(a > b) - i64::from(a < b);
            let of = |i: usize| floats.iter().map(|b| sign(floats[i].0, b.0) * sign(floats[i].1, b.1)).sum::<i64>();
            let expected: Vec<i64> = (0..floats.len()).map(of).collect();
            prop_assert_eq!(points.score(&points.y, &mut Seen::default()), expected.iter().sum::<i64>() / 2);
            prop_assert_eq!(points.scores(), expected);
            let untied = |of: &dyn Fn(&(f64, f64)) -> f64| {
                let pairs = floats.iter().flat_map(|a| floats.iter().map(move |b| (a, b)));
                pairs.filter(|(a, b)| of(a) < of(b)).count() as f64
            };
            prop_assert_eq!(points.untied(), (untied(&|p| p.0), untied(&|p| p.1)));
        }
    }
}
