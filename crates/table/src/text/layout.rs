//! The layout of a text: its delimiter, and whether its first line names the columns.

use super::{Row, is_missing, number};

/// The layout given by the user; `None` detects it from the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The delimiter.
    pub delimiter: Option<u8>,
    /// Whether the first line names the columns.
    pub header: Option<bool>,
}

/// In order of preference: names and numbers may contain commas, but rarely tabs.
const DELIMITERS: [u8; 3] = [b'\t', b';', b','];

/// Returns the first of tab, semicolon and comma that splits the first two lines into the same number of cells, at
/// least two; otherwise the most frequent of them in the first line.
pub(super) fn delimiter(text: &[u8]) -> u8 {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let first = lines.next().unwrap_or_default();
    let second = lines.next().unwrap_or(first);
    let agrees = |delimiter: &u8| {
        let count = count(first, *delimiter);
        count > 0 && count == self::count(second, *delimiter)
    };
    let most_frequent = || DELIMITERS.into_iter().max_by_key(|delimiter| count(first, *delimiter)).unwrap_or(b',');
    DELIMITERS.into_iter().find(agrees).unwrap_or_else(most_frequent)
}

/// Counts a delimiter outside of quotation marks.
fn count(line: &[u8], delimiter: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for &byte in line {
        quoted ^= byte == b'"';
        count += usize::from(byte == delimiter && !quoted);
    }
    count
}

/// Whether the first row names the columns, with a note if it is ambiguous.
pub(super) fn has_names(rows: &[Row], said: Option<bool>) -> (bool, Vec<String>) {
    let Some((first, rest)) = rows.split_first() else { return (true, Vec::new()) };
    let numeric = first.cells.iter().all(|cell| number(cell).is_some() || is_missing(cell) && !cell.is_empty())
        && first.cells.iter().any(|cell| number(cell).is_some());
    if let Some(said) = said {
        return (said, Vec::new());
    }
    let told = |read_as: &str, otherwise: &str| {
        let begin: Vec<&str> = first.cells.iter().take(3).map(String::as_str).collect();
        vec![format!("the first line ({}, ..) was read as {read_as}: pass --header {otherwise}", begin.join(", "))]
    };
    if !numeric && first.cells.iter().any(|cell| number(cell).is_some()) {
        // Ambiguous: names with years among them, or a row of data whose class is text.
        return (true, told("names", "no if it is data"));
    }
    if !numeric || !counts_up(&first.cells) {
        return (!numeric, Vec::new());
    }
    // Names if they are years, or the numbers that pandas gives to unnamed columns.
    let is_fraction = |cell: &String| number(cell).is_some() && cell.contains('.');
    let names = !rest.is_empty() && (0..first.cells.len()).all(|j| rest.iter().any(|row| is_fraction(&row.cells[j])));
    let (read_as, otherwise) = if names { ("names", "no if it is data") } else { ("data", "yes if it holds names") };
    (names, told(read_as, otherwise))
}

/// Whether the cells are consecutive whole numbers, such as 0, 1, 2 or 1999, 2000.
fn counts_up(cells: &[String]) -> bool {
    let whole: Option<Vec<i64>> = cells.iter().map(|cell| cell.parse().ok()).collect();
    whole.is_some_and(|whole| whole.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1])))
}

/// Whether the first column is a row index as pandas writes it: unnamed, of ascending whole numbers.
pub(super) fn is_index(name: &str, rows: &[Row]) -> bool {
    let whole: Option<Vec<i64>> = rows.iter().map(|row| row.cells[0].parse().ok()).collect();
    ["", "Unnamed: 0"].contains(&name) && whole.is_some_and(|whole| whole.is_sorted_by(|a, b| a < b))
}
