//! The label, and the rule that decides between classes and a quantity.

use std::cmp::Ordering;

use crate::Error;
use crate::options::{Purpose, Task};
use crate::text::{LARGEST, is_missing, number};

/// Most different whole numbers of a label that is read as classes.
const MOST_WHOLE_NUMBERS: usize = 20;
/// Most classes of a label to learn, and most columns for one categorical column.
pub(crate) const MOST_CLASSES: usize = 100;

/// The label of each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Label {
    /// No label column.
    None,
    /// One of several classes.
    Classes {
        /// Names of the classes, in ascending order, numbers before text.
        names: Vec<String>,
        /// Index of each row's class.
        of_row: Vec<usize>,
    },
    /// Finite numbers.
    Quantity(Vec<f64>),
}

/// One column as text.
pub(crate) struct Cells<'a> {
    pub(crate) name: &'a str,
    /// One cell per row.
    pub(crate) rows: Vec<&'a str>,
    /// Line of each row in the file.
    pub(crate) lines: &'a [u64],
}

impl Cells<'_> {
    fn at(&self, row: usize) -> (String, u64, String) {
        (self.name.to_owned(), self.lines[row], self.rows[row].to_owned())
    }

    /// Refuses missing values.
    pub(crate) fn check_present(&self) -> Result<(), Error> {
        let Some(row) = self.rows.iter().position(|cell| is_missing(cell)) else { return Ok(()) };
        let (column, line, value) = self.at(row);
        Err(Error::missing(column, line, value))
    }
}

/// The value of a cell: 1 and 1.0 are equal.
#[derive(PartialEq)]
enum Value<'a> {
    Number(f64),
    Text(&'a str),
}

impl<'a> Value<'a> {
    fn of(cell: &'a str) -> Self {
        // Adding zero turns -0 into 0.
        number(cell).filter(|x| !x.is_nan()).map_or(Self::Text(cell), |x| Self::Number(x + 0.0))
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        }
    }

    fn name(&self) -> String {
        match self {
            // The plain format would write out all digits.
            Self::Number(x) if *x != 0.0 && !(1e-5..1e16).contains(&x.abs()) => format!("{x:e}"),
            Self::Number(x) => x.to_string(),
            Self::Text(text) => (*text).to_owned(),
        }
    }
}

/// Returns the different values of a column in ascending order, and the index of each row's value.
pub(crate) fn levels(column: &Cells<'_>) -> (Vec<String>, Vec<usize>) {
    let values: Vec<Value<'_>> = column.rows.iter().map(|cell| Value::of(cell)).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].order(&values[*b]));
    let mut names = Vec::new();
    let mut of_row = vec![0; values.len()];
    for (place, &row) in order.iter().enumerate() {
        if place == 0 || values[order[place - 1]] != values[row] {
            names.push(values[row].name());
        }
        of_row[row] = names.len() - 1;
    }
    (names, of_row)
}

/// Reads the label by the rule in the README.
pub(crate) fn read(column: &Cells<'_>, task: Option<Task>, purpose: Purpose) -> Result<Label, Error> {
    column.check_present()?;
    let label = match task {
        Some(Task::Classification) => classes(column),
        Some(Task::Regression) => quantity(column)?,
        None => by_rule(column)?,
    };
    if purpose == Purpose::Learn {
        check_learnable(column, &label)?;
    }
    Ok(label)
}

fn by_rule(column: &Cells<'_>) -> Result<Label, Error> {
    let is_number = |cell: &&str| number(cell).is_some();
    let numbers = column.rows.iter().filter(|cell| is_number(cell)).count();
    let text = column.rows.iter().position(|cell| !is_number(cell));
    match text {
        None if are_classes(&column.rows) => Ok(classes(column)),
        None => quantity(column),
        // Text among many numbers is probably a typing error in a quantity.
        Some(row) if numbers > 0 && !are_classes(&column.rows) => {
            let (column, line, value) = column.at(row);
            Err(Error::MixedLabel { column, line, value })
        }
        Some(_) => Ok(classes(column)),
    }
}

/// Whether the numbers among the cells are classes: at most two, or few whole numbers that repeat.
fn are_classes(cells: &[&str]) -> bool {
    let mut numbers: Vec<f64> = cells.iter().filter_map(|cell| number(cell)).collect();
    let whole = numbers.iter().all(|x| x.fract() == 0.0);
    let rows = numbers.len();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    rows > 0
        && numbers.iter().all(|x| x.is_finite())
        && (numbers.len() <= 2 || (whole && numbers.len() <= MOST_WHOLE_NUMBERS && 2 * numbers.len() <= rows))
}

fn classes(column: &Cells<'_>) -> Label {
    let (names, of_row) = levels(column);
    Label::Classes { names, of_row }
}

fn quantity(column: &Cells<'_>) -> Result<Label, Error> {
    let one = |row: usize| match number(column.rows[row]) {
        Some(x) if x.abs() <= LARGEST => Ok(x),
        found => {
            let (column, line, value) = column.at(row);
            Err(match found {
                Some(_) => Error::NotFinite { column, line, value },
                None => Error::TextQuantity { column, line, value },
            })
        }
    };
    (0..column.rows.len()).map(one).collect::<Result<_, _>>().map(Label::Quantity)
}

/// Refuses a label with only one value, or with so many classes that they have fewer than two rows on average.
fn check_learnable(column: &Cells<'_>, label: &Label) -> Result<(), Error> {
    let (name, rows) = (column.name.to_owned(), column.rows.len());
    match label {
        Label::None => {}
        Label::Classes { names, .. } => {
            let count = names.len();
            if count < 2 {
                return Err(Error::OneClass { column: name, class: names.concat(), rows });
            }
            if count > MOST_CLASSES || (count > 2 && 2 * count > rows) {
                return Err(Error::ManyClasses { column: name, classes: count, rows, most: MOST_CLASSES });
            }
        }
        Label::Quantity(values) => {
            if values.iter().all(|value| *value == values[0]) {
                return Err(Error::OneClass { column: name, class: Value::Number(values[0]).name(), rows });
            }
        }
    }
    Ok(())
}
