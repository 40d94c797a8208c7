//! The parts of a task.

use headstart_nn::{Loss, Method, Target};
use ndarray::Array2;
use serde::Serialize;

use crate::Net;

/// A training set, the network for it, and how it is trained.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// The network.
    pub net: Net,
    /// The optimiser.
    pub method: Method,
    /// The learning rate that is the middle of what is tried.
    pub rate: f64,
    /// Samples of a step.
    pub batch: usize,
    /// The loss, which is also the value: mean squared errors are of targets of mean square 1.
    pub loss: Loss,
    /// Inputs, a row per sample.
    pub x: Vec<f32>,
    /// Numbers to be learned, a row per sample; empty for classes and flows.
    pub y: Vec<f32>,
    /// Classes to be learned; empty for numbers.
    pub classes: Vec<u32>,
    /// Mean square of an input, as the rule of attention needs it.
    pub input_square: f64,
    /// The value at which it counts as learned.
    pub target: f64,
}

/// Samples on which the value is measured.
const MEASURED: usize = 128;

impl Task {
    /// Samples.
    pub fn samples(&self) -> usize {
        self.x.len() / self.net.numbers()[0].max(1)
    }

    /// Samples and targets on which the value is measured: the first ones.
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

    /// The covariance of the inputs about their mean.
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

/// Numbers of mean 0 and mean square 1.
///
/// Unlike `headstart_table::standardise`, which rounds the last digits differently: recorded results depend on every bit.
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
