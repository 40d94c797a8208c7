//! Command-line options of tables, shared by all programs that read one.

use crate::Error;
use crate::text::Layout;

/// A command-line option as data, to be converted to the program's own type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionText {
    /// Name, without dashes.
    pub name: &'static str,
    /// Help text.
    pub about: &'static str,
    /// Placeholder of the value in the help.
    pub value: &'static str,
    /// Value if the option is not given.
    pub default: Option<&'static str>,
}

impl OptionText {
    /// Returns name, placeholder, description and default.
    pub const fn parts(self) -> (&'static str, &'static str, &'static str, Option<&'static str>) {
        (self.name, self.value, self.about, self.default)
    }
}

const fn option(name: &'static str, about: &'static str, value: &'static str) -> OptionText {
    OptionText { name, about, value, default: None }
}

/// The label column if a model is fitted to it.
pub const LABEL_TO_LEARN: OptionText = option("label", "column to be predicted [default: the last column]", "COLUMN");
/// The label column if it is only shown.
pub const LABEL_TO_SHOW: OptionText =
    option("label", "label column: excluded from the features, kept for figures and outputs", "COLUMN");
/// Whether the label is a class or a quantity.
pub const TASK: OptionText = option(
    "task",
    "classification or regression [default: by the label: text, two values or few whole numbers are classes]",
    "TASK",
);
/// Columns to encode one-hot.
pub const CATEGORICAL: OptionText = option(
    "categorical",
    "feature columns to encode one-hot: one column of 0 and 1 per value, in ascending order",
    "COLUMN[,COLUMN]",
);
/// Columns to leave out.
pub const DROP: OptionText = option("drop", "columns to leave out", "COLUMN[,COLUMN]");
/// The delimiter of cells.
pub const DELIMITER: OptionText =
    option("delimiter", "comma, semicolon, tab or pipe [default: found from the header line]", "NAME");
/// Whether the first line names the columns.
pub const HEADER: OptionText = option(
    "header",
    "whether the first line names the columns: yes or no [default: no if it holds numbers only]",
    "YES|NO",
);
/// Whether features are standardised.
pub const STANDARDISE: OptionText = OptionText {
    name: "standardise",
    about: "whether features are brought to mean 0 and standard deviation 1: yes or no",
    value: "YES|NO",
    default: Some("no"),
};

/// What is done with the label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// A model is fitted to it. The default is the last column. The label must have at least two values.
    Learn,
    /// It is only shown, and is optional.
    #[default]
    Show,
}

/// The kind of prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// One of several classes.
    Classification,
    /// A quantity.
    Regression,
}

const TASKS: &[(&str, Task)] = &[("classification", Task::Classification), ("regression", Task::Regression)];
const YES_OR_NO: &[(&str, bool)] = &[("yes", true), ("no", false)];
const DELIMITERS: &[(&str, u8)] = &[
    ("comma", b','),
    (",", b','),
    ("semicolon", b';'),
    (";", b';'),
    ("tab", b'\t'),
    ("\t", b'\t'),
    ("\\t", b'\t'),
    ("pipe", b'|'),
    ("|", b'|'),
];

/// How a table is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// What is done with the label.
    pub purpose: Purpose,
    /// Name of the label column; for an array, its number counted from 1.
    pub label: Option<String>,
    /// The kind of label; `None` applies the rule of the README.
    pub task: Option<Task>,
    /// Columns that are encoded one-hot.
    pub categorical: Vec<String>,
    /// Columns that are left out.
    pub drop: Vec<String>,
    /// How the text is laid out.
    pub layout: Layout,
    /// Whether features are standardised.
    pub standardise: bool,
}

impl ReadOptions {
    /// Reads the options of this module by their names. `value` returns `None` for an option that was not given or does
    /// not exist in the program.
    ///
    /// Errors: an invalid value; the message begins with `--` and the option's name.
    pub fn from_values<'a>(purpose: Purpose, value: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Error> {
        Ok(Self {
            purpose,
            label: value(LABEL_TO_LEARN.name).map(str::to_owned),
            task: one_of(&value, TASK.name, TASKS, "classification or regression")?,
            categorical: names(value(CATEGORICAL.name)),
            drop: names(value(DROP.name)),
            layout: Layout {
                delimiter: one_of(&value, DELIMITER.name, DELIMITERS, "comma, semicolon, tab or pipe")?,
                header: one_of(&value, HEADER.name, YES_OR_NO, "yes or no")?,
            },
            standardise: one_of(&value, STANDARDISE.name, YES_OR_NO, "yes or no")?.unwrap_or(false),
        })
    }
}

/// Looks up the value of an option among the allowed words.
fn one_of<'a, T: Copy>(
    value: &impl Fn(&str) -> Option<&'a str>,
    name: &'static str,
    words: &[(&str, T)],
    allowed: &'static str,
) -> Result<Option<T>, Error> {
    let Some(given) = value(name) else { return Ok(None) };
    let meant = words.iter().find(|(word, _)| *word == given);
    meant.map(|(_, meant)| Some(*meant)).ok_or_else(|| Error::Word { option: name, given: given.to_owned(), allowed })
}

/// Splits comma-separated names. A name that contains a comma is quoted.
fn names(list: Option<&str>) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(list.unwrap_or("").as_bytes());
    let first = reader.records().next().and_then(Result::ok);
    first.iter().flatten().filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
