//! Statistics of signals, layer by layer.

use crate::{Network, Real};
use headstart_simd::Portable;

/// Statistics of one signal over the batch and all numbers of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Indices of the nested layers, from the outside in.
    pub path: Vec<usize>,
    /// The signal: `output`, `gradient`, `logits`, ...
    pub what: &'static str,
    /// Mean.
    pub mean: f64,
    /// Mean squared deviation from the mean.
    pub variance: f64,
    /// Mean square. Variance rules keep this constant rather than the variance, since the output of a ReLU has a
    /// nonzero mean.
    pub square: f64,
    /// Share of units that are 0 or below for all samples: dead units, before or after a ReLU.
    pub dead: f64,
}

/// Returns the statistics of all signals of the last pass, in the order of [`Network::watch`].
pub fn statistics<T: Real>(network: &Network<T>) -> Vec<Statistics> {
    let mut found = Vec::new();
    network.watch(|watched| {
        found.push(Statistics { path: watched.path.to_vec(), what: watched.what, ..of(watched.values, watched.width) });
    });
    found
}

/// Returns the statistics of rows of `width` numbers, with empty `path` and `what`.
pub fn of<T: Real>(values: &[T], width: usize) -> Statistics {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|x| x.wide()).sum::<f64>() / count;
    let variance = values.iter().map(|x| (x.wide() - mean).powi(2)).sum::<f64>() / count;
    let square = values.iter().map(|x| x.wide().powi(2)).sum::<f64>() / count;
    let dead = (0..width).filter(|&unit| values.iter().skip(unit).step_by(width).all(|&x| x <= T::zero())).count();
    Statistics { path: Vec::new(), what: "", mean, variance, square, dead: dead as f64 / width.max(1) as f64 }
}

/// Returns the mean entropy in nats of rows of probabilities: ln n for a uniform row, 0 if one entry is 1.
pub fn entropy<T: Real>(probabilities: &[T], width: usize) -> f64 {
    let rows = probabilities.len() / width.max(1);
    let terms = probabilities.iter().map(|p| p.wide()).filter(|p| *p > 0.0).map(|p| -p * p.portable_ln());
    terms.sum::<f64>() / rows.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_small_table() {
        let found = of(&[1.0, -1.0, 0.0, 3.0, -2.0, -1.0], 3);
        assert_eq!((found.mean, found.square), (0.0, 16.0 / 6.0));
        assert_eq!((found.variance, found.dead), (16.0 / 6.0, 2.0 / 3.0));
        assert!((entropy(&[0.25; 8], 4) - 4.0_f64.ln()).abs() < 1e-15);
        assert_eq!(entropy(&[0.0, 1.0], 2), 0.0);
    }
}
