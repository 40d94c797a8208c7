//! A regression problem from your own table.

use std::path::Path;

use headstart_table::{Dataset, Label, Purpose, ReadOptions, number, standardise_column};
use ndarray::{Array1, Axis};
use rand::Rng;

use super::linear_model::{least_squares, logistic};
use super::{Instance, ProblemError, no_less};

/// A regression problem from a file, and how the file was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OwnTable {
    /// Logistic regression for a label of two classes, least squares for a quantity.
    pub instance: Instance,
    /// Name of the label's column.
    pub label: String,
    /// Names of the features, in the order of the weights.
    pub features: Vec<String>,
    /// Names of the features that were left out because all their values are equal.
    pub dropped: Vec<String>,
    /// For logistic regression, the classes with labels -1 and 1, in that order.
    pub classes: Option<[String; 2]>,
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
    /// The label has more than two classes.
    #[error(
        "the label {column:?} has {classes} classes, but logistic regression needs two; keep two of them{}",
        if *numbers { ", or pass --task regression for a quantity" } else { "" }
    )]
    Classes {
        /// Name of the column.
        column: String,
        /// Number of classes.
        classes: usize,
        /// Whether all classes are numbers.
        numbers: bool,
    },
    /// The table was read, but does not give a valid problem.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

/// Reads a table as a regression problem. The label is the last column unless `options` name another one.
///
/// Features are standardised; constant ones are left out. A label with two classes gives logistic regression, where the
/// first class in ascending order is -1. A quantity is standardised as well and gives least squares. `ridge` is the
/// penalty on the squared weights; `rng` draws x0.
pub fn read_table(path: &Path, options: &ReadOptions, ridge: f64, rng: &mut impl Rng) -> Result<OwnTable, TableError> {
    no_less("the ridge", ridge, 0.0, "zero or positive, and finite")?;
    let options = ReadOptions { purpose: Purpose::Learn, standardise: true, ..options.clone() };
    let data = Dataset::read(path, &options)?;
    let label = data.label_name.unwrap_or_default();
    let varying: Vec<usize> = (0..data.features.len()).filter(|&j| data.varies[j]).collect();
    let matrix = data.x.select(Axis(1), &varying);
    let (instance, classes) = match data.label {
        Label::Classes { names, of_row } => {
            let (count, numbers) = (names.len(), names.iter().all(|name| number(name).is_some()));
            let Ok(classes) = <[String; 2]>::try_from(names) else {
                return Err(TableError::Classes { column: label, classes: count, numbers });
            };
            let labels: Array1<f64> = of_row.iter().map(|&class| if class == 1 { 1.0 } else { -1.0 }).collect();
            (logistic(matrix, labels, ridge, rng)?, Some(classes))
        }
        Label::Quantity(values) => {
            let mut values = Array1::from(values);
            standardise_column(&mut values.view_mut());
            (least_squares(matrix, values, ridge, rng)?, None)
        }
        // Only if all columns were left out.
        Label::None => return Err(headstart_table::Error::NoFeatures { constant: data.features }.into()),
    };
    let (features, dropped): (Vec<_>, Vec<_>) =
        data.features.into_iter().zip(data.varies).partition(|(_, varies)| *varies);
    let names = |named: Vec<(String, bool)>| named.into_iter().map(|(name, _)| name).collect();
    Ok(OwnTable { instance, label, features: names(features), dropped: names(dropped), classes, notes: data.notes })
}
