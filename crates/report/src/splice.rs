//! Writes results between the markers of a hand-written page.

use std::fmt::Write;
use std::path::Path;

use super::{markdown, table};
use crate::compare::Comparison;
use headstart_domain::atomic_write;
use headstart_domain::error::Error;

const BEGIN: &str = "<!-- headstart:results -->";
const END: &str = "<!-- headstart:end -->";

/// Replaces the text between the markers of a page by the summary and the verdicts. Fails if the page lacks the
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

fn results(comparison: &Comparison) -> String {
    let mut text = format!("\n{}\n{}\n\n", markdown::render(&table::summary(comparison)), table::SUMMARY_LEGEND);
    for domain in comparison.domains.iter().filter(|domain| !domain.claims.is_empty()) {
        let verdicts = markdown::render(&table::verdicts(domain));
        let _ = write!(text, "**{}**: {}\n\n{verdicts}\n", domain.info.name, domain.info.about);
    }
    for header in &comparison.headers {
        let _ = writeln!(text, "{}.", markdown::one_line(header));
    }
    text + "\n"
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
