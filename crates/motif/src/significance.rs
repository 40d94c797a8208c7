//! Significance: the probability of an equally good motif by chance.

use headstart_simd::Portable;
use serde::Serialize;

/// Compares a motif with the best motifs that the same search finds in control sequences, at the same width and from
/// the same kind of start. Controls have the same lengths, with N at the same positions. Their letters are those of
/// each sequence in random order (background of order 0), or are drawn from the background's chain (higher orders).
/// Earlier motifs are not erased from controls, which do not contain them. There is no correction for the number of
/// widths tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Significance {
    /// The log-likelihood ratio of every control, in nats.
    pub controls: Vec<f64>,
    /// (1 + number of controls at least as good) / (1 + controls): a valid p value, which is never below 1 / (1 +
    /// controls).
    pub p: f64,
    /// The same from a Gumbel distribution with the mean and variance of the controls: an extrapolation, to be read
    /// like an E-value of the best motif of such sequences. NaN with fewer than two controls, or if all controls are
    /// equal.
    pub extrapolated: f64,
}

impl Significance {
    pub(crate) fn of(llr: f64, controls: Vec<f64>) -> Self {
        let n = controls.len() as f64;
        let at_least = controls.iter().filter(|&&control| control >= llr).count() as f64;
        let mean = controls.iter().sum::<f64>() / n;
        let variance = controls.iter().map(|control| (control - mean).powi(2)).sum::<f64>() / (n - 1.0);
        // Mean and variance of a Gumbel distribution are mu + gamma b and (pi b)^2 / 6.
        let scale = (6.0 * variance).sqrt() / std::f64::consts::PI;
        let standing = (llr - (mean - 0.577_215_664_901_532_9 * scale)) / scale;
        let tail = -(-(-standing).portable_exp()).portable_exp_m1();
        let extrapolated = if scale > 0.0 { tail } else { f64::NAN };
        Self { p: (1.0 + at_least) / (1.0 + n), extrapolated, controls }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Controls at the quantiles of a Gumbel distribution must give its known tail.
    #[test]
    fn the_tail_is_that_of_a_gumbel_distribution() {
        let n = 20_000;
        let quantile = |i: usize| 100.0 - 3.0 * (-((i as f64 + 0.5) / f64::from(n)).ln()).ln();
        let controls: Vec<f64> = (0..n as usize).map(quantile).collect();
        // 1 - exp(-exp(-(x - 100) / 3)) at 130.
        let exact = -(-(-10f64).exp()).exp_m1();
        let found = Significance::of(130.0, controls.clone());
        assert!((found.extrapolated / exact - 1.0).abs() < 0.02, "{} instead of {exact}", found.extrapolated);
        assert_eq!(Significance::of(1e9, controls[..19].to_vec()).p, 0.05);
        assert_eq!(Significance::of(-1e9, controls[..19].to_vec()).p, 1.0);
        assert!(Significance::of(1.0, vec![2.0]).extrapolated.is_nan());
    }
}
