//! Names and anchors on the page.

use crate::compare::{DomainResults, ProblemResults};

/// Returns the anchor of a problem on the page.
pub(super) fn id(domain: &DomainResults, problem: &ProblemResults) -> String {
    format!("{}--{}", domain.info.name, problem.info.name)
}

/// Returns a headline without the suffix, where all effects are headlines.
pub(super) fn plain(headline: &str) -> String {
    headline.replace(" (headline)", "")
}
