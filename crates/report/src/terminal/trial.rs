//! The screen that ends `headstart try`: what was found, which start to use, one small table.

use std::fmt::Write;
use std::path::PathBuf;

use super::plain;
use crate::advice;
use crate::compare::{By, Comparison, DomainResults, Found, ProblemResults, StartResults};
use crate::number::{effect_of, fixed, number};
use crate::table::{Table, headline};
use headstart_domain::catalogue::Role;
use headstart_domain::claim::Estimand;

/// The result, the recommendation and a table of the starts. `files` has the output files of a start's first replicate.
pub fn try_result(comparison: &Comparison, files: impl Fn(&str) -> Vec<PathBuf>) -> String {
    let mut text = String::new();
    for domain in &comparison.domains {
        for problem in &domain.problems {
            let name = &problem.info.name;
            let _ = write!(
                text,
                "\nResult\n{}",
                problem.found.as_ref().map_or_else(
                    || "  every trial failed; the notes below say why\n".into(),
                    |found| result(domain, problem, found, &files(&found.start)),
                )
            );
            let advice = advice::of_problem(&domain.info, problem);
            let _ = write!(text, "\nRecommendation for {name}\n{}", wrapped(&advice));
            let _ = write!(text, "\n{}{}", plain(&starts(domain, problem)), legend(domain, problem));
            if has_ends(domain) {
                let _ = write!(text, "\n{}{}", plain(&ends(domain, problem)), legend_of_ends(domain));
            }
            for note in &problem.notes {
                text += &wrapped(&format!("note: {note}"));
            }
        }
    }
    text
}

fn wrapped(text: &str) -> String {
    // A name with a hyphen stays whole, so that it can be copied.
    let options = textwrap::Options::new(super::width().into())
        .initial_indent("  ")
        .subsequent_indent("  ")
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options) + "\n"
}

fn result(domain: &DomainResults, problem: &ProblemResults, found: &Found, files: &[PathBuf]) -> String {
    let mut lines = Vec::new();
    if let Some(optimum) = &found.optimum {
        lines.push((if domain.info.states { "state" } else { "optimum" }.to_owned(), optimum.to_string()));
    }
    let end = fixed(found.end, problem.decimals);
    let results = found.results.iter().map(|(name, value, decimals)| (name, measured(domain, name, *value, *decimals)));
    // A metric may be the end under another name.
    let results: Vec<_> =
        results.filter(|(_, value)| *value != end).map(|(name, value)| (name.clone(), value)).collect();
    lines.push((problem.info.judged_label().to_owned(), end));
    lines.extend(results);
    // Controls and oracles are left out of both counts.
    let (starts, all) = (found.starts, problem.starts.iter().filter(|start| is_shown(domain, start)).count());
    let of = problem.starts.iter().find(|start| start.name == found.start).map_or(0, |start| start.n);
    let first = format!("{}, replicate {} of {of}", found.start, found.replicate + 1);
    lines.push((
        "found by".into(),
        if starts == 1 { first } else { format!("{starts} of {all} starts; shown: {first}") },
    ));
    // Only the first replicate keeps its files.
    if found.replicate == 0 {
        lines.extend(files.iter().map(|file| ("file".to_owned(), file.display().to_string())));
    } else if let Some(folder) = files.first().and_then(|file| file.parent()) {
        lines.push(("files".into(), format!("{} (first replicate of each start)", folder.display())));
    }
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    lines.into_iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "  {name:width$}  {value}");
        text
    })
}

/// A share in percent, everything else with its decimals.
fn measured(domain: &DomainResults, name: &str, value: f64, decimals: Option<u8>) -> String {
    let is_share = domain.info.metrics.iter().any(|metric| metric.name == *name && metric.share);
    if is_share { format!("{:.1}%", 100.0 * value) } else { fixed(value, decimals) }
}

/// Start, target reached, effect against the baseline, cost of the start, end. Controls and oracles are not for use: they
/// are in the report.
fn starts(domain: &DomainResults, problem: &ProblemResults) -> Table {
    let head = ["start", "reached", gained(problem), "start cost", "end"];
    let mut table = Table { head: head.map(str::to_owned).to_vec(), rows: Vec::new() };
    for start in problem.starts.iter().filter(|start| is_shown(domain, start)) {
        let mark = match domain.info.role(&start.name) {
            _ if start.name == domain.info.baseline() => " (baseline)",
            Role::Algorithm => " (algorithm)",
            _ => "",
        };
        table.rows.push(vec![
            format!("{}{mark}", start.name),
            format!("{}/{}{}", start.reached, start.n, if start.is_one_value { " =" } else { "" }),
            against_baseline(domain, problem, start),
            count(start.charge.0),
            start.end.map_or_else(|| "-".into(), |end| fixed(end, problem.decimals)),
        ]);
    }
    table
}

/// Whether ends need a table of their own: their distance from the best in a unit of the field, or the states they are in.
fn has_ends(domain: &DomainResults) -> bool {
    domain.info.states || domain.info.own_distance.is_some()
}

/// Start, end, distance from the best end, state.
fn ends(domain: &DomainResults, problem: &ProblemResults) -> Table {
    let distance = domain.info.own_distance.as_ref();
    let mut head = vec!["start".to_owned(), problem.info.judged_label().to_owned()];
    head.extend(distance.map(|(unit, _)| format!("{unit} from best")));
    head.extend(domain.info.states.then(|| "state".to_owned()));
    let mut table = Table { head, rows: Vec::new() };
    let best = problem.found.as_ref();
    for start in problem.starts.iter().filter(|start| is_shown(domain, start)) {
        let end = start.end.map_or_else(|| "-".into(), |end| fixed(end, problem.decimals));
        let mut cells = vec![start.name.clone(), end];
        if let Some((_, scale)) = distance {
            let off = start.end.zip(best).map(|(end, best)| (end - best.end).abs() * scale);
            cells.push(off.map_or_else(|| "-".into(), |off| fixed(off, Some(3))));
        }
        if domain.info.states {
            cells.push(state(problem, start));
        }
        table.rows.push(cells);
    }
    table
}

