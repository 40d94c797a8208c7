//! How likely a motif as good as this is by chance.

use headstart_simd::Portable;
use serde::Serialize;

/// How a motif compares with the best that the same search finds, at the same width and from the same kind of start, in
/// control sequences: as long, with N in the same places, and else
/// each sequence's letters in a random order (background of order 0), or letters drawn from the background's chain (higher
/// orders). Earlier motifs are not erased from controls, since there are none in them. That several widths were tried is not
/// accounted for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Significance {
    /// The log-likelihood ratio in every control, nats.
    pub controls: Vec<f64>,
    /// (1 + controls at least as good) / (1 + controls): valid as it stands, and never below 1 / (1 + controls).
    pub p: f64,
    /// The same from a Gumbel distribution with the controls' mean and variance: an extrapolation, to be read like an E-value
    /// of the best motif of such sequences. NaN for fewer than two controls or controls that do not vary.
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

    /// Quantiles of the Gumbel distribution at evenly spaced probabilities fit back to it, and its tail is known.
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
