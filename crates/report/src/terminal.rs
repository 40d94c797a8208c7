//! Tables and screens for a terminal.

mod overview;
mod trial;

use std::fmt::Write;

use comfy_table::{ContentArrangement, presets};

use super::markdown::one_line;
use super::table::{self, METRICS_LEGEND, Table};
use crate::compare::{Agreement, Changes, Comparison};

pub use overview::{faults, overview};
pub use trial::try_result;

/// Columns where standard output is not a terminal.
const WIDTH: u16 = 100;

/// Every table of a comparison.
pub fn tables(comparison: &Comparison) -> String {
    let mut text = String::new();
    for domain in &comparison.domains {
        for problem in &domain.problems {
            let (name, table) = (&problem.info.name, render(&table::problem(problem)));
            let _ = write!(text, "\n{} / {name}\n{}\n{table}", domain.info.name, problem.info.about);
            let knobs = table::knobs(problem);
            if !knobs.rows.is_empty() {
                text += &render(&knobs);
            }
            let metrics = table::metrics(problem);
            if !metrics.rows.is_empty() {
                let _ = write!(text, "{METRICS_LEGEND}\n{}", render(&metrics));
            }
            let optima = table::optima(problem);
            if !optima.rows.is_empty() {
                let _ = write!(text, "Optima that each start reached, with their rates\n{}", render(&optima));
            }
            for note in &problem.notes {
                let _ = writeln!(text, "note: {note}");
            }
        }
    }
    for domain in &comparison.domains {
        // Of one problem its own table says it all.
        let overall = domain.overall.as_ref().filter(|overall| overall.problems.len() > 1);
        if let (Some(overall), Some(table)) = (overall, table::overall(domain)) {
            let _ = write!(text, "\n{} / over its problems\n{}", domain.info.name, render(&table));
            let _ = writeln!(text, "{}", table::basis(overall));
        }
    }
    // The whole ledger is too wide for a terminal.
    for domain in comparison.domains.iter().filter(|domain| !domain.claims.is_empty()) {
        let _ = write!(text, "\n{}: claims\n{}", domain.info.name, plain(&table::verdicts(domain)));
    }
    let _ = write!(text, "\nAll domains\n{}", render(&table::summary(comparison)));
    for header in &comparison.headers {
        let _ = writeln!(text, "{}", one_line(header));
    }
    if let Some(first) = comparison.damaged.first() {
        let _ = writeln!(text, "{} damaged lines were left out; the first: {first}", comparison.damaged.len());
    }
    text
}

/// Every claim with its verdict; the full ledger is in the report and in JSON.
pub fn claims(comparison: &Comparison) -> String {
    let mut text = String::new();
    for domain in comparison.domains.iter().filter(|domain| !domain.claims.is_empty()) {
        let _ = write!(text, "\n{}\n{}", domain.info.name, plain(&table::verdicts(domain)));
    }
    text
}

/// How far two runs of the same trials agree, domain by domain.
pub fn agreements(found: &[Agreement]) -> String {
    let mut text = render(&table::agreements(found));
    for line in table::agreement_words(found) {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// What changed between two runs: the cells beyond noise, or all.
pub fn changes(changes: &Changes, all: bool) -> String {
    let shown = if all { changes.clone() } else { changes.beyond_noise() };
    let mut text = if shown.cells.is_empty() { String::new() } else { render(&table::changes(&shown)) };
    for note in &changes.notes {
        let _ = writeln!(text, "note: {note}");
    }
    let _ = writeln!(text, "{}", table::change_words(changes));
    let moved = changes.cells.iter().filter(|cell| !cell.beyond_noise.is_empty()).count();
    let hidden = moved.saturating_sub(shown.cells.len());
    if hidden > 0 {
        let _ = writeln!(
            text,
            "{hidden} of them changed in nothing but their seconds and are not shown; --cells shows all"
        );
    }
    text
}

/// Columns of the terminal.
pub(crate) fn width() -> u16 {
    comfy_table::Table::new().width().unwrap_or(WIDTH)
}

/// A table without lines, for a screen that ends a command.
fn plain(table: &Table) -> String {
    let mut drawn = drawn(table);
    drawn.load_style(presets::NOTHING);
    let lines: Vec<String> = drawn.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

fn drawn(table: &Table) -> comfy_table::Table {
    let mut drawn = comfy_table::Table::new();
    drawn.set_content_arrangement(ContentArrangement::Dynamic).set_width(width());
    drawn.set_header(&table.head).add_rows(&table.rows);
    drawn
}

/// A table as wide as the terminal, without columns that hold no value: there is little room.
pub(crate) fn render(table: &Table) -> String {
    let mut drawn = drawn(&table.without_empty_columns());
    drawn.load_style(presets::UTF8_FULL_CONDENSED);
    format!("{drawn}\n")
}