/// The state of most runs, how many they are if not all, and whether it is another one than that of the best end.
fn state(problem: &ProblemResults, start: &StartResults) -> String {
    let Some(hits) = start.basins.as_ref().and_then(|basins| basins.hits.first()) else { return "-".into() };
    let count =
        if hits.count as usize == start.n { String::new() } else { format!(" ({} of {})", hits.count, start.n) };
    let other = if advice::other_state(problem, start).is_some() { "; another state" } else { "" };
    format!("{}{count}{other}", hits.optimum)
}

fn legend_of_ends(domain: &DomainResults) -> String {
    let mut text = String::new();
    if domain.info.own_distance.is_some() {
        text += "  from best   median end, from the best end of all runs\n";
    }
    if domain.info.states {
        text += "  state       of most runs; ends in different states do not compare the starts\n  -           \
                 no state: not an eigenstate, or several spins\n";
    }
    text
}

fn is_shown(domain: &DomainResults, start: &StartResults) -> bool {
    matches!(domain.info.role(&start.name), Role::Start | Role::Algorithm)
}

fn gained(problem: &ProblemResults) -> &'static str {
    let by_end = problem.starts.iter().any(|start| start.by == By::End);
    if headline(&problem.info).is_some() || by_end { "gain [95% interval]" } else { "speed-up [95% interval]" }
}

/// What the columns of [`starts`] mean on this problem, a line each.
fn legend(domain: &DomainResults, problem: &ProblemResults) -> String {
    let (unit, judged) = (&domain.info.work_unit, problem.info.judged_label());
    let by = |by: By| problem.starts.iter().any(|start| start.by == by);
    let effect = match headline(&problem.info) {
        Some(what) => {
            let what = what.replace(" (headline)", "");
            format!("in {} over the baseline", what.strip_prefix("gain in ").unwrap_or(&what))
        }
        None if by(By::End) => format!("ratio of {unit}s to the target, baseline / start; \"end\": gain in {judged}"),
        None if by(By::Cost) => format!("{unit}s to a success with restarts, baseline / start"),
        None => format!("{unit}s to the target, baseline / start"),
    };
    let name = gained(problem).split(' ').next().unwrap_or_default();
    let left = problem.starts.iter().filter(|start| !is_shown(domain, start)).count();
    let hidden = (left > 0).then(|| ("not shown", format!("controls and oracles ({left}), which are in the report")));
    let reached = problem.info.within.map_or_else(
        || "runs that reach the target".to_owned(),
        |near| format!("runs that come within {} of the best {} of all runs", number(near), problem.info.value_label),
    );
    let algorithm = problem.starts.iter().any(|start| domain.info.role(&start.name) == Role::Algorithm);
    let same = problem.starts.iter().any(|start| start.is_one_value && is_shown(domain, start));
    let same =
        same.then(|| ("=", "all runs of the start give the same result: one value, however many runs".to_owned()));
    let other = algorithm.then(|| ("algorithm", "changes more than the start, so it is not recommended".to_owned()));
    let lines = [
        ("reached", reached),
        (name, effect),
        ("interval", "simultaneous over the starts; * excludes no effect".to_owned()),
        ("start cost", format!("{unit}s in each run{}", if is_work(problem) { ", included" } else { "" })),
        ("end", format!("median {judged}")),
    ];
    lines.into_iter().chain(same).chain(other).chain(hidden).fold(String::new(), |text, (name, meaning)| {
        let options = textwrap::Options::new(super::width().into()).subsequent_indent("              ");
        text + &textwrap::fill(&format!("  {name:<10}  {meaning}"), options) + "\n"
    })
}

fn is_work(problem: &ProblemResults) -> bool {
    matches!(problem.info.headline, Estimand::Work { .. })
}

/// A whole number without decimals.
fn count(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e6 { format!("{value:.0}") } else { number(value) }
}

fn against_baseline(domain: &DomainResults, problem: &ProblemResults, start: &StartResults) -> String {
    if start.name == domain.info.baseline() {
        return "-".into();
    }
    if start.end.is_none() {
        return "no result".into();
    }
    if domain.info.states && advice::other_state(problem, start).is_some() {
        return "another state".into();
    }
    let star = if start.headline.is_some_and(|effect| effect.is_clear()) { " *" } else { "" };
    let baseline = problem.starts.first().map_or(0, |baseline| baseline.reached);
    match (start.by, advice::is_cut(problem, start)) {
        (By::Itself | By::Cost, _) if is_work(problem) && start.reached == 0 => {
            format!("never reaches the target{star}")
        }
        (By::Itself | By::Cost, _) if is_work(problem) && baseline == 0 => format!("baseline never reaches it{star}"),
        (By::NotReached, _) => "target not reached".into(),
        (By::Itself, true) => format!("target often missed{star}"),
        (By::End, _) => format!("end {}{star}", effect_of(start.headline, start.n)),
        _ => match start.headline {
            // Only the bound is known.
            Some(effect) if effect.high.is_infinite() && effect.is_clear() => format!("> {}{star}", number(effect.low)),
            effect => format!("{}{star}", effect_of(effect, start.n)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_of_the_toy_domain() {
        let mut comparison = crate::files::tests::comparison();
        comparison.domains[0].problems[0].notes.push("the points are made up".into());
        insta::assert_snapshot!(try_result(&comparison, |start| vec![format!("files/points-{start}.csv").into()]));
    }
}
