//! Logistic regression with more than two classes.

use headstart_simd::Portable;
use ndarray::{Array2, ArrayView2, ArrayViewMut1, Axis, s};
use rand::Rng;
use serde::Serialize;

use super::random::normal;
use super::{Function, Instance, ProblemError, at_least, no_less};
use crate::objective::Objective;

/// f(W, b) = mean over rows of -log p(class of the row) + ridge/2 |W|², with p(k) = `exp(w_k x + b_k)` / sum over all classes.
///
/// The unknowns are, class by class, the weights followed by the intercept. All classes have weights, as in scikit-learn and
/// glmnet: adding a constant to the intercepts of all classes changes nothing. Intercepts are not penalised.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Softmax {
    /// Shape (rows, features).
    features: Array2<f64>,
    /// Class of each row, from 0.
    classes: Vec<usize>,
    count: usize,
    ridge: f64,
}

/// Makes a softmax regression (multinomial logistic regression) with classes 0 to `count` - 1. x0 is standard normal.
///
/// Errors: a class out of range, another number of classes than of rows, a feature that is not finite.
pub fn softmax(
    features: Array2<f64>,
    classes: Vec<usize>,
    count: usize,
    ridge: f64,
    rng: &mut impl Rng,
) -> Result<Instance, ProblemError> {
    no_less("the ridge", ridge, 0.0, "zero or positive, and finite")?;
    at_least("the number of classes", count, 2, "at least 2")?;
    let targets = classes.iter().map(|class| *class as f64).collect();
    super::linear_model::check_table(&features, &targets)?;
    if let Some((row, class)) = classes.iter().enumerate().find(|(_, class)| **class >= count) {
        return Err(ProblemError::Label { row, value: *class as f64 });
    }
    Ok(Instance::new(Function::Softmax(Softmax { features, classes, count, ridge }), rng))
}

impl Softmax {
    /// Returns the number of classes.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.classes.len()
    }

    /// Returns the penalty.
    pub fn ridge(&self) -> f64 {
        self.ridge
    }

    /// Returns the same model with another penalty. Errors: a penalty that is negative or not finite.
    pub fn with_ridge(&self, ridge: f64) -> Result<Self, ProblemError> {
        no_less("the ridge", ridge, 0.0, "zero or positive, and finite")?;
        Ok(Self { ridge, ..self.clone() })
    }

    /// Returns the share of rows whose class has the largest probability, the sum over rows of -log p(class), and the largest
    /// log-odds of a class of a row against the next one.
    pub fn fit(&self, x: &[f64]) -> (f64, f64, f64) {
        let mut scores = self.scores(x);
        let mut right = 0_usize;
        let (mut loss, mut surest) = (0.0, 0.0_f64);
        for (mut row, &class) in scores.outer_iter_mut().zip(&self.classes) {
            let own = row[class];
            let mut sorted = row.to_vec();
            sorted.sort_unstable_by(|a, b| b.total_cmp(a));
            surest = surest.max(sorted[0] - sorted[1]);
            right += usize::from(row.iter().enumerate().all(|(k, score)| k == class || *score < own));
            loss += normalise(&mut row) - own;
        }
        (right as f64 / self.rows() as f64, loss, surest)
    }

    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal(self.dim(), rng)
    }

    /// `w_k x + b_k`, shape (rows, classes).
    fn scores(&self, x: &[f64]) -> Array2<f64> {
        let d = self.features.ncols();
        let all = ArrayView2::from_shape((self.count, d + 1), x).unwrap_or_else(|_| ArrayView2::from(&[[0.0; 0]; 0]));
        self.features.dot(&all.slice(s![.., ..d]).t()) + all.column(d)
    }

    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let (n, d, rows) = (self.dim(), self.features.ncols(), self.rows() as f64);
        let mut probabilities = self.scores(x);
        for mut row in probabilities.outer_iter_mut() {
            normalise(&mut row);
        }
        let mut wide = Array2::ones((self.rows(), d + 1));
        wide.slice_mut(s![.., ..d]).assign(&self.features);
        let mut hessian = Array2::zeros((n, n));
        for a in 0..self.count {
            for b in 0..self.count {
                let (p, q) = (probabilities.column(a), probabilities.column(b));
                let weights = if a == b { &p * &(1.0 - &p) } else { -(&p * &q) } / rows;
                let weighted = &wide * &weights.insert_axis(Axis(1));
                let block = headstart_linalg::product(&wide.t(), &weighted);
                hessian.slice_mut(s![a * (d + 1)..(a + 1) * (d + 1), b * (d + 1)..(b + 1) * (d + 1)]).assign(&block);
            }
            for j in 0..d {
                hessian[[a * (d + 1) + j, a * (d + 1) + j]] += self.ridge;
            }
        }
        hessian
    }
}

/// Replaces scores by probabilities. Returns the logarithm of the sum of their exponentials.
fn normalise(scores: &mut ArrayViewMut1<'_, f64>) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - largest).portable_exp();
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
    largest + sum.portable_ln()
}

impl Objective for Softmax {
    fn dim(&self) -> usize {
        self.count * (self.features.ncols() + 1)
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let (d, rows) = (self.features.ncols(), self.rows() as f64);
        let mut slopes = self.scores(x);
        let mut value = 0.0;
        for (mut row, &class) in slopes.outer_iter_mut().zip(&self.classes) {
            let own = row[class];
            value += normalise(&mut row) - own;
            row[class] -= 1.0;
        }
        let by_feature = slopes.t().dot(&self.features) / rows;
        let mut penalty = 0.0;
        for k in 0..self.count {
            let (here, weights) = (&mut gradient[k * (d + 1)..(k + 1) * (d + 1)], &x[k * (d + 1)..(k + 1) * (d + 1)]);
            for j in 0..d {
                here[j] = by_feature[[k, j]] + self.ridge * weights[j];
                penalty += weights[j] * weights[j];
            }
            here[d] = slopes.column(k).sum() / rows;
        }
        value / rows + 0.5 * self.ridge * penalty
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check_gradient, hessian_by_differences};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn gradient_and_hessian_are_those_of_the_value() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let features = Array2::from_shape_vec((20, 3), normal(60, &mut rng)).unwrap();
        let classes = (0..20).map(|row| row * row % 4).collect();
        let instance = softmax(features, classes, 4, 0.1, &mut rng).unwrap();
        assert_eq!(instance.dim(), 16);
        let checked = check_gradient(&instance, &instance.x0).unwrap();
        assert!(checked.agrees, "{checked:?}");
        let (found, _) = hessian_by_differences(&instance, &instance.x0).unwrap();
        let exact = instance.hessian(&instance.x0).unwrap();
        assert!((found - exact).iter().all(|gap| gap.abs() < 1e-6));
        let one = softmax(Array2::zeros((2, 1)), vec![0, 2], 2, 0.1, &mut rng);
        assert_eq!(one, Err(ProblemError::Label { row: 1, value: 2.0 }));
    }
}
