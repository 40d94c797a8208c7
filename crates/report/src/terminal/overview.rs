//! The screen that ends a run and a report: a line for each domain, the largest effects, what failed.

use std::fmt::Write;

use super::plain;
use crate::compare::{By, Comparison, DomainResults, Effect, ProblemResults, Selected, StartResults};
use crate::number::{effect, number};
use crate::table::{self, Table};
use headstart_domain::claim::Estimand;

const LEGEND: &str = "\
differs: problems where a start differs significantly from the baseline (95%, simultaneous)
beaten: of those, problems where a start is better and its end is not significantly worse
(n): number of problems; speed-up: in work to the target, charge included
claims: supported, refuted, open
";

/// So many effects are listed.
const EFFECTS: usize = 5;

/// So many starts with failed trials are listed.
const FAILURES: usize = 5;

/// The answer on one screen: which starts differ from the baseline, by how much, which claims hold.
pub fn overview(comparison: &Comparison) -> String {
    let mut text = format!("{}\n\n{}", counts(comparison), plain(&domains(comparison)));
    text += LEGEND;
    let effects = largest(comparison);
    if effects.rows.is_empty() {
        text += "\nNo start is shown to change the work to the target.\n";
    } else {
        let _ = write!(text, "\nLargest effects on work to the target\n{}", plain(&effects));
    }
    text
}

/// What failed or could not be read; empty where nothing did.
pub fn faults(comparison: &Comparison) -> String {
    failures(comparison) + &left_out(comparison) + &damaged(comparison)
}

