//! Writes results between the markers of a hand-written page.

use std::fmt::Write;
use std::path::Path;

use super::table::Table;
use super::{markdown, table};
use crate::compare::{Comparison, DomainResults, Judged};
use headstart_domain::atomic_write;
use headstart_domain::error::Error;

const BEGIN: &str = "<!-- headstart:results -->";
const END: &str = "<!-- headstart:end -->";

/// Replaces the text between the markers of a page by one table of the domains and the number of claims with
/// each verdict. Fails if the page lacks the
/// markers.
pub fn splice(page: &Path, comparison: &Comparison) -> Result<(), Error> {
    let text = std::fs::read_to_string(page).map_err(Error::io("read", page))?;
    let spliced = replace(&text, &results(comparison)).ok_or_else(|| Error::BadFile {
        path: page.to_owned(),
        message: format!("the markers `{BEGIN}` and `{END}` are missing or not in this order; results go between them"),
    })?;
    atomic_write::write(page, spliced.as_bytes())
}

fn replace(text: &str, results: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{results}{END}{after}"))
}

/// What the table of [`results`] means.
const LEGEND: &str = "\
*Differs*: problems where a start differs significantly from the baseline (95%, simultaneous over the starts). *Beaten*: of \
those, problems where a start is better and its final result is not significantly worse. *Speed-up*: of the best start, in \
work to the target, with its own cost; median over the problems that can be compared, with a 95% interval. The best start is \
chosen on one half of the replicates and measured on the other. Claims are counted as supported, refuted and open. Oracle \
starts, which use the planted solution, controls and other algorithms are not counted.";

fn results(comparison: &Comparison) -> String {
    let mut text = format!("\n{}\n{LEGEND}\n\n", markdown::render(&domains(comparison)));
    let all = |published| counts(comparison.domains.iter().flat_map(|domain| of_kind(domain, published)));
    let _ = writeln!(text, "Published claims: {}. Hypotheses of this project: {}.\n", all(true), all(false));
    for header in &comparison.headers {
        let _ = writeln!(text, "{}.", markdown::one_line(header));
    }
    text + "\n"
}

/// Returns one row for each domain.
fn domains(comparison: &Comparison) -> Table {
    let head = ["domain", "question", "problems", "differs", "beaten", "speed-up", "published claims", "hypotheses"];
    let mut table = Table { head: head.map(str::to_owned).to_vec(), rows: Vec::new() };
    for domain in &comparison.domains {
        let summary = &domain.summary;
        table.rows.push(vec![
            domain.info.name.clone(),
            domain.info.about.clone(),
            summary.problems.to_string(),
            summary.matters.shown.to_string(),
            summary.baseline_beaten.shown.to_string(),
            summary.best_speedup.map_or_else(|| "-".into(), table::selected),
            short(&table::verdict_counts(of_kind(domain, true))),
            short(&table::verdict_counts(of_kind(domain, false))),
        ]);
    }
    table
}

fn of_kind(domain: &DomainResults, published: bool) -> impl Iterator<Item = &Judged> {
    domain.claims.iter().filter(move |judged| judged.info.published.is_some() == published)
}

fn short(counts: &[usize; 3]) -> String {
    if counts.iter().all(|count| *count == 0) {
        return "-".into();
    }
    counts.map(|count| count.to_string()).join(", ")
}

fn counts<'a>(claims: impl Iterator<Item = &'a Judged>) -> String {
    let [supported, refuted, open] = table::verdict_counts(claims);
    format!("{} ({supported} supported, {refuted} refuted, {open} open)", supported + refuted + open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_between_the_markers_changes() {
        let page = format!("a\n{BEGIN}\nold\n{END}\nb");
        assert_eq!(replace(&page, "new\n").unwrap(), format!("a\n{BEGIN}\nnew\n{END}\nb"));
        assert!(replace("no markers", "new").is_none());
    }
}
