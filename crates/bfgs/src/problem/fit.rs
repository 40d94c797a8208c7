//! What the coefficients of a fitted table mean: in its own units, with standard errors, and how well they fit.

use headstart_linalg::{cholesky, cholesky_solve};
use headstart_table::Scale;
use ndarray::{Array1, Array2, Axis};

use super::{Function, LinearModel, Loss, OwnTable};

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
    /// Whether there is no minimum: without a ridge, coefficients grow without bound if a hyperplane separates the classes.
    pub is_separated: bool,
}

impl OwnTable {
    /// Returns the model with the unknowns `x` of the instance, in the units of the table.
    pub fn fit(&self, x: &[f64]) -> Fit {
        match &self.instance.function {
            Function::Softmax(model) => {
                let (accuracy, loss) = model.fit(x);
                let d = self.features.len();
                let of_class = |(k, class): (usize, &String)| {
                    let x = &x[k * (d + 1)..(k + 1) * (d + 1)];
                    self.terms(x, Some(class), None)
                };
                Fit {
                    terms: self.classes.iter().enumerate().flat_map(of_class).collect(),
                    deviance: 2.0 * loss,
                    accuracy: Some(accuracy),
                    r2: None,
                    is_separated: model.ridge() == 0.0 && accuracy == 1.0,
                }
            }
            Function::LinearModel(model) => {
                let class = self.classes.get(1).map(String::as_str);
                let score = model.score(x);
                let (loss, rows) = (model.loss_without_penalty(x), model.rows() as f64);
                let is_classes = model.loss() == Loss::Logistic;
                let is_separated = is_classes && model.ridge() == 0.0 && score == 1.0;
                let errors = if is_separated { None } else { self.standard_errors(model, x) };
                Fit {
                    terms: self.terms(x, class, errors.as_ref()),
                    deviance: 2.0 * rows * loss * self.target.deviation * self.target.deviation,
                    accuracy: is_classes.then_some(score),
                    r2: (!is_classes).then_some(score),
                    is_separated,
                }
            }
            _ => Fit { terms: Vec::new(), deviance: f64::NAN, accuracy: None, r2: None, is_separated: false },
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
        let factor = cholesky((model.hessian(x) * rows as f64).view()).ok()?;
        let map = self.to_own_units();
        let mut errors = Array1::zeros(unknowns);
        for (j, row) in map.outer_iter().enumerate() {
            let solved = cholesky_solve(factor.view(), row.insert_axis(Axis(1))).ok()?;
            errors[j] = (variance * row.dot(&solved.column(0))).sqrt();
        }
        errors.iter().all(|error| error.is_finite()).then_some(errors)
    }
}
