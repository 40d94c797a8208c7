//! Table of the metrics that trials recorded.

use super::Table;
use crate::compare::{MetricResults, ProblemResults};
use crate::number::fixed;

/// How to read the table.
pub(crate) const METRICS_LEGEND: &str = "\
Metrics: medians over replicates, with quartiles in brackets if they differ; for shares (%), the mean with its 95% \
interval. `+` and `!`: significantly better and significantly worse than the baseline (paired, 95%, without \
correction for multiple comparisons).";

/// Returns one row for each metric and one column for each start; the table is empty without metrics.
pub(crate) fn metrics(results: &ProblemResults) -> Table {
    let mut table = Table { head: vec!["metric".into()], rows: Vec::new() };
    table.head.extend(results.starts.iter().map(|start| start.name.clone()));
    let mut names: Vec<&String> = Vec::new();
    for metric in results.starts.iter().flat_map(|start| &start.metrics) {
        if !names.contains(&&metric.name) {
            names.push(&metric.name);
        }
    }
    for name in names {
        let cells = results.starts.iter().map(|start| {
            let found = start.metrics.iter().find(|metric| metric.name == *name);
            found.map_or_else(|| "-".into(), cell)
        });
        table.rows.push(std::iter::once(name.clone()).chain(cells).collect());
    }
    table
}

fn cell(metric: &MetricResults) -> String {
    let mark = match metric.gained.and_then(|effect| effect.favours) {
        Some(true) => " +",
        Some(false) => " !",
        None => "",
    };
    let text = metric.rate.map_or_else(|| quartiles_text(metric.quartiles, metric.decimals), rate_text);
    format!("{text}{mark}")
}

fn rate_text((mean, low, high): (f64, f64, f64)) -> String {
    let [mean, low, high] = [mean, low, high].map(|share| format!("{:.1}", 100.0 * share));
    format!("{mean}% [{low}, {high}]")
}

fn quartiles_text((low, median, high): (f64, f64, f64), decimals: Option<u8>) -> String {
    let [low, median, high] = [low, median, high].map(|value| fixed(value, decimals));
    if low == high { median } else { format!("{median} [{low}, {high}]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_rows_and_starts_are_columns() {
        let comparison = crate::files::tests::comparison();
        let table = metrics(&comparison.domains[0].problems[0]);
        assert_eq!(table.head, ["metric", "far", "far-again", "pilot"]);
        assert_eq!(table.rows.len(), 2);
        assert!(table.rows[1][0] == "near" && table.rows[1][3].contains("% ["), "{:?}", table.rows);
        assert!(table.rows[0][0] == "distance" && table.rows[0][3].contains('['), "{:?}", table.rows);
        assert_eq!(quartiles_text((2.0, 2.0, 2.0), None), "2.00");
        assert_eq!(quartiles_text((-107.455_156_2, -107.4, -107.3), Some(6)), "-107.400000 [-107.455156, -107.300000]");
        assert_eq!(quartiles_text((11.0, 11.5, 12.0), Some(0)), "11.5 [11, 12]");
    }
}
