//! Dimensionless effect sizes, for values of which smaller ones are better.

use super::order::sorted;

/// Returns the A12 of Vargha and Delaney 2000: the probability that a value of `first` beats one of `second`, unpaired.
///
/// It is (#(a < b) + #(a = b) / 2) / (m n) over all pairs of an a of `first` and a b of `second`; smaller is better.
/// 0.5 means no effect, 1 that every value of `first` is smaller. Infinite values count as worst. `None` if a sample is
/// empty or has a NaN.
pub fn a12(first: &[f64], second: &[f64]) -> Option<f64> {
    let second = sorted(second)?;
    let halves: usize = sorted(first)?
        .iter()
        .map(|a| 2 * second.len() - second.partition_point(|b| b < a) - second.partition_point(|b| b <= a))
        .sum();
    Some(halves as f64 / (2 * first.len() * second.len()) as f64)
}

/// Returns the share of replicates in which `first` wins against `second`, (wins + ties / 2) / n; smaller is better.
///
/// This is the paired version of [`a12`]. `None` for no replicates, different lengths, or a NaN.
pub fn win_rate(first: &[f64], second: &[f64]) -> Option<f64> {
    if first.is_empty() || first.len() != second.len() {
        return None;
    }
    let mut halves = 0_usize;
    for (a, b) in first.iter().zip(second) {
        halves += match a.partial_cmp(b)? {
            std::cmp::Ordering::Less => 2,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Greater => 0,
        };
    }
    Some(halves as f64 / (2 * first.len()) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy: `1 - mannwhitneyu(first, second).statistic / 30` is 0.6833333333333333.
    #[test]
    fn a12_agrees_with_mann_whitney() {
        let first = [1.0, 2.0, 2.0, 5.0, 9.0];
        let second = [2.0, 3.0, 5.0, 6.0, 7.0, 8.0];
        assert!((a12(&first, &second).unwrap() - 41.0 / 60.0).abs() < 1e-15);
        assert!((a12(&second, &first).unwrap() - 19.0 / 60.0).abs() < 1e-15);
    }

    #[test]
    fn a12_ends() {
        assert_eq!(a12(&[1.0, 2.0], &[3.0, f64::INFINITY]), Some(1.0));
        assert_eq!(a12(&[1.0], &[1.0]), Some(0.5));
        assert_eq!(a12(&[], &[1.0]), None);
        assert_eq!(a12(&[1.0], &[]), None);
        assert_eq!(a12(&[1.0], &[f64::NAN]), None);
    }

    #[test]
    fn win_rate_pairs() {
        // By replicate: win, win, win, loss, tie. Unpaired, the same values give 0.56.
        let (first, second) = ([1.0, 3.0, 5.0, 9.0, 4.0], [2.0, 4.0, 6.0, 1.0, 4.0]);
        assert_eq!(win_rate(&first, &second), Some(0.7));
        assert_eq!(win_rate(&second, &first), Some(0.3));
        assert_ne!(a12(&first, &second), Some(0.7));
        assert_eq!(win_rate(&[1.0], &[]), None);
        assert_eq!(win_rate(&[], &[]), None);
        assert_eq!(win_rate(&[1.0], &[f64::NAN]), None);
    }
}
