//! Regression on a table, with one weight per feature and an intercept.

use headstart_check::check;
use headstart_simd::Portable;
use headstart_table::standardise;
use ndarray::{Array1, Array2, Axis, s};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use serde::Serialize;

use super::random::normal;
use super::{Function, Instance, ProblemError, at_least, no_less};
use crate::objective::Objective;

/// The loss of a prediction p.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Loss {
    /// log(1 + exp(-t p)) for a label t that is -1 or 1.
    Logistic,
    /// (p - t)² / 2 for a target t.
    Squared,
}

/// f(w, b) = mean over rows of loss(features w + b, target) + ridge/2 |w|².
///
/// The unknowns are the weights, followed by the intercept b. The intercept is not penalised: with classes of unequal
/// size a penalty would pull all predictions towards 1/2.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinearModel {
    loss: Loss,
    /// Shape (rows, features).
    features: Array2<f64>,
    targets: Array1<f64>,
    ridge: f64,
}

/// Makes a logistic regression on labels -1 and 1. x0 is standard normal.
pub fn logistic(
    features: Array2<f64>,
    labels: Array1<f64>,
    ridge: f64,
    rng: &mut impl Rng,
) -> Result<Instance, ProblemError> {
    if let Some((row, &value)) = labels.indexed_iter().find(|(_, label)| label.abs() != 1.0) {
        return Err(ProblemError::Label { row, value });
    }
    model(Loss::Logistic, features, labels, ridge, rng)
}

/// Makes a least squares problem. x0 is standard normal.
pub fn least_squares(
    features: Array2<f64>,
    targets: Array1<f64>,
    ridge: f64,
    rng: &mut impl Rng,
) -> Result<Instance, ProblemError> {
    model(Loss::Squared, features, targets, ridge, rng)
}

fn model(
    loss: Loss,
    features: Array2<f64>,
    targets: Array1<f64>,
    ridge: f64,
    rng: &mut impl Rng,
) -> Result<Instance, ProblemError> {
    no_less("the ridge", ridge, 0.0, "zero or positive, and finite")?;
    check_table(&features, &targets)?;
    Ok(Instance::new(Function::LinearModel(LinearModel { loss, features, targets, ridge }), rng))
}

/// Refuses a table without rows, with a wrong number of targets, or with an entry that is not finite.
pub(super) fn check_table(features: &Array2<f64>, targets: &Array1<f64>) -> Result<(), ProblemError> {
    at_least("the number of rows", features.nrows(), 1, "at least 1")?;
    let (rows, given) = (features.nrows(), targets.len());
    check(given == rows, "the number of targets", given as f64, "the number of rows of the features")?;
    if let Some(((row, _), &value)) = features.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(ProblemError::NonFinite { what: "a feature", row, value });
    }
    if let Some((row, &value)) = targets.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(ProblemError::NonFinite { what: "the target", row, value });
    }
    Ok(())
}

/// Makes a logistic regression on random data that resemble the breast-cancer table: 569 rows of 30 strongly
/// correlated, standardised features.
///
/// Each feature is one of three common factors plus noise whose standard deviation is 0.1 to 0.5 of the factor's. The
/// label follows a logistic model of the factors.
pub fn correlated_classes(rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    const ROWS: usize = 569;
    const FACTORS: usize = 3;
    const FEATURES: usize = 30;
    let noise: Vec<f64> = (0..FEATURES).map(|_| rng.random_range(0.1..0.5)).collect();
    let effects: Vec<f64> = (0..FACTORS).map(|_| 2.0 * rng.sample::<f64, _>(StandardNormal)).collect();
    let mut features = Array2::zeros((ROWS, FEATURES));
    let mut labels = Array1::zeros(ROWS);
    for (mut row, label) in features.outer_iter_mut().zip(&mut labels) {
        let factors = normal(FACTORS, rng);
        for (j, feature) in row.iter_mut().enumerate() {
            *feature = factors[j % FACTORS] + noise[j] * rng.sample::<f64, _>(StandardNormal);
        }
        let margin: f64 = factors.iter().zip(&effects).map(|(factor, effect)| factor * effect).sum();
        *label = if rng.random::<f64>() < sigmoid(margin) { 1.0 } else { -1.0 };
    }
    standardise(&mut features);
    logistic(features, labels, 1e-3, rng)
}

/// 1 / (1 + exp(-t)), without overflow.
fn sigmoid(t: f64) -> f64 {
    if t >= 0.0 { 1.0 / (1.0 + (-t).portable_exp()) } else { t.portable_exp() / (1.0 + t.portable_exp()) }
}

