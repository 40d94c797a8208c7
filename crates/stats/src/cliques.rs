//! Groups of starts that do not differ significantly.

use std::cmp::Ordering;

use super::holm::holm;
use super::is_level;
use super::signed_rank::signed_rank;

/// Returns the Holm-adjusted two-sided p-values of all pairs of starts, by the signed-rank test over problems, as a
/// symmetric matrix with 1 on its diagonal.
///
/// `values[problem][start]` has one value per problem and start. `difference(a, b)` is the effect that is ranked over
/// problems: a log ratio for work, a difference for values on one scale. The p-value of a pair depends on its two
/// starts alone, whereas mean ranks depend on the others (Benavoli, Corani and Mangili 2016). With N problems, the
/// smallest p-value is 2^(1 - N), times k (k - 1) / 2 pairs: 5 starts need 9 problems before any pair can differ
/// significantly at 0.05.
///
/// Equal infinite values count as no difference, without calling `difference`. `None` for no problems, different
/// lengths, or a NaN.
pub fn pairwise_p<S: AsRef<[f64]>>(values: &[S], difference: impl Fn(f64, f64) -> f64) -> Option<Vec<Vec<f64>>> {
    let k = values.first()?.as_ref().len();
    if values.iter().map(AsRef::as_ref).any(|problem| problem.len() != k || problem.iter().any(|x| x.is_nan())) {
        return None;
    }
    let mut raw = Vec::with_capacity(k * k.saturating_sub(1) / 2);
    for i in 0..k {
        for j in 0..i {
            let of = |problem: &S| (problem.as_ref()[i], problem.as_ref()[j]);
            let differences: Vec<f64> =
                values.iter().map(of).map(|(a, b)| if a == b { 0.0 } else { difference(a, b) }).collect();
            raw.push(signed_rank(&differences, 0.0)?.p_two_sided);
        }
    }
    let adjusted = holm(&raw)?;
    let p = |i: usize, j: usize| match i.cmp(&j) {
        Ordering::Greater => adjusted[i * (i - 1) / 2 + j],
        Ordering::Equal => 1.0,
        Ordering::Less => adjusted[j * (j - 1) / 2 + i],
    };
    Some((0..k).map(|i| (0..k).map(|j| p(i, j)).collect()).collect())
}

/// Returns the maximal groups of starts without a significant difference: every p between members exceeds alpha.
///
/// Members and groups are in the order of `mean_ranks`, best first. A start that differs from all others forms its own
/// group. The relation is not transitive, so groups overlap and need not be contiguous in the order. They are the
/// maximal cliques (Bron and Kerbosch 1973); `p` is the matrix of [`pairwise_p`]. `None` if sizes differ, a mean rank
/// is NaN, or the level is outside (0, 1).
pub fn cliques(mean_ranks: &[f64], p: &[Vec<f64>], alpha: f64) -> Option<Vec<Vec<usize>>> {
    let k = mean_ranks.len();
    let is_square = p.len() == k && p.iter().all(|row| row.len() == k);
    if !is_square || !is_level(alpha) || mean_ranks.iter().any(|rank| rank.is_nan()) {
        return None;
    }
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by(|i, j| mean_ranks[*i].total_cmp(&mean_ranks[*j]));
    // Below, a start is its position in the order.
    let joined = |i: usize, j: usize| i != j && p[order[i]][order[j]] > alpha;
    let mut found = Vec::new();
    extend(&joined, &mut Vec::new(), (0..k).collect(), Vec::new(), &mut found);
    for clique in &mut found {
        clique.sort_unstable();
    }
    found.sort();
    Some(found.into_iter().map(|clique| clique.into_iter().map(|place| order[place]).collect()).collect())
}

