//! Names as the page shows them, and where their parts are.

use crate::compare::{DomainResults, ProblemResults};

/// Anchor of a problem on the page.
pub(super) fn id(domain: &DomainResults, problem: &ProblemResults) -> String {
    format!("{}--{}", domain.info.name, problem.info.name)
}

/// A headline where every number is one.
pub(super) fn plain(headline: &str) -> String {
    headline.replace(" (headline)", "")
}