fn counts(comparison: &Comparison) -> String {
    let problems = || comparison.domains.iter().flat_map(|domain| &domain.problems);
    let starts = || problems().flat_map(|problem| &problem.starts);
    let trials: usize = starts().map(|start| start.n).sum();
    let failed: usize = starts().flat_map(|start| start.unsound.values()).sum();
    format!(
        "{} on {}: {}, {failed} failed",
        plural(comparison.domains.len(), "domain"),
        plural(problems().count(), "problem"),
        plural(trials, "trial")
    )
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn domains(comparison: &Comparison) -> Table {
    let head = ["domain", "problems", "differs", "beaten", "most often best", "its speed-up [95%]", "claims"];
    let mut table = Table { head: head.map(str::to_owned).to_vec(), rows: Vec::new() };
    for domain in &comparison.domains {
        let summary = &domain.summary;
        // Ranks alone show nothing.
        let best = summary.most_often_best.as_ref().filter(|_| summary.baseline_beaten.shown > 0);
        table.rows.push(vec![
            domain.info.name.clone(),
            summary.problems.to_string(),
            summary.matters.shown.to_string(),
            summary.baseline_beaten.shown.to_string(),
            best.map_or_else(|| "-".into(), |(names, count)| format!("{} ({count})", names.join(", "))),
            summary.best_speedup.filter(|_| is_reached(domain)).map_or_else(|| "-".into(), selected),
            claims(domain),
        ]);
    }
    table
}

/// Whether most runs of the baseline reach the target of some problem: elsewhere the budget decides ratios of work.
fn is_reached(domain: &DomainResults) -> bool {
    domain
        .problems
        .iter()
        .filter_map(|problem| problem.starts.first())
        .any(|baseline| 2 * baseline.reached > baseline.n)
}

/// A speed-up with its interval and its number of problems.
fn selected(found: Selected) -> String {
    let [estimate, low, high] = [found.estimate, found.low, found.high].map(number);
    format!("{estimate} [{low}, {high}] ({})", found.problems)
}

fn claims(domain: &DomainResults) -> String {
    if domain.claims.is_empty() {
        return "-".into();
    }
    let [supported, refuted, open] = table::verdict_counts(domain.claims.iter());
    format!("{supported}, {refuted}, {open}")
}

/// The effects on work that are furthest from 1, by the end of their interval that is nearest to 1: an estimate far out
/// with a wide interval is no large effect.
fn largest(comparison: &Comparison) -> Table {
    let head = ["domain", "problem", "start", "speed-up over the baseline", "baseline"];
    let mut table = Table { head: head.map(str::to_owned).to_vec(), rows: Vec::new() };
    let mut found: Vec<(f64, Vec<String>)> = Vec::new();
    for domain in &comparison.domains {
        let cells = domain.problems.iter().flat_map(|problem| problem.starts.iter().map(move |start| (problem, start)));
        for (problem, start) in cells.filter(|(_, start)| domain.info.is_candidate(&start.name)) {
            let Some(shown) = speedup(problem, start) else { continue };
            let cells = [&domain.info.name, &*problem.info.name, &start.name, &effect(Some(shown)), baseline(domain)];
            let nearest = if shown.favours == Some(true) { shown.low } else { shown.high };
            found.push((nearest.ln().abs(), cells.map(str::to_owned).to_vec()));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    table.rows = found.into_iter().take(EFFECTS).map(|(_, cells)| cells).collect();
    table
}

fn baseline(domain: &DomainResults) -> &str {
    domain.info.baseline()
}

/// A significant effect on work, where most runs of both starts reach the target: elsewhere the budget decides how large
/// it is.
fn speedup(problem: &ProblemResults, start: &StartResults) -> Option<Effect> {
    let baseline = problem.starts.first()?;
    let reach = |of: &StartResults| 2 * of.reached > of.n;
    let is_work = matches!(problem.info.headline, Estimand::Work { .. }) && matches!(start.by, By::Itself | By::Cost);
    start.headline.filter(|effect| is_work && effect.is_clear() && reach(start) && reach(baseline))
}

fn failures(comparison: &Comparison) -> String {
    let mut lines = Vec::new();
    for domain in &comparison.domains {
        for (problem, start) in domain.problems.iter().flat_map(|one| one.starts.iter().map(move |start| (one, start)))
        {
            let Some(first) = start.failures.first() else { continue };
            let failed: usize = start.unsound.values().sum();
            let why = first.message.lines().next().unwrap_or_default();
            let status = format!("{:?}", first.status).to_lowercase();
            lines.push(format!(
                "  {} {} {}: {failed} of {}, {status}: {why}",
                domain.info.name, problem.info.name, start.name, start.n
            ));
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let more = lines.len().saturating_sub(FAILURES);
    lines.truncate(FAILURES);
    if more > 0 {
        lines.push(format!("  and of {} more", plural(more, "start")));
    }
    format!("\nFailed trials\n{}\n", lines.join("\n"))
}

fn left_out(comparison: &Comparison) -> String {
    let rows: usize = comparison.domains.iter().flat_map(|domain| &domain.problems).map(|one| one.left_out).sum();
    if rows == 0 {
        return String::new();
    }
    format!(
        "\n{} of other runs (another seed, budget, version, data or hyperparameters) left out\n",
        plural(rows, "row")
    )
}

fn damaged(comparison: &Comparison) -> String {
    comparison.damaged.first().map_or_else(String::new, |first| {
        format!("\n{} left out; the first: {first}\n", plural(comparison.damaged.len(), "damaged line"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overview_of_the_toy_domain() {
        insta::assert_snapshot!(overview(&crate::files::tests::comparison()));
    }

    #[test]
    fn failed_trials_and_damaged_lines_are_named() {
        let mut comparison = crate::files::tests::comparison();
        comparison.damaged.push("line 3 of rows.jsonl: not JSON".into());
        let start = &mut comparison.domains[0].problems[0].starts[1];
        start.unsound.insert(headstart_rows::Status::Crashed, 2);
        start.failures.push(crate::compare::Failure {
            replicate: 4,
            status: headstart_rows::Status::Crashed,
            message: "signal 9\nlog".into(),
        });
        insta::assert_snapshot!(faults(&comparison));
    }
}
