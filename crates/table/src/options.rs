//! What may be said of a table on a command line, once for all programs that read one.

use crate::Error;
use crate::text::Layout;

/// An option of a command line as data: the program makes its own kind of option of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionText {
    /// Its name, without dashes.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Placeholder of its value in the help.
    pub value: &'static str,
    /// What holds where it is not given.
    pub default: Option<&'static str>,
}

impl OptionText {
    /// Name, value, description and default.
    pub const fn parts(self) -> (&'static str, &'static str, &'static str, Option<&'static str>) {
        (self.name, self.value, self.about, self.default)
    }
}

const fn option(name: &'static str, about: &'static str, value: &'static str) -> OptionText {
    OptionText { name, about, value, default: None }
}

/// The label where a model is fitted to it.
pub const LABEL_TO_LEARN: OptionText = option("label", "column to be predicted [default: the last column]", "COLUMN");
/// The label where it is only shown.
pub const LABEL_TO_SHOW: OptionText =
    option("label", "label column: excluded from the features, kept for figures and outputs", "COLUMN");
/// Whether the label is a class or a quantity.
pub const TASK: OptionText = option(
    "task",
    "classification or regression [default: by the label: text, two values or few whole numbers are classes]",
    "TASK",
);
/// Columns of text to encode.
pub const CATEGORICAL: OptionText = option(
    "categorical",
    "feature columns to encode one-hot: a column of 0 and 1 for each value, in ascending order",
    "COLUMN[,COLUMN]",
);
/// Columns to leave out.
pub const DROP: OptionText = option("drop", "columns to leave out", "COLUMN[,COLUMN]");
/// What separates cells.
pub const DELIMITER: OptionText =
    option("delimiter", "comma, semicolon, tab or pipe [default: found from the header line]", "NAME");
/// Whether the first line holds names.
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
    /// A model is fitted to it. The label is the last column if none is named, and must be something to learn.
    Learn,
    /// It is only shown. The label is optional.
    #[default]
    Show,
}

/// What a model predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// One of some classes.
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
    /// Name of the label's column; of an array, its number from 1.
    pub label: Option<String>,
    /// What the label is, where the rule should not decide.
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
    /// From the values of the options of this module, by their names. An option that a program does not offer has none.
    ///
    /// Errors: a value that the option does not take; the text begins with `--` and the option's name.
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

/// What one of some words means.
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

/// Comma-separated names. A name that contains a comma is quoted.
fn names(list: Option<&str>) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(list.unwrap_or("").as_bytes());
    let first = reader.records().next().and_then(Result::ok);
    first.iter().flatten().filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
