//! Rankings of starts over problems: the Friedman test, mean ranks and their critical difference.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

use super::is_level;
use super::order::sorted;
use super::studentized::quantile_of_range;

/// The outcome of a Friedman test.
#[derive(Clone, Debug, PartialEq)]
pub struct Friedman {
    /// Mean rank of each start over the problems: 1 is best.
    pub mean_ranks: Vec<f64>,
    /// Number of problems.
    pub n: usize,
    /// Friedman's statistic, corrected for ties; approximately chi-squared with k - 1 degrees of freedom.
    pub chi2: f64,
    /// The p-value of `chi2`.
    pub p_chi2: f64,
    /// The statistic of Iman and Davenport; approximately F with k - 1 and (k - 1)(N - 1) degrees of freedom. Infinite
    /// if all problems rank the starts in the same way.
    pub f: f64,
    /// The p-value of `f`: the one to print, since that of chi-squared is too conservative for few problems.
    pub p_f: f64,
}

/// Performs the test of Friedman 1937 that k starts do equally well on N problems, with the F of Iman and Davenport
/// 1980.
///
/// `values[problem][start]` has one value per problem and start (a summary of its replicates); smaller is better.
/// Starts are ranked within a problem, and ties share the mean of their ranks. With R the mean ranks, chi2 = 12 N / (k
/// (k + 1)) (sum of R^2 - k (k + 1)^2 / 4), divided by 1 - sum of (t^3 - t) / (N k (k^2 - 1)) over groups of t ties, as
/// in scipy and R (Demšar 2006 omits this correction). F = (N - 1) chi2 / (N (k - 1) - chi2). For fewer than 6 problems
/// both approximations are poor; the caller should then not print the test. Infinite values rank last.
///
/// `None` for fewer than 2 starts or problems, different lengths, or a NaN. If all values are tied, p is 1.
pub fn friedman<S: AsRef<[f64]>>(values: &[S]) -> Option<Friedman> {
    let (n, k) = (values.len(), values.first()?.as_ref().len());
    let mut sums = vec![0.0; k];
    let mut ties = 0.0;
    for problem in values.iter().map(AsRef::as_ref) {
        let sorted = sorted(problem).filter(|sorted| sorted.len() == k)?;
        for (sum, x) in sums.iter_mut().zip(problem) {
            let (below, up_to) = (sorted.partition_point(|y| y < x), sorted.partition_point(|y| y <= x));
            *sum += (below + up_to + 1) as f64 / 2.0;
        }
        ties +=
            sorted.chunk_by(|a, b| a == b).map(|group| (group.len() as f64).powi(3) - group.len() as f64).sum::<f64>();
    }
    let mean_ranks = sums.iter().map(|sum| sum / n as f64).collect();
    let (m, k) = (n as f64, k as f64);
    test(mean_ranks, n, 1.0 - ties / (m * k * (k * k - 1.0)))
}

fn test(mean_ranks: Vec<f64>, n: usize, untied: f64) -> Option<Friedman> {
    let (m, k) = (n as f64, mean_ranks.len() as f64);
    if m < 2.0 || k < 2.0 {
        return None;
    }
    // Deviations from the middle rank give the same sum without cancellation.
    let spread: f64 = mean_ranks.iter().map(|rank| (rank - k.midpoint(1.0)).powi(2)).sum();
    let largest = m * (k - 1.0);
    let chi2 = if untied > 0.0 { (12.0 * m / (k * (k + 1.0)) * spread / untied).min(largest) } else { 0.0 };
    let p_chi2 = ChiSquared::new(k - 1.0).ok()?.sf(chi2);
    // Rounding must not make F finite if all problems agree.
    let f = if largest - chi2 > 1e-9 * largest { (m - 1.0) * chi2 / (largest - chi2) } else { f64::INFINITY };
    let p_f = if f.is_finite() { FisherSnedecor::new(k - 1.0, (k - 1.0) * (m - 1.0)).ok()?.sf(f) } else { 0.0 };
    Some(Friedman { mean_ranks, n, chi2, p_chi2, f, p_f })
}

