//! Table of the hyperparameters of the starts of a problem, and of the cost of tuning them.

use super::Table;
use crate::compare::ProblemResults;
use crate::number::{number, optional};
use headstart_rows::Tried;

/// How to read the table.
pub(crate) const KNOBS_LEGEND: &str = "\
Hyperparameters of the solver, tuned for every start over the same settings on the same held-out replicates, which \
are not judged here. `reached` and `median work`: tuning trials at the selected setting. `tuning cost`: work of all \
tuning trials of the start, charges included; no comparison includes it. If the best value is the first or last of \
its grid (`at the edge`), a better one may lie beyond.";

/// Returns the hyperparameters of each start; the table is empty if they were not tuned.
pub(crate) fn knobs(results: &ProblemResults) -> Table {
    let Some(tuning) = results.knobs.as_ref().and_then(|knobs| knobs.tuning.as_ref()) else { return Table::default() };
    let names: Vec<&String> = tuning.grid.keys().collect();
    let mut table = Table::new(["start"]);
    table.head.extend(names.iter().map(|name| (*name).clone()));
    table.head.extend(["at the edge", "settings", "reached", "median work", "tuning cost"].map(str::to_owned));
    let run = results.starts.iter().filter_map(|start| Some((&start.name, tuning.start.get(&start.name)?)));
    for (name, start) in run {
        let mut cells = vec![name.clone()];
        // Not rounded, so that the value can be entered again.
        let value = |knob: &&String| start.knobs.get(knob).map_or_else(|| "-".into(), |value| value.to_string());
        cells.extend(names.iter().map(value));
        let picked = start.tried.iter().find(|tried| tried.knobs == start.knobs);
        let of = |count: fn(&Tried) -> u64| picked.map_or(0, count);
        cells.extend([
            if start.at_edge.is_empty() { "no".into() } else { start.at_edge.join(", ") },
            start.tried.len().to_string(),
            format!("{}/{}", of(|tried| tried.reached), of(|tried| tried.n)),
            optional(picked.and_then(|tried| tried.work)),
            number(start.cost),
        ]);
        table.rows.push(cells);
    }
    table
}
