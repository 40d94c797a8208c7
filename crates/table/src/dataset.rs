//! Features and a label from a file.

mod source;

use std::path::Path;

use ndarray::{Array1, Array2, ArrayView1, Axis};

use self::source::Source;
use crate::label::{self, Label, MOST_CLASSES};
use crate::options::{CATEGORICAL, LABEL_TO_LEARN, Purpose, ReadOptions};
use crate::{Error, standardise};

/// Largest number in single precision, with room for products with weights.
const LARGEST_SINGLE: f64 = 1e30;
/// Number of names that a note lists.
const LISTED: usize = 8;

/// Features and a label, one row per sample.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Dataset {
    /// Names of the features.
    pub features: Vec<String>,
    /// The features: finite numbers of at most 1e150 in size, shape (rows, features).
    pub x: Array2<f64>,
    /// Whether each feature varies; a constant feature is 0 if features were standardised.
    pub varies: Vec<bool>,
    /// The label.
    pub label: Label,
    /// Name of the label column.
    pub label_name: Option<String>,
    /// Notes for the user on how the file was interpreted.
    pub notes: Vec<String>,
    /// Line of each row in the file.
    lines: Vec<u64>,
}

/// The role of a column.
enum Role {
    Feature,
    Categorical,
    Label,
    Dropped,
}

impl Dataset {
    /// Reads a table: UTF-8 text (CSV, TSV) or a two-dimensional array saved by `NumPy`, plain or compressed with gzip.
    ///
    /// Errors: a file that cannot be read, columns that do not exist, missing values, text in a feature that is not
    /// categorical. If a model is to be fitted, also a label or features from which nothing can be learned.
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self, Error> {
        let source = Source::open(path, options.layout)?;
        let roles = roles(&source, options)?;
        let mut columns = Columns::default();
        let mut notes = source.notes.clone();
        let (mut label, mut label_name) = (Label::None, None);
        for (j, role) in roles.iter().enumerate() {
            match role {
                Role::Dropped => {}
                Role::Feature => {
                    columns.push(source.header[j].clone(), source.numbers(j)?);
                    notes.extend(source.doubt(j));
                }
                Role::Categorical => source.with_cells(j, |cells| columns.encode(cells))?,
                Role::Label => {
                    label = source.with_cells(j, |cells| label::read(cells, options.task, options.purpose))?;
                    notes.push(understood(&source.header[j], &label));
                    label_name = Some(source.header[j].clone());
                }
            }
        }
        let mut x = columns.table(source.lines.len());
        let varies = if options.standardise {
            standardise(&mut x)
        } else {
            x.columns().into_iter().map(|column| varies(&column)).collect()
        };
        let features = columns.names;
        let constant: Vec<String> =
            features.iter().zip(&varies).filter(|(_, varies)| !**varies).map(|(name, _)| name.clone()).collect();
        let nothing_to_learn = options.purpose == Purpose::Learn && constant.len() == features.len();
        if features.is_empty() || nothing_to_learn {
            return Err(Error::NoFeatures { constant });
        }
        if !constant.is_empty() {
            notes.push(format!("constant columns carry no information: {}", listed(&constant)));
        }
        Ok(Self { features, x, varies, label, label_name, notes, lines: source.lines })
    }

    /// Returns the features in single precision.
    ///
    /// Errors: a number above 1e30 in size.
    pub fn singles(&self) -> Result<Array2<f32>, Error> {
        let large = self.x.indexed_iter().find(|(_, x)| x.abs() > LARGEST_SINGLE);
        match large {
            Some(((row, j), &value)) => {
                Err(Error::TooLarge { column: self.features[j].clone(), line: self.lines[row], value })
            }
            None => Ok(self.x.mapv(|x| x as f32)),
        }
    }
}

fn varies(column: &ArrayView1<'_, f64>) -> bool {
    column.iter().any(|x| *x != column[0])
}

/// Returns the role of each column.
fn roles(source: &Source, options: &ReadOptions) -> Result<Vec<Role>, Error> {
    let mut roles: Vec<Role> = source.header.iter().map(|_| Role::Feature).collect();
    for name in &options.drop {
        roles[source.column(name)?] = Role::Dropped;
    }
    for name in &options.categorical {
        let j = source.column(name)?;
        if matches!(roles[j], Role::Dropped) {
            return Err(Error::NamedTwice {
                option: CATEGORICAL.name,
                column: name.clone(),
                role: "left out by --drop",
            });
        }
        roles[j] = Role::Categorical;
    }
    let label = match &options.label {
        Some(name) => Some(source.column(name)?),
        None if options.purpose == Purpose::Learn => roles.iter().rposition(|role| !matches!(role, Role::Dropped)),
        None => None,
    };
    if let Some(j) = label {
        let role = match roles[j] {
            Role::Dropped => Some("left out by --drop"),
            Role::Categorical => Some("a feature by --categorical"),
            Role::Feature | Role::Label => None,
        };
        if let Some(role) = role {
            return Err(Error::NamedTwice { option: LABEL_TO_LEARN.name, column: source.header[j].clone(), role });
        }
        roles[j] = Role::Label;
    }
    Ok(roles)
}

/// The features collected so far.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    numbers: Vec<Array1<f64>>,
}

impl Columns {
    fn push(&mut self, name: String, numbers: Array1<f64>) {
        self.names.push(name);
        self.numbers.push(numbers);
    }

    /// Adds one column of 0 and 1 for each value.
    fn encode(&mut self, cells: &label::Cells<'_>) -> Result<(), Error> {
        cells.check_present()?;
        let (levels, of_row) = label::levels(cells);
        if levels.len() > MOST_CLASSES {
            let (column, most) = (cells.name.to_owned(), MOST_CLASSES);
            return Err(Error::ManyLevels { column, levels: levels.len(), most });
        }
        for (index, level) in levels.iter().enumerate() {
            let is_level = |of: &usize| if *of == index { 1.0 } else { 0.0 };
            self.push(format!("{}={level}", cells.name), of_row.iter().map(is_level).collect());
        }
        Ok(())
    }

    fn table(&self, rows: usize) -> Array2<f64> {
        let mut table = Array2::zeros((rows, self.numbers.len()));
        for (mut to, from) in table.axis_iter_mut(Axis(1)).zip(&self.numbers) {
            to.assign(from);
        }
        table
    }
}

/// A note on how the label was interpreted.
fn understood(name: &str, label: &Label) -> String {
    match label {
        Label::Classes { names, .. } if names.len() == 1 => format!("label {name:?}: one class ({})", names[0]),
        Label::Classes { names, .. } => format!("label {name:?}: {} classes ({})", names.len(), listed(names)),
        Label::None | Label::Quantity(_) => format!("label {name:?}: a quantity"),
    }
}

/// Lists the first names.
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED { format!("{shown}, ..") } else { shown }
}
