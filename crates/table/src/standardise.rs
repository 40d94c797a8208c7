//! Standardised columns: mean 0 and standard deviation 1.

use ndarray::{Array2, ArrayView1, ArrayViewMut1};

/// Deviations below this share of the mean are rounding errors: the column is constant.
const ROUNDING: f64 = 1e-12;

/// Brings every column to mean 0 and standard deviation 1; constant columns become 0. Returns for each column whether
/// it varies.
///
/// The arithmetic is that of [`standardise_column`].
pub fn standardise(table: &mut Array2<f64>) -> Vec<bool> {
    table.columns_mut().into_iter().map(|mut column| standardise_column(&mut column)).collect()
}

/// Mean and standard deviation (divisor n) of a column that varies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub deviation: f64,
}

/// Returns mean and standard deviation of a column (divisor n, scikit-learn's `StandardScaler`), or `None` if it is constant.
///
/// There are two passes in the order of the rows: first the mean, as the first entry plus the mean difference from it,
/// then the mean square of the deviations in units of the largest. This keeps the digits of the spread despite a large
/// common offset, and squares neither overflow nor underflow. A column is constant if no deviation exceeds 1e-12 of its
/// mean.
pub fn scale(column: &ArrayView1<'_, f64>) -> Option<Scale> {
    let rows = column.len() as f64;
    let first = column.first().copied().unwrap_or(0.0);
    let mean = first + column.iter().map(|value| (value - first) / rows).sum::<f64>();
    let largest = column.iter().fold(0.0, |most: f64, value| most.max((value - mean).abs()));
    if !(largest > ROUNDING * mean.abs()) {
        return None;
    }
    let deviation =
        largest * (column.iter().map(|value| ((value - mean) / largest).powi(2)).sum::<f64>() / rows).sqrt();
    Some(Scale { mean, deviation })
}

/// Brings a column to mean 0 and standard deviation 1, as measured by [`scale`]. Returns `false` for a constant column,
/// which becomes 0.
pub fn standardise_column(column: &mut ArrayViewMut1<'_, f64>) -> bool {
    let Some(Scale { mean, deviation }) = scale(&column.view()) else {
        column.fill(0.0);
        return false;
    };
    column.mapv_inplace(|value| (value - mean) / deviation);
    true
}
