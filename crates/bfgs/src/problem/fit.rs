//! What the coefficients of a fitted table mean: in its own units, with standard errors, and how well they fit.

use headstart_linalg::{cholesky, cholesky_solve};
use headstart_table::Scale;
use ndarray::{Array1, Array2, Axis};

use super::{Function, LinearModel, Loss, OwnTable};
use crate::objective::Objective;

/// Log-odds beyond which a fitted probability is 0 or 1 to eight digits, as where R warns.
const SURE: f64 = 18.4;
/// Largest entry of the gradient at a minimum.
const FLAT: f64 = 1e-5;
/// Least eigenvalue of the information, scaled to a unit diagonal, of columns that do not depend on each other.
const DEPENDENT: f64 = 1e-10;

/// A coefficient of a fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The column, or "intercept".
    pub name: String,
    /// The class whose log-odds it changes: the second of two classes, each of several, `None` for a quantity.
    pub class: Option<String>,
    /// The coefficient in the units of the table.
    pub coefficient: f64,
    /// Its standard error: for ridge 0, two classes or a quantity, and columns that do not depend on each other.
    pub standard_error: Option<f64>,
    /// The coefficient of standardised columns (and of the standardised quantity).
    pub standardised: f64,
    /// Mean and standard deviation (divisor n) of the column; `None` for the intercept.
    pub scale: Option<Scale>,
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The coefficients, class by class; the intercept is the last of each.
    pub terms: Vec<Term>,
    /// For classes, -2 log likelihood; for a quantity, the residual sum of squares in its own units.
    pub deviance: f64,
    /// For classes, the share of rows whose class has the larger probability.
    pub accuracy: Option<f64>,
    /// For a quantity, R², 1 - residual / total sum of squares.
    pub r2: Option<f64>,
    /// Whether there seems to be no minimum: without a ridge, coefficients grow without bound if a hyperplane separates some
    /// classes. Then all rows are put in the right class, or a fitted probability is 0 or 1 to eight digits.
    pub is_separated: bool,
    /// Whether standard errors exist for this kind of model and ridge.
    pub expects_errors: bool,
}

impl OwnTable {
    /// Returns the model with the unknowns `x` of the instance, in the units of the table.
    pub fn fit(&self, x: &[f64]) -> Fit {
        match &self.instance.function {
            Function::Softmax(model) => {
                let (accuracy, loss, surest) = model.fit(x);
                let d = self.features.len();
                // Only differences between classes count: the coefficients of each column are centred over the classes.
                let mean: Vec<f64> = (0..=d)
                    .map(|j| (0..model.count()).map(|k| x[k * (d + 1) + j]).sum::<f64>() / model.count() as f64)
                    .collect();
                let x: Vec<f64> = x.iter().enumerate().map(|(at, x)| x - mean[at % (d + 1)]).collect();
                let of_class = |(k, class): (usize, &String)| {
                    let x = &x[k * (d + 1)..(k + 1) * (d + 1)];
                    self.terms(x, Some(class), None)
                };
                Fit {
                    terms: self.classes.iter().enumerate().flat_map(of_class).collect(),
                    deviance: 2.0 * loss,
                    accuracy: Some(accuracy),
                    r2: None,
                    is_separated: model.ridge() == 0.0 && (accuracy == 1.0 || surest > SURE),
                    expects_errors: false,
                }
            }
            Function::LinearModel(model) => {
                let class = self.classes.get(1).map(String::as_str);
                let score = model.score(x);
                let (loss, rows) = (model.loss_without_penalty(x), model.rows() as f64);
                let is_classes = model.loss() == Loss::Logistic;
                let surest = model.largest_prediction(x);
                let is_separated = is_classes && model.ridge() == 0.0 && (score == 1.0 || surest > SURE);
                let errors = if is_separated { None } else { self.standard_errors(model, x) };
                Fit {
                    terms: self.terms(x, class, errors.as_ref()),
                    deviance: 2.0 * rows * loss * self.target.deviation * self.target.deviation,
                    accuracy: is_classes.then_some(score),
                    r2: (!is_classes).then_some(score),
                    is_separated,
                    expects_errors: model.ridge() == 0.0 && !is_separated,
                }
            }
            _ => Fit {
                terms: Vec::new(),
                deviance: f64::NAN,
                accuracy: None,
                r2: None,
                is_separated: false,
                expects_errors: false,
            },
        }
    }

    /// The terms of one class; `errors` are those in the units of the table.
    fn terms(&self, x: &[f64], class: Option<&str>, errors: Option<&Array1<f64>>) -> Vec<Term> {
        let own = self.to_own_units().dot(&Array1::from(x.to_vec()));
        let d = self.features.len();
        let name = |j: usize| self.features.get(j).cloned().unwrap_or_else(|| "intercept".to_owned());
        let term = |j: usize| Term {
            name: name(j),
            class: class.map(str::to_owned),
            coefficient: if j == d { own[j] + self.target.mean } else { own[j] },
            standard_error: errors.map(|errors| errors[j]),
            standardised: x[j],
            scale: self.scales.get(j).copied(),
        };
        (0..=d).map(term).collect()
    }

    /// The linear map from coefficients of standardised columns to those of the table, without the mean of the quantity.
    fn to_own_units(&self) -> Array2<f64> {
        let (d, unit) = (self.features.len(), self.target.deviation);
        let mut map = Array2::zeros((d + 1, d + 1));
        for (j, scale) in self.scales.iter().enumerate() {
            map[[j, j]] = unit / scale.deviation;
            map[[d, j]] = -unit * scale.mean / scale.deviation;
        }
        map[[d, d]] = unit;
        map
    }

    /// Standard errors in the units of the table: the roots of the diagonal of the inverse information (`McCullagh` & Nelder
    /// 1989, section 4.4); for a quantity times the residual variance, with n - p degrees of freedom.
    fn standard_errors(&self, model: &LinearModel, x: &[f64]) -> Option<Array1<f64>> {
        let (rows, unknowns) = (model.rows(), x.len());
        if model.ridge() != 0.0 || rows <= unknowns {
            return None;
        }
        let variance = match model.loss() {
            Loss::Logistic => 1.0,
            Loss::Squared => 2.0 * model.loss_without_penalty(x) * rows as f64 / (rows - unknowns) as f64,
        };
        // Elsewhere than at a minimum they mean nothing.
        let mut gradient = vec![0.0; unknowns];
        model.value_gradient(x, &mut gradient);
        if gradient.iter().any(|g| g.abs() > FLAT) {
            return None;
        }
        let information = model.hessian(x) * rows as f64;
        let unit = information.diag().mapv(f64::sqrt);
        let scaled = Array2::from_shape_fn(information.dim(), |(i, j)| information[[i, j]] / (unit[i] * unit[j]));
        let least = headstart_linalg::eigh(scaled.view()).ok()?.values[0];
        if !(least > DEPENDENT) {
            return None;
        }
        let factor = cholesky(information.view()).ok()?;
        let map = self.to_own_units();
        let mut errors = Array1::zeros(unknowns);
        for (j, row) in map.outer_iter().enumerate() {
            let solved = cholesky_solve(factor.view(), row.insert_axis(Axis(1))).ok()?;
            errors[j] = (variance * row.dot(&solved.column(0))).sqrt();
        }
        errors.iter().all(|error| error.is_finite()).then_some(errors)
    }
}
