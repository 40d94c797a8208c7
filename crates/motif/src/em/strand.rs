//! A matrix as tables of ratios to the background.

use super::kernel::Table;
use crate::Pwm;
use headstart_simd::Portable;

/// The tables of a matrix for one strand.
pub(super) struct Strand {
    pub(super) tables: Vec<Table>,
    /// Logarithms of the same ratios, one array per column.
    pub(super) columns: Vec<[f64; 4]>,
}

/// The largest ratio of every column.
fn largest(pwm: &Pwm, letters: [f64; 4]) -> Vec<f64> {
    pwm.columns().iter().map(|column| (0..4).map(|a| column[a] / letters[a]).fold(0.0, f64::max)).collect()
}

/// The logarithm of the largest possible ratio of a window.
pub(super) fn log_largest(pwm: &Pwm, letters: [f64; 4]) -> f64 {
    largest(pwm, letters).iter().map(|ratio| ratio.portable_ln()).sum()
}

/// Makes tables whose products are divided by exp(`offset`) in total. `offset` must be at least [`log_largest`], so
/// that no product is above 1.
pub(super) fn strand(pwm: &Pwm, letters: [f64; 4], offset: f64) -> Strand {
    let own: Vec<f64> = largest(pwm, letters).iter().map(|ratio| ratio.portable_ln()).collect();
    // The rest of the offset is spread evenly over the columns, so that partial products stay in range.
    let spread = (offset - own.iter().sum::<f64>()) / own.len() as f64;
    let ratio = |k: usize, a: usize| pwm.columns()[k][a] / letters[a] * (-own[k] - spread).portable_exp();
    let table = |pair: usize| {
        std::array::from_fn(|entry| {
            let second = if 2 * pair + 1 < own.len() { ratio(2 * pair + 1, entry & 3) } else { 1.0 };
            (ratio(2 * pair, entry >> 2) * second) as f32
        })
    };
    let log = |column: &[f64; 4]| std::array::from_fn(|a| (column[a] / letters[a]).portable_ln());
    Strand { tables: (0..own.len().div_ceil(2)).map(table).collect(), columns: pwm.columns().iter().map(log).collect() }
}
