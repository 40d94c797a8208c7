//! Table of the optima that each start reached.

use super::Table;
use crate::compare::{ProblemResults, StartResults};
use crate::number::{fixed, optional, percent};
use headstart_stats::Hits;

/// Returns the best and the most frequent optimum of each start; the table is empty if the domain does not name optima.
pub(crate) fn optima(results: &ProblemResults) -> Table {
    let mut table = Table::new(["start", "best reached", &results.info.value_label, "most often reached", "optima"]);
    if has_optima(results) {
        table.rows = results.starts.iter().map(|start| row(start, results.decimals)).collect();
    }
    table
}

fn row(start: &StartResults, decimals: Option<u8>) -> Vec<String> {
    let [often, different, _] = cells(start);
    let hits = |optimum: &str| start.basins.as_ref()?.hits.iter().find(|hits| &*hits.optimum == optimum);
    let best = start.best_optimum.as_ref();
    let name = best.and_then(|(optimum, _)| hits(optimum)).map_or_else(|| "-".into(), rated);
    vec![
        start.name.clone(),
        name,
        best.map_or_else(|| "-".into(), |(_, value)| fixed(*value, decimals)),
        often,
        different,
    ]
}

pub(super) fn has_optima(results: &ProblemResults) -> bool {
    results.starts.iter().any(|start| start.basins.is_some())
}

/// Returns the most frequent optimum with its rate, the number of different optima, and the entropy over them.
pub(super) fn cells(start: &StartResults) -> [String; 3] {
    let basins = start.basins.as_ref();
    let most = basins.and_then(|basins| basins.hits.first()).map_or_else(|| "-".into(), rated);
    let different = basins.map_or_else(|| "-".into(), |basins| basins.hits.len().to_string());
    [most, different, optional(basins.and_then(|basins| basins.entropy))]
}

fn rated(hits: &Hits<std::sync::Arc<str>>) -> String {
    format!("{}: {} [{}, {}]", hits.optimum, percent(hits.rate), percent(hits.low), percent(hits.high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_and_the_most_frequent_optimum_are_shown() {
        let mut comparison = crate::files::tests::comparison();
        let problem = &mut comparison.domains[0].problems[0];
        assert_eq!(optima(problem).rows, Vec::<Vec<String>>::new(), "this domain does not name optima");
        let reached: Vec<Option<std::sync::Arc<str>>> = ["low", "high", "low"].map(|name| Some(name.into())).to_vec();
        problem.starts[1].basins = headstart_stats::basins(&reached, 0.05);
        problem.starts[1].best_optimum = Some(("high".into(), 7.0));
        let table = optima(problem);
        assert!(table.rows[0][1..].iter().all(|cell| cell == "-"), "{table:?}");
        assert!(table.rows[1][1].starts_with("high: 33%") && table.rows[1][3].starts_with("low: 67%"), "{table:?}");
        assert_eq!((&*table.rows[1][2], &*table.rows[1][4]), ("7.00", "2"));
    }
}
