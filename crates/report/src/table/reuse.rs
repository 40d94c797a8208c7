//! Table of reuse, survival and optima of the starts of a problem.

use super::{Table, optima};
use crate::compare::{ProblemResults, StartResults};
use crate::number::{number, optional, p_value};
use headstart_stats::BreakEven;

/// How to read the table.
pub(crate) const REUSE_LEGEND: &str = "\
`one use`: mean work of a run without the charge: work to the target, or the work that a run spent if it missed the \
target. `pays after`: number of uses after which the mean charge is paid back by the mean saving against the \
baseline, with Fieller's 95% interval; never if the interval of the saving includes 0; `-` if most pairs of runs miss \
the target. `pays, making is a use`: the same if making the start counts as the first use (a pilot that had to be run \
anyway). `half solved by`: Kaplan-Meier median of charged work. `log-rank`: p-value against the baseline; it treats \
replicates as unpaired and is shown for illustration only (verdicts are paired).";

/// Returns the charge and savings of each start, and the work by which half of its trials are solved.
pub(crate) fn reuse(results: &ProblemResults) -> Table {
    let mut table = Table::new(["start", "mean charge", "one use", "pays after", "half solved by", "log-rank"]);
    let has_basins = optima::has_optima(results);
    let as_use = results.starts.iter().any(|start| start.break_even_as_use.is_some());
    if as_use {
        table.head.insert(4, "pays, making is a use".into());
    }
    if has_basins {
        table.head.extend(["most often reached", "optima", "entropy"].map(str::to_owned));
    }
    table.rows = results.starts.iter().map(|start| row(start, as_use, has_basins)).collect();
    table
}

fn row(start: &StartResults, as_use: bool, has_basins: bool) -> Vec<String> {
    let mut cells = vec![
        start.name.clone(),
        number(start.means.0),
        number(start.means.1),
        uses(start.break_even),
        optional(start.survival_median),
        start.log_rank.map_or_else(|| "-".into(), |test| p_value(test.p)),
    ];
    if as_use {
        cells.insert(4, uses(start.break_even_as_use));
    }
    if has_basins {
        cells.extend(optima::cells(start));
    }
    cells
}

/// Formats the number of uses that pay back the charge.
pub(crate) fn uses(break_even: Option<BreakEven>) -> String {
    match break_even {
        None => "-".into(),
        Some(BreakEven::After { uses, low, high }) => {
            format!("after {} [{}, {}]", number(uses), number(low), number(high))
        }
        Some(BreakEven::Never { high, .. }) if high < 0.0 => "never: each use costs more".into(),
        Some(BreakEven::Never { .. }) => "never: no significant saving".into(),
    }
}
