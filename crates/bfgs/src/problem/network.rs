//! The loss of a small neural network on a table.

use headstart_simd::Portable;
use ndarray::{Array1, Array2, ArrayView1};
use rand::{Rng, RngExt};
use serde::Serialize;

use super::linear_model::check_table;
use super::{Function, Instance, ProblemError, at_least, no_less};
use crate::objective::Objective;

/// f = mean over rows of (p - t)²/2 + decay/2 |weights|², `p = c + sum over hidden units k of v_k tanh(b_k + w_k'z)` for
/// the features z and the target t of a row.
///
/// The unknowns are `w_k` and `b_k` of each unit in turn, then all `v_k`, then c. The biases b and c are not penalised.
/// Units can be exchanged and can change sign, so every minimum has many equivalent copies; other minima exist as well.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Network {
    /// Shape (rows, features).
    features: Array2<f64>,
    targets: Array1<f64>,
    hidden: usize,
    decay: f64,
}

/// Makes a regression problem with one layer of `hidden` tanh units. In x0 the biases are zero, and the weights follow
/// X. Glorot & Y. Bengio (AISTATS 2010, eq. 16): uniform, with half-width sqrt(6 / (inputs + outputs)) of the layer.
pub fn network(
    features: Array2<f64>,
    targets: Array1<f64>,
    hidden: usize,
    decay: f64,
    rng: &mut impl Rng,
) -> Result<Instance, ProblemError> {
    at_least("the number of hidden units", hidden, 1, "at least 1")?;
    no_less("the weight decay", decay, 0.0, "zero or positive, and finite")?;
    check_table(&features, &targets)?;
    Ok(Instance::new(Function::Network(Network { features, targets, hidden, decay }), rng))
}

/// The result for one row: tanh of each unit, and the error of the prediction.
struct Row<'a> {
    z: ArrayView1<'a, f64>,
    tanh: Vec<f64>,
    miss: f64,
}

impl Network {
    /// Number of unknowns of one hidden unit: weights and bias.
    fn width(&self) -> usize {
        self.features.ncols() + 1
    }

    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        let (inputs, hidden) = (self.features.ncols() as f64, self.hidden as f64);
        let (inner, outer) = ((6.0 / (inputs + hidden)).sqrt(), (6.0 / (hidden + 1.0)).sqrt());
        let mut x0 = vec![0.0; self.dim()];
        for (j, x) in x0.iter_mut().enumerate() {
            if let Some(half_width) = self.is_weight(j).then_some(if self.is_inner(j) { inner } else { outer }) {
                *x = rng.random_range(-half_width..half_width);
            }
        }
        x0
    }

    /// Whether unknown j belongs to the hidden layer.
    fn is_inner(&self, j: usize) -> bool {
        j < self.hidden * self.width()
    }

    /// Whether unknown j is a weight, not a bias.
    fn is_weight(&self, j: usize) -> bool {
        if self.is_inner(j) { j % self.width() < self.width() - 1 } else { j + 1 < self.dim() }
    }

    fn rows<'a>(&'a self, x: &'a [f64]) -> impl Iterator<Item = Row<'a>> {
        let (inner, outer) = x.split_at(self.hidden * self.width());
        self.features.outer_iter().zip(&self.targets).map(move |(z, target)| {
            let tanh: Vec<f64> = inner
                .chunks(self.width())
                .map(|unit| (unit.iter().zip(z).map(|(w, z)| w * z).sum::<f64>() + unit[z.len()]).portable_tanh())
                .collect();
            let prediction = outer[self.hidden] + outer.iter().zip(&tanh).map(|(v, t)| v * t).sum::<f64>();
            Row { z, tanh, miss: prediction - target }
        })
    }

    /// The gradient of a row's prediction.
    fn slopes(&self, x: &[f64], row: &Row<'_>, slopes: &mut [f64]) {
        let (inner, outer) = slopes.split_at_mut(self.hidden * self.width());
        let v = &x[self.hidden * self.width()..];
        for (unit, (t, v)) in inner.chunks_mut(self.width()).zip(row.tanh.iter().zip(v)) {
            let slope = v * (1.0 - t * t);
            unit.iter_mut().zip(row.z).for_each(|(g, z)| *g = slope * z);
            unit[row.z.len()] = slope;
        }
        outer[..self.hidden].copy_from_slice(&row.tanh);
        outer[self.hidden] = 1.0;
    }

    /// Mean over rows of the outer product of the gradient and of the error times the Hessian of the prediction, plus
    /// the decay.
    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let (n, width, rows) = (self.dim(), self.width(), self.targets.len() as f64);
        let mut hessian = Array2::zeros((n, n));
        let mut slopes = vec![0.0; n];
        for row in self.rows(x) {
            self.slopes(x, &row, &mut slopes);
            let slope = Array1::from(slopes.clone());
            for (mut line, by) in hessian.outer_iter_mut().zip(&slope) {
                line.scaled_add(by / rows, &slope);
            }
            let z: Vec<f64> = row.z.iter().copied().chain([1.0]).collect();
            for (k, t) in row.tanh.iter().enumerate() {
                let v = self.hidden * width + k;
                let (first, second) = (1.0 - t * t, -2.0 * t * (1.0 - t * t));
                let (by_both, by_unit) = (row.miss * x[v] * second / rows, row.miss * first / rows);
                for i in 0..width {
                    for j in 0..width {
                        hessian[[k * width + i, k * width + j]] += by_both * z[i] * z[j];
                    }
                    hessian[[k * width + i, v]] += by_unit * z[i];
                    hessian[[v, k * width + i]] += by_unit * z[i];
                }
            }
        }
        for j in (0..n).filter(|j| self.is_weight(*j)) {
            hessian[[j, j]] += self.decay;
        }
        hessian
    }
}

impl Objective for Network {
    fn dim(&self) -> usize {
        self.hidden * (self.width() + 1) + 1
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let rows = self.targets.len() as f64;
        let mut slopes = vec![0.0; x.len()];
        gradient.fill(0.0);
        let mut value = 0.0;
        for row in self.rows(x) {
            value += 0.5 * row.miss * row.miss;
            self.slopes(x, &row, &mut slopes);
            gradient.iter_mut().zip(&slopes).for_each(|(g, slope)| *g += row.miss * slope);
        }
        value /= rows;
        for (j, (g, x)) in gradient.iter_mut().zip(x).enumerate() {
            let decay = if self.is_weight(j) { self.decay } else { 0.0 };
            *g = *g / rows + decay * x;
            value += 0.5 * decay * x * x;
        }
        value
    }
}
