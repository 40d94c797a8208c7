//! The definition of a task.

use headstart_nn::{Loss, Method, Target};
use ndarray::Array2;
use serde::Serialize;

use crate::Net;

/// A training set, the network for it, and the settings of the training.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// The network.
    pub net: Net,
    /// The optimiser.
    pub method: Method,
    /// Middle of the learning rates that are tried.
    pub rate: f64,
    /// Batch size.
    pub batch: usize,
    /// The loss, which is also the value. Targets of mean squared errors have mean square 1.
    pub loss: Loss,
    /// Inputs, one row per sample.
    pub x: Vec<f32>,
    /// Target numbers, one row per sample; empty for classes and flows.
    pub y: Vec<f32>,
    /// Target classes; empty for numbers.
    pub classes: Vec<u32>,
    /// Mean square of an input, used by the attention rule.
    pub input_square: f64,
    /// The value at which the task counts as learned.
    pub target: f64,
}

/// Number of samples on which the value is measured.
const MEASURED: usize = 128;

impl Task {
    /// Number of samples.
    pub fn samples(&self) -> usize {
        self.x.len() / self.net.numbers()[0].max(1)
    }

    /// Returns the samples and targets on which the value is measured: the first ones.
    pub fn measured(&self) -> (&[f32], Target<'_, f32>) {
        let [inputs, outputs] = self.net.numbers();
        let samples = self.samples().min(MEASURED);
        let target = if self.loss == Loss::NormalFlow {
            Target::Nothing
        } else if self.classes.is_empty() {
            Target::Values(&self.y[..samples * outputs])
        } else {
            Target::Classes(&self.classes[..samples])
        };
        (&self.x[..samples * inputs], target)
    }

    /// Returns the covariance of the inputs.
    pub fn covariance(&self) -> Array2<f64> {
        let n = self.net.numbers()[0];
        let rows: Vec<f64> = self.x.iter().map(|x| f64::from(*x)).collect();
        let Ok(mut table) = Array2::from_shape_vec((self.samples(), n), rows) else {
            return Array2::zeros((n, n));
        };
        if let Some(mean) = table.mean_axis(ndarray::Axis(0)) {
            table -= &mean;
        }
        headstart_linalg::product(&table.t(), &table) / self.samples().max(1) as f64
    }
}

/// Standardises numbers to mean 0 and mean square 1.
///
/// `headstart_table::standardise` rounds the last digits differently, and recorded results depend on every bit.
pub(super) fn standardised(mut values: Vec<f32>) -> Vec<f32> {
    let n = values.len().max(1) as f64;
    let mean = values.iter().map(|y| f64::from(*y)).sum::<f64>() / n;
    let square = values.iter().map(|y| (f64::from(*y) - mean).powi(2)).sum::<f64>() / n;
    let share = if square > 0.0 { square.sqrt().recip() } else { 1.0 };
    for y in &mut values {
        *y = ((f64::from(*y) - mean) * share) as f32;
    }
    values
}