impl LinearModel {
    /// Returns the number of features, without the intercept.
    pub fn features(&self) -> usize {
        self.features.ncols()
    }

    /// Returns the loss.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.targets.len()
    }

    /// Returns the penalty.
    pub fn ridge(&self) -> f64 {
        self.ridge
    }

    /// Returns the same model with another penalty, as along a regularisation path. Errors: a penalty that is negative or not
    /// finite.
    pub fn with_ridge(&self, ridge: f64) -> Result<Self, ProblemError> {
        no_less("the ridge", ridge, 0.0, "zero or positive, and finite")?;
        Ok(Self { ridge, ..self.clone() })
    }

    /// Returns the same model of some of its rows.
    pub(super) fn with_rows(&self, rows: &[usize]) -> Self {
        let (features, targets) = (self.features.select(Axis(0), rows), self.targets.select(Axis(0), rows));
        Self { features, targets, ..self.clone() }
    }

    /// Returns the mean loss over the rows, without the penalty.
    pub fn loss_without_penalty(&self, x: &[f64]) -> f64 {
        let mut gradient = vec![0.0; self.dim()];
        Self { ridge: 0.0, ..self.clone() }.value_gradient(x, &mut gradient)
    }

    /// Returns how well the coefficients `x` fit the rows of the model: the share of rows whose class has the larger
    /// probability (logistic), or R², 1 - residual / total sum of squares (squared; NaN if all targets are equal).
    pub fn score(&self, x: &[f64]) -> f64 {
        let (predictions, rows) = (self.predictions(x), self.targets.len() as f64);
        let pairs = || predictions.iter().zip(&self.targets);
        match self.loss {
            Loss::Logistic => pairs().filter(|(p, t)| **p * **t > 0.0).count() as f64 / rows,
            Loss::Squared => {
                let mean = self.targets.sum() / rows;
                let total: f64 = self.targets.iter().map(|t| (t - mean) * (t - mean)).sum();
                1.0 - pairs().map(|(p, t)| (p - t) * (p - t)).sum::<f64>() / total
            }
        }
    }

    /// Returns the largest absolute prediction of a row: for classes, log-odds.
    pub fn largest_prediction(&self, x: &[f64]) -> f64 {
        self.predictions(x).iter().fold(0.0, |most, p| most.max(p.abs()))
    }

    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal(self.dim(), rng)
    }

    fn predictions(&self, x: &[f64]) -> Array1<f64> {
        let (weights, intercept) = x.split_at(self.features());
        self.features.dot(&ndarray::ArrayView1::from(weights)) + intercept[0]
    }

    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let (n, d) = (self.dim(), self.features());
        let rows = self.targets.len() as f64;
        let second = self.predictions(x).mapv(|p| match self.loss {
            Loss::Logistic => sigmoid(p) * sigmoid(-p) / rows,
            Loss::Squared => 1.0 / rows,
        });
        let weighted = &self.features * &second.view().insert_axis(Axis(1));
        let mut hessian = Array2::zeros((n, n));
        hessian.slice_mut(s![..d, ..d]).assign(&headstart_linalg::product(&self.features.t(), &weighted));
        hessian.diag_mut().slice_mut(s![..d]).mapv_inplace(|entry| entry + self.ridge);
        let border = weighted.sum_axis(Axis(0));
        hessian.slice_mut(s![..d, d]).assign(&border);
        hessian.slice_mut(s![d, ..d]).assign(&border);
        hessian[[d, d]] = second.sum();
        hessian
    }
}

impl Objective for LinearModel {
    fn dim(&self) -> usize {
        self.features() + 1
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let rows = self.targets.len() as f64;
        let mut value = 0.0;
        let mut slopes = self.predictions(x);
        for (slope, target) in slopes.iter_mut().zip(&self.targets) {
            match self.loss {
                Loss::Logistic => {
                    let margin = target * *slope;
                    // log(1 + exp(-m)), exact for large |m|.
                    value += (-margin.abs()).portable_exp().portable_ln_1p() + (-margin).max(0.0);
                    *slope = -target * sigmoid(-margin) / rows;
                }
                Loss::Squared => {
                    let gap = *slope - target;
                    value += 0.5 * gap * gap;
                    *slope = gap / rows;
                }
            }
        }
        let weights = &x[..self.features()];
        let by_feature = self.features.t().dot(&slopes);
        for ((g, b), w) in gradient.iter_mut().zip(&by_feature).zip(weights) {
            *g = b + self.ridge * w;
        }
        gradient[self.features()] = slopes.sum();
        value / rows + 0.5 * self.ridge * weights.iter().map(|w| w * w).sum::<f64>()
    }
}
