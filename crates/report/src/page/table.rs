//! Tables as HTML.

use askama::Template;

use super::mark::Mark;
use crate::compare::Changes;
use crate::figure::escape;
use crate::table::{self, Table};
use headstart_domain::info::DomainInfo;

/// A table that a script makes sortable and, if it is long, filterable.
#[derive(Template)]
#[template(path = "table.html")]
pub(super) struct TableView {
    pub(super) label: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<RowView>,
}

pub(super) struct RowView {
    pub(super) mark: Option<Mark>,
    pub(super) class: &'static str,
    pub(super) cells: Vec<Cell>,
}

pub(super) struct Cell {
    pub(super) html: String,
    pub(super) class: &'static str,
}

/// Texts longer than this, in characters, are wrapped.
const LONG: usize = 36;

impl Cell {
    pub(super) fn new(text: &str) -> Self {
        Self { html: cell(text), class: if text.chars().count() > LONG { "long" } else { "" } }
    }
}

impl TableView {
    pub(super) fn new(label: impl Into<String>, table: &Table) -> Self {
        // Empty columns are left out.
        let says =
            |column: usize| column == 0 || table.rows.iter().any(|row| row[column] != "-" && !row[column].is_empty());
        let kept: Vec<usize> = (0..table.head.len()).filter(|column| says(*column)).collect();
        let row = |row: &Vec<String>| RowView {
            mark: None,
            class: "",
            cells: kept.iter().map(|column| Cell::new(&row[*column])).collect(),
        };
        Self {
            label: label.into(),
            head: kept.iter().map(|column| table.head[*column].clone()).collect(),
            rows: table.rows.iter().map(row).collect(),
        }
    }

    /// Adds to each row the mark of its start.
    pub(super) fn of_starts(label: impl Into<String>, table: &Table, info: &DomainInfo) -> Self {
        let mut view = Self::new(label, table);
        for (row, texts) in view.rows.iter_mut().zip(&table.rows) {
            row.mark = texts.first().map(|start| Mark::of(info, start));
        }
        view
    }

    /// Builds the table of changes; rows with significant changes get a class.
    pub(super) fn changes(changes: &Changes) -> Self {
        let mut view = Self::new("Changes by cell", &table::changes(changes));
        for (row, change) in view.rows.iter_mut().zip(&changes.cells) {
            row.class = if change.beyond_noise.is_empty() { "" } else { "moved" };
        }
        view
    }
}

/// Escapes a text for HTML; parts between backticks become code.
pub(super) fn text(text: &str) -> String {
    let escaped = escape(text);
    // An unpaired backtick stays as it is.
    let even = escaped.matches('`').count() / 2 * 2;
    let mut html = String::with_capacity(escaped.len() + 16);
    for (index, part) in escaped.splitn(even + 1, '`').enumerate() {
        if index > 0 {
            html += if index % 2 == 1 { "<code>" } else { "</code>" };
        }
        html += part;
    }
    html
}

/// Returns the HTML of a cell, with intervals in a softer colour.
pub(super) fn cell(cell: &str) -> String {
    let mut html = String::new();
    let mut rest = cell;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((inside, beyond)) = after.split_once(']') else { break };
        html += &text(before);
        html.extend(["<span class=\"ci\">[", &escape(inside), "]</span>"]);
        rest = beyond;
    }
    html + &text(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_code_is_set() {
        assert_eq!(text("`a<b`: 1 & `c`"), "<code>a&lt;b</code>: 1 &amp; <code>c</code>");
        assert_eq!(text("one ` alone"), "one ` alone");
        assert_eq!(cell("1.9 [1, 2] *"), "1.9 <span class=\"ci\">[1, 2]</span> *");
        assert_eq!(cell("open [1"), "open [1");
    }
}