/// Returns the critical difference of Nemenyi 1963 at the level alpha: two starts whose mean ranks over `n` problems
/// differ by at least this much differ significantly, simultaneously for all k (k - 1) / 2 pairs.
///
/// It is q sqrt(k (k + 1) / (6 N)), with q the upper alpha quantile of the studentized range of `k` values with
/// infinite degrees of freedom, divided by the root of 2 (Demšar 2006), computed by quadrature. It depends on which
/// other starts are included (Benavoli et al. 2016), so it is only for display; cliques come from
/// [`pairwise_p`](super::pairwise_p). `None` for fewer than 2 starts, no problems, or a level outside (0, 1).
pub fn critical_difference(k: usize, n: usize, alpha: f64) -> Option<f64> {
    if k < 2 || n == 0 || !is_level(alpha) {
        return None;
    }
    let q = quantile_of_range(alpha, u32::try_from(k).ok()?);
    Some(q * (k as f64 * (k as f64 + 1.0) / (12.0 * n as f64)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ranks in table 6 of Demšar 2006.
    const RANKS: [[f64; 4]; 14] = [
        [4.0, 3.0, 2.0, 1.0],
        [1.0, 2.0, 3.0, 4.0],
        [4.0, 1.0, 2.0, 3.0],
        [4.0, 1.0, 3.0, 2.0],
        [4.0, 2.0, 3.0, 1.0],
        [1.0, 2.5, 4.0, 2.5],
        [3.0, 2.0, 4.0, 1.0],
        [2.5, 2.5, 4.0, 1.0],
        [4.0, 3.0, 2.0, 1.0],
        [2.5, 2.5, 2.5, 2.5],
        [4.0, 2.5, 1.0, 2.5],
        [3.0, 2.0, 4.0, 1.0],
        [4.0, 1.0, 2.0, 3.0],
        [3.0, 1.0, 4.0, 2.0],
    ];

    fn close(a: f64, b: f64) -> bool {
        (a / b - 1.0).abs() < 1e-9
    }

    /// STATISTICS.md; Demšar does not correct for ties. P-values of scipy.
    #[test]
    fn reference_values() {
        let ranks = friedman(&RANKS).unwrap().mean_ranks;
        for (rank, expected) in ranks.iter().zip([3.143, 2.000, 2.893, 1.964]) {
            assert!((rank - expected).abs() < 5e-4, "{ranks:?}");
        }
        let plain = test(ranks, 14, 1.0).unwrap();
        assert!((plain.chi2 - 9.279).abs() < 5e-4 && (plain.f - 3.686).abs() < 5e-4, "{plain:?}");
        assert!(close(plain.p_chi2, 0.025_807_496_707_063_185) && close(plain.p_f, 0.019_823_006_192_249_054));
        assert!((critical_difference(4, 14, 0.05).unwrap() - 1.253_559_147_117_605_7).abs() < 1e-8);
        assert!((critical_difference(4, 14, 0.10).unwrap() - 1.118_060_166_981_527_8).abs() < 1e-8);
    }

    /// `scipy.stats.friedmanchisquare`, which corrects for ties, and F from it.
    #[test]
    fn ties_are_corrected_for() {
        let test = friedman(&RANKS).unwrap();
        assert_eq!(test.n, 14);
        assert!(close(test.chi2, 10.228_346_456_692_925) && close(test.p_chi2, 0.016_721_580_328_441_323));
        assert!(close(test.f, 4.185_130_111_524_17) && close(test.p_f, 0.011_620_659_515_310_975));
    }

    #[test]
    fn only_order_counts() {
        let values = RANKS.map(|row| row.map(|rank| if rank == 4.0 { f64::INFINITY } else { 10f64.powf(rank) }));
        assert_eq!(friedman(&values), friedman(&RANKS));
    }

    #[test]
    fn ends() {
        let agreed = friedman(&[[1.0, 2.0, 3.0]; 7]).unwrap();
        assert_eq!(
            (agreed.mean_ranks.as_slice(), agreed.f, agreed.p_f),
            ([1.0, 2.0, 3.0].as_slice(), f64::INFINITY, 0.0)
        );
        assert!(close(agreed.chi2, 14.0) && close(agreed.p_chi2, (-7.0_f64).exp()));
        let tied = friedman(&[[5.0; 3]; 7]).unwrap();
        assert_eq!((tied.chi2, tied.p_chi2, tied.f, tied.p_f), (0.0, 1.0, 0.0, 1.0));
    }

    #[test]
    fn bad_input_has_no_answer() {
        let none: [[f64; 3]; 0] = [];
        assert_eq!(friedman(&none), None);
        assert_eq!(friedman(&[[1.0, 2.0]]), None);
        assert_eq!(friedman(&[[1.0], [2.0]]), None);
        assert_eq!(friedman(&[[1.0, 2.0], [f64::NAN, 1.0]]), None);
        assert_eq!(friedman(&[vec![1.0, 2.0], vec![1.0, 2.0, 3.0]]), None);
        assert_eq!(critical_difference(1, 14, 0.05), None);
        assert_eq!(critical_difference(4, 0, 0.05), None);
        assert_eq!(critical_difference(4, 14, 0.0), None);
    }
}
