//! The exact null distribution of Kendall's S if at most one of the two variables has ties.

use super::concordance::Points;

/// Largest cost, points x (largest S), of an exact distribution: 500 points in one stratum, or 80 strata of 20.
const EXACT_COST: f64 = (1_u64 << 26) as f64;

/// Returns the probability of S = 2 j - R at j = 0, ..., R, where S is summed over strata and all orders of y within a
/// stratum are equally likely. R is the number of pairs that are tied in neither variable.
///
/// With groups of t equal values in one variable and no ties in the other, (S + R) / 2 is the number of inversions of a
/// word. Its generating function is the q-multinomial coefficient: the product over points of (1 - q^(s + i)) / (1 -
/// q^i), with i counted within a group and s the number of points before it (`MacMahon` 1913; without ties, Kendall
/// 1938; two groups give the rank-sum test). Each factor is multiplied in and divided out on the lower half, where
/// every coefficient depends only on smaller ones, and then mirrored. So relative rounding errors stay small in the
/// tails.
///
/// `None` if a stratum has ties in both variables, or the sizes are too large.
pub(super) fn distribution(strata: &[Points]) -> Option<Vec<f64>> {
    let mut range = 0.0;
    let mut words = Vec::with_capacity(strata.len());
    for points in strata {
        let untied = points.untied();
        range += untied.0.min(untied.1);
        words.push(match (points.x_groups.len() == points.n(), points.y_groups.len() == points.n()) {
            (true, _) => &points.y_groups,
            (false, true) => &points.x_groups,
            (false, false) => return None,
        });
    }
    let points: usize = strata.iter().map(Points::n).sum();
    if points as f64 * range > EXACT_COST {
        return None;
    }
    let mut mass = vec![1.0];
    for word in words {
        let mut before = 0;
        for &size in word {
            if before > 0 {
                (1..=size).for_each(|i| grow(&mut mass, before, i));
            }
            before += size;
        }
    }
    Some(mass)
}

/// Multiplies by (1 - q^(before + i)) / (1 - q^i), normalised to probabilities.
fn grow(mass: &mut Vec<f64>, before: usize, i: usize) {
    let largest = mass.len() - 1 + before;
    mass.resize(largest + 1, 0.0);
    let (half, step) = (largest / 2, before + i);
    for j in (step..=half).rev() {
        mass[j] -= mass[j - step];
    }
    for j in i..=half {
        mass[j] += mass[j - i];
    }
    let share = i as f64 / step as f64;
    for j in 0..=half {
        mass[j] = (share * mass[j]).max(0.0);
        mass[largest - j] = mass[j];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stratum(y: &[f64]) -> Points {
        Points::new(&y.iter().copied().zip(0..).map(|(y, x)| (f64::from(x), y)).collect::<Vec<_>>()).unwrap()
    }

    fn untied(n: u32) -> Points {
        stratum(&(0..n).map(f64::from).collect::<Vec<_>>())
    }

    /// Permutations of 4 by inversions: 1 3 5 6 5 3 1; words of two 0 and three 1: 1 1 2 2 2 1 1.
    #[test]
    fn it_counts_inversions() {
        let counts = |points, total: f64| -> Vec<f64> {
            distribution(&[points]).unwrap().iter().map(|mass| (mass * total * 1e9).round() / 1e9).collect()
        };
        assert_eq!(counts(untied(4), 24.0), [1.0, 3.0, 5.0, 6.0, 5.0, 3.0, 1.0]);
        assert_eq!(counts(stratum(&[0.0, 0.0, 1.0, 1.0, 1.0]), 10.0), [1.0, 1.0, 2.0, 2.0, 2.0, 1.0, 1.0]);
        let swapped = Points::new(&[(0.0, 3.0), (0.0, 1.0), (1.0, 2.0), (1.0, 4.0), (1.0, 5.0)]).unwrap();
        assert_eq!(counts(swapped, 10.0), [1.0, 1.0, 2.0, 2.0, 2.0, 1.0, 1.0]);
        assert_eq!(counts(stratum(&[1.0, 1.0]), 1.0), [1.0]);
    }

    /// Exact integers in Python: lower tails of the Mahonian numbers, and of `[40 choose 15]_q`.
    #[test]
    fn tails_are_accurate() {
        let tail = |mass: &[f64], j: usize| mass[..=j].iter().sum::<f64>();
        for (points, j, expected) in TAILS.map(|(n, j, p)| (if n == 40 { words() } else { untied(n) }, j, p)) {
            let mass = distribution(&[points]).unwrap();
            assert!((tail(&mass, j) / expected - 1.0).abs() < 1e-9, "{j} {} {expected}", tail(&mass, j));
            assert!((mass.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
    fn words() -> Points {
        stratum(&[[0.0; 15].as_slice(), &[1.0; 25]].concat())
    }
    const TAILS: [(u32, usize, f64); 10] = [
        (20, 30, 2.552_354_839_608_547e-6),
        (20, 60, 0.011_867_247_822_475_894),
        (20, 95, 0.512_766_548_530_563_1),
        (60, 500, 1.894_863_965_330_292_2e-7),
        (60, 700, 0.009_071_053_521_756_715),
        (60, 885, 0.502_532_963_127_836_2),
        (40, 20, 6.682_354_113_452_307e-8),
        (40, 80, 0.001_052_968_469_034_479_7),
        (40, 150, 0.152_610_913_876_656_35),
        (40, 187, 0.5),
    ];

    #[test]
    fn strata_are_convolved() {
        let both = distribution(&[untied(3), stratum(&[0.0, 1.0, 1.0])]).unwrap();
        // (1 2 2 1) / 6 with (1 1 1) / 3.
        let expected = [1.0, 3.0, 5.0, 5.0, 3.0, 1.0];
        assert_eq!(both.len(), expected.len());
        assert!(both.iter().zip(expected).all(|(mass, count)| (mass * 18.0 - count).abs() < 1e-12), "{both:?}");
    }

    #[test]
    fn ties_in_both_and_large_sizes_are_not_counted() {
        let tied = || Points::new(&[(0.0, 1.0), (0.0, 2.0), (1.0, 2.0)]).unwrap();
        assert!(distribution(&[tied()]).is_none() && distribution(&[untied(5), tied()]).is_none());
        assert!(distribution(&[untied(500)]).is_some() && distribution(&[untied(520)]).is_none());
        assert!(distribution(&(0..80).map(|_| untied(20)).collect::<Vec<_>>()).is_some());
        assert_eq!(distribution(&[]), Some(vec![1.0]));
    }
}
