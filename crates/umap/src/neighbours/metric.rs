//! Distances between rows, and points whose Euclidean distances have the same order.

use ndarray::{Array2, ArrayView2, Axis};

/// Distance between two rows of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Metric {
    /// Euclidean distance.
    #[default]
    Euclidean,
    /// 1 minus the cosine of the angle. A row of zeros is at distance 1 from any other row and at 0 from another row of
    /// zeros.
    Cosine,
}

impl Metric {
    /// Points whose squared Euclidean distances have the order of this metric.
    pub(super) fn prepared(self, data: ArrayView2<'_, f32>) -> Array2<f32> {
        match self {
            // Points far from the origin would lose digits in |x|² + |y|² - 2 x'y.
            Self::Euclidean => {
                let means = data.mapv(f64::from).mean_axis(Axis(0)).unwrap_or_default();
                let mut centred = data.to_owned();
                for mut row in centred.rows_mut() {
                    row.zip_mut_with(&means, |x, mean| *x = (f64::from(*x) - mean) as f32);
                }
                centred
            }
            // Unit vectors: |x - y|² = 2 (1 - cos). Rows of zeros point along an additional column.
            Self::Cosine => {
                let mut unit = Array2::zeros((data.nrows(), data.ncols() + 1));
                for (mut to, from) in unit.rows_mut().into_iter().zip(data.rows()) {
                    let norm = from.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
                    if norm == 0.0 {
                        to[from.len()] = 1.0;
                    } else {
                        to.iter_mut().zip(from).for_each(|(to, &x)| *to = (f64::from(x) / norm) as f32);
                    }
                }
                unit
            }
        }
    }

    /// The points from which the final distances are computed.
    pub(super) fn exact<'a>(self, data: ArrayView2<'a, f32>, prepared: &'a Array2<f32>) -> ArrayView2<'a, f32> {
        match self {
            Self::Euclidean => data,
            Self::Cosine => prepared.view(),
        }
    }

    pub(super) fn distances(self, squares: &Array2<f64>) -> Array2<f32> {
        match self {
            Self::Euclidean => squares.mapv(|square| square.sqrt() as f32),
            Self::Cosine => squares.mapv(|square| (square / 2.0) as f32),
        }
    }
}
