//! A regression problem from your own table.

use std::path::Path;

use headstart_table::{Dataset, Label, Purpose, ReadOptions, Scale, scale, standardise, standardise_column};
use ndarray::{Array1, Axis};
use rand::Rng;

use super::linear_model::{least_squares, logistic};
use super::softmax::softmax;
use super::{Instance, ProblemError, no_less};

/// A regression problem from a file, and how the file was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OwnTable {
    /// Logistic regression for a label of two classes, softmax regression for more, least squares for a quantity.
    pub instance: Instance,
    /// Name of the label's column.
    pub label: String,
    /// Names of the features, in the order of the weights.
    pub features: Vec<String>,
    /// Names of the features that were left out because all their values are equal.
    pub dropped: Vec<String>,
    /// The classes of the label in ascending order, as they are coded: -1 and 1 for two, from 0 for more; empty for a
    /// quantity.
    pub classes: Vec<String>,
    /// Mean and standard deviation of each feature in the table.
    pub scales: Vec<Scale>,
    /// Mean and standard deviation of a quantity in the table; 0 and 1 for classes.
    pub target: Scale,
    /// Notes for the user on how the file was read.
    pub notes: Vec<String>,
}

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file cannot be read as features and a label.
    #[error(transparent)]
    Table(#[from] headstart_table::Error),
    /// The table was read, but does not give a valid problem.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

/// Reads a table as a regression problem. The label is the last column unless `options` name another one.
///
/// Features are standardised; constant ones are left out. A label with two classes gives logistic regression, where the
/// first class in ascending order is -1; more classes give softmax regression. A quantity is standardised as well and gives
/// least squares. `ridge` is the penalty on the squared weights of standardised columns. For classes it is glmnet's lambda with
/// alpha = 0, and 1 / (C rows) in terms of scikit-learn's `LogisticRegression`; for a quantity, alpha / rows of its `Ridge` on
/// standardised data, and glmnet's lambda divided by the quantity's standard deviation. `rng` draws x0.
pub fn read_table(path: &Path, options: &ReadOptions, ridge: f64, rng: &mut impl Rng) -> Result<OwnTable, TableError> {
    no_less("the ridge", ridge, 0.0, "zero or positive, and finite")?;
    let options = ReadOptions { purpose: Purpose::Learn, standardise: false, ..options.clone() };
    let data = Dataset::read(path, &options)?;
    let label = data.label_name.unwrap_or_default();
    let all: Vec<Option<Scale>> = data.x.columns().into_iter().map(|column| scale(&column)).collect();
    let varying: Vec<usize> = (0..data.features.len()).filter(|&j| all[j].is_some()).collect();
    if varying.is_empty() {
        return Err(headstart_table::Error::NoFeatures { constant: data.features }.into());
    }
    let scales: Vec<Scale> = all.iter().filter_map(|scale| *scale).collect();
    let mut matrix = data.x.select(Axis(1), &varying);
    standardise(&mut matrix);
    let mut target = Scale { mean: 0.0, deviation: 1.0 };
    let (instance, classes) = match data.label {
        Label::Classes { names, of_row } if names.len() == 2 => {
            let labels: Array1<f64> = of_row.iter().map(|&class| if class == 1 { 1.0 } else { -1.0 }).collect();
            (logistic(matrix, labels, ridge, rng)?, names)
        }
        Label::Classes { names, of_row } => (softmax(matrix, of_row, names.len(), ridge, rng)?, names),
        Label::Quantity(values) => {
            let mut values = Array1::from(values);
            target = scale(&values.view()).unwrap_or(target);
            standardise_column(&mut values.view_mut());
            (least_squares(matrix, values, ridge, rng)?, Vec::new())
        }
        // Only if all columns were left out.
        Label::None => return Err(headstart_table::Error::NoFeatures { constant: data.features }.into()),
    };
    let (features, dropped): (Vec<_>, Vec<_>) =
        data.features.into_iter().zip(all).partition(|(_, scale)| scale.is_some());
    let names = |named: Vec<(String, Option<Scale>)>| named.into_iter().map(|(name, _)| name).collect();
    let (features, dropped) = (names(features), names(dropped));
    Ok(OwnTable { instance, label, features, dropped, classes, scales, target, notes: data.notes })
}
