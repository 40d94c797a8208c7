//! Table of the starts of a domain over its problems.

use std::fmt::Write;

use super::Table;
use crate::compare::{DomainResults, Overall};
use crate::number::{number, p_value};

/// How to read the table.
pub(crate) const OVERALL_LEGEND: &str = "\
`rank`: mean rank over these problems by the headline of each, 1 is best. A start that misses the target in most runs \
ranks after those that reach it, by its final result. Starts that share a letter of `group` do not differ significantly \
(pairwise signed-rank tests over problems, Holm at 0.05). `typical speed-up`: interquartile mean over (problem, \
replicate) of the charged speed-up against the baseline, with a 95% bootstrap interval that resamples replicates \
within problems, jointly over starts. `profile`: area under the performance profile among all these starts, ratios \
from 1 to 10, with the same kind of interval. Controls, oracles and other algorithms are not ranked. `pair`: area \
under the performance profile of start / baseline alone. `runtime`: area under the runtime distribution over \
(problem, replicate, target), start / baseline, on a logarithmic axis. Brackets hold 95% bootstrap intervals: of the \
rank, and of the start's area minus the baseline's. They refer to other replicates on these problems. Pairs are \
compared on all problems on which both starts run.";

/// Returns one row for each start; `None` if no starts can be compared over problems.
pub(crate) fn overall(domain: &DomainResults) -> Option<Table> {
    let overall = domain.overall.as_ref()?;
    let mut table = Table::new(["start", "rank", "group", "typical speed-up", "profile", "pair", "runtime"]);
    let names = domain.info.starts.iter().map(|start| start.name.as_ref());
    table.rows = names.filter_map(|name| row(overall, name)).collect();
    (!table.rows.is_empty()).then_some(table)
}

fn row(overall: &Overall, name: &str) -> Option<Vec<String>> {
    let place = overall.starts.iter().position(|start| start == name);
    let against = overall.against.iter().find(|against| against.start == name);
    if place.is_none() && against.is_none() {
        return None;
    }
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    let ranking = overall.ranking.as_ref();
    let two = |start: f64, baseline: f64, difference: Option<(f64, f64)>| {
        let ends = difference.map(|(low, high)| format!(" [{}, {}]", signed(low), signed(high)));
        format!("{} / {}{}", area(start), area(baseline), ends.unwrap_or_default())
    };
    let runtime = against.and_then(|against| against.runtime.as_ref());
    Some(vec![
        name.to_owned(),
        or_dash(place.and_then(|place| {
            let rank = number(*ranking?.friedman.mean_ranks.get(place)?);
            let ends = ranking?.intervals.as_ref().and_then(|ends| ends.get(place));
            let ends = ends.map(|(low, high)| format!(" [{}, {}]", number(*low), number(*high)));
            Some(format!("{rank}{}", ends.unwrap_or_default()))
        })),
        or_dash(place.and_then(|place| Some(letters(ranking?.cliques.as_ref()?, place)))),
        or_dash(place.and_then(|place| {
            let (estimate, low, high) = overall.speedups.get(place)?;
            Some(format!("{} [{}, {}]", number(*estimate), number(*low), number(*high)))
        })),
        or_dash(place.and_then(|place| {
            let (estimate, low, high) = overall.profile_areas.get(place)?;
            Some(format!("{} [{}, {}]", area(*estimate), area(*low), area(*high)))
        })),
        or_dash(against.map(|against| two(against.profile.0.area, against.profile.1.area, against.profile_difference))),
        or_dash(runtime.map(|runtime| two(runtime.start.area, runtime.baseline.area, runtime.difference))),
    ])
}

/// Formats an area with three decimals. Rounding may leave a sum slightly below 0.
fn area(area: f64) -> String {
    format!("{:.3}", area.max(0.0) + 0.0)
}

/// Formats a difference of areas.
fn signed(difference: f64) -> String {
    format!("{:.3}", difference + 0.0)
}

/// Returns the letters of the groups to which a start belongs.
fn letters(cliques: &[Vec<usize>], start: usize) -> String {
    let letter = |index: usize| char::from(b'a' + (index % 26) as u8);
    let of = cliques.iter().enumerate().filter(|(_, clique)| clique.contains(&start));
    of.map(|(index, _)| letter(index)).collect()
}

/// Returns the problems behind the table, and the test over them.
pub(crate) fn basis(overall: &Overall) -> String {
    let plural = if overall.problems.len() == 1 { "" } else { "s" };
    let mut text = format!("{} starts on {} problem{plural}", overall.starts.len(), overall.problems.len());
    if !overall.left_out.is_empty() {
        let _ =
            write!(text, " (left out, since not every start runs on every problem: {})", overall.left_out.join(", "));
    }
    match &overall.ranking {
        None => text += ". Ranks need at least six problems",
        Some(ranking) => {
            let (f, p) = (ranking.friedman.f, ranking.friedman.p_f);
            let _ = write!(
                text,
                ". Friedman test of equal performance: F = {} (Iman-Davenport), p = {}",
                number(f),
                p_value(p)
            );
            if let Some(difference) = ranking.critical_difference {
                let _ = write!(text, "; critical difference of mean ranks (Nemenyi, 0.05): {}", number(difference));
            }
            if !ranking.can_tell {
                text += "; with so few problems, no pair of these starts can differ significantly";
            }
        }
    }
    text + "."
}