/// Adds every maximal clique that contains `clique`, any starts of `open`, and no start of `closed`. All starts of
/// `open` and `closed` are joined to all of `clique`.
fn extend(
    joined: &impl Fn(usize, usize) -> bool,
    clique: &mut Vec<usize>,
    mut open: Vec<usize>,
    mut closed: Vec<usize>,
    found: &mut Vec<Vec<usize>>,
) {
    let degree = |i: usize| open.iter().filter(|j| joined(i, **j)).count();
    let Some(pivot) = open.iter().chain(&closed).copied().max_by_key(|i| degree(*i)) else {
        // The clique is maximal: it cannot grow, not even by vertices tried before.
        if !clique.is_empty() {
            found.push(clique.clone());
        }
        return;
    };
    let tried: Vec<usize> = open.iter().copied().filter(|i| !joined(pivot, *i)).collect();
    for i in tried {
        let neighbours = |of: &[usize]| of.iter().copied().filter(|j| joined(i, *j)).collect::<Vec<_>>();
        clique.push(i);
        extend(joined, clique, neighbours(&open), neighbours(&closed), found);
        clique.pop();
        open.retain(|j| *j != i);
        closed.push(i);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn matrix(k: usize, apart: &[(usize, usize)]) -> Vec<Vec<f64>> {
        let is_apart = |i, j| apart.contains(&(i, j)) || apart.contains(&(j, i));
        (0..k).map(|i| (0..k).map(|j| if is_apart(i, j) { 0.01 } else { 0.5 }).collect()).collect()
    }

    #[test]
    fn groups_overlap_and_come_best_first() {
        // 2 is best, then 0, then 1; only the first and the last differ.
        let ranks = [2.0, 2.5, 1.5];
        assert_eq!(cliques(&ranks, &matrix(3, &[(1, 2)]), 0.05).unwrap(), [[2, 0], [0, 1]]);
        assert_eq!(cliques(&ranks, &matrix(3, &[]), 0.05).unwrap(), [[2, 0, 1]]);
        assert_eq!(cliques(&ranks, &matrix(3, &[(0, 1), (0, 2), (1, 2)]), 0.05).unwrap(), [[2], [0], [1]]);
        // The best and the worst form a group without the one between.
        assert_eq!(cliques(&ranks, &matrix(3, &[(0, 1), (0, 2)]), 0.05).unwrap(), [vec![2, 1], vec![0]]);
    }

    #[test]
    fn p_values_are_those_of_the_signed_rank_test() {
        let row = |i: u32| [f64::from(i), f64::from(2 * i), 1.1 + f64::from(i % 5)];
        let values: Vec<[f64; 3]> = (1..=8).map(row).collect();
        let raw = |i: usize, j: usize| {
            let differences: Vec<f64> = values.iter().map(|row| row[i] - row[j]).collect();
            signed_rank(&differences, 0.0).unwrap().p_two_sided
        };
        let p = pairwise_p(&values, |a, b| a - b).unwrap();
        let adjusted = holm(&[raw(1, 0), raw(2, 0), raw(2, 1)]).unwrap();
        assert_eq!(raw(1, 0), 2.0 / 256.0);
        assert_eq!([p[1][0], p[2][0], p[2][1]], adjusted[..]);
        assert_eq!([p[0][1], p[0][2], p[1][2], p[1][1]], [p[1][0], p[2][0], p[2][1], 1.0]);
    }

    #[test]
    fn two_failures_are_equal() {
        let values = vec![[f64::INFINITY, f64::INFINITY]; 8];
        assert_eq!(pairwise_p(&values, |a: f64, b: f64| (a / b).ln()).unwrap()[0][1], 1.0);
    }

    #[test]
    fn bad_input_has_no_answer() {
        let none: [[f64; 2]; 0] = [];
        assert_eq!(pairwise_p(&none, |a, b| a - b), None);
        assert_eq!(pairwise_p(&[vec![1.0, 2.0], vec![1.0]], |a, b| a - b), None);
        assert_eq!(pairwise_p(&[[1.0, f64::NAN]], |a, b| a - b), None);
        assert_eq!(pairwise_p(&[[1.0]], |a, b| a - b), Some(vec![vec![1.0]]));
        assert_eq!(cliques(&[1.0, 2.0], &matrix(3, &[]), 0.05), None);
        assert_eq!(cliques(&[1.0, f64::NAN], &matrix(2, &[]), 0.05), None);
        assert_eq!(cliques(&[1.0, 2.0], &matrix(2, &[]), 1.0), None);
        assert_eq!(cliques(&[], &[], 0.05), Some(vec![]));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        /// Compares with all subsets of 6 starts.
        #[test]
        fn they_are_the_maximal_cliques(apart in prop::collection::vec((0_usize..6, 0_usize..6), 0..12)) {
            let p = matrix(6, &apart);
            let is_clique = |set: u32| {
                let members: Vec<usize> = (0..6).filter(|i| set >> i & 1 == 1).collect();
                members.iter().all(|i| members.iter().all(|j| i == j || p[*i][*j] > 0.05))
            };
            let is_maximal = |set: &u32| (0..6).all(|i| set >> i & 1 == 1 || !is_clique(set | 1 << i));
            let expected: BTreeSet<u32> = (1..64).filter(|set| is_clique(*set)).filter(is_maximal).collect();
            let found = cliques(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &p, 0.05).unwrap();
            let sets: BTreeSet<u32> = found.iter().map(|set| set.iter().map(|i| 1 << i).sum()).collect();
            prop_assert_eq!(sets.len(), found.len());
            prop_assert_eq!(sets, expected);
        }
    }
}
