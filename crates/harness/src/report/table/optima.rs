//! Which optima each start reached.

use super::Table;
use crate::compare::{ProblemResults, StartResults};
use crate::report::number::{optional, percent};

/// What a start reached most often; no lines where the domain names no optima.
pub(in crate::report) fn optima(results: &ProblemResults) -> Table {
    let mut table = Table::new(["start", "most often reached", "optima", "entropy"]);
    if has_optima(results) {
        let row = |start: &StartResults| std::iter::once(start.name.clone()).chain(cells(start)).collect();
        table.rows = results.starts.iter().map(row).collect();
    }
    table
}

pub(super) fn has_optima(results: &ProblemResults) -> bool {
    results.starts.iter().any(|start| start.basins.is_some())
}

/// The optimum reached most often with the rate at which it is, how many different ones were, and the entropy over them.
pub(super) fn cells(start: &StartResults) -> [String; 3] {
    let basins = start.basins.as_ref();
    let most = basins.and_then(|basins| basins.hits.first());
    let most = most.map_or_else(
        || "-".into(),
        |hits| format!("{}: {} [{}, {}]", hits.optimum, percent(hits.rate), percent(hits.low), percent(hits.high)),
    );
    let different = basins.map_or_else(|| "-".into(), |basins| basins.hits.len().to_string());
    [most, different, optional(basins.and_then(|basins| basins.entropy))]
}
