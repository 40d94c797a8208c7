//! Section of a domain on the page.

use askama::Template;

use super::claims::{self, ClaimView};
use super::data;
use super::mark::{Mark, Named};
use super::overview;
use super::problem::ProblemView;
use super::table::{TableView, text};
use crate::compare::{DomainResults, ProblemResults, StartResults};
use crate::table::{self, KNOBS_LEGEND, LEGEND, METRICS_LEGEND, OVERALL_LEGEND, REUSE_LEGEND, UNTIL_DECIDED};
use headstart_domain::Role;
use headstart_domain::error::Error;
use headstart_domain::knob::Knob;
use headstart_rows::Status;

#[derive(Template)]
#[template(path = "domain.html")]
pub(super) struct DomainView<'a> {
    pub(super) name: &'a str,
    question: &'a str,
    words: Vec<String>,
    claims: Vec<ClaimView<'a>>,
    until_decided: &'static str,
    overview: TableView,
    overview_note: String,
    overall: Option<TableView>,
    basis: String,
    baseline: &'a str,
    baseline_mark: Mark,
    pairs: Vec<Named<'a>>,
    has_runtimes: bool,
    data: String,
    problems: Vec<ProblemView<'a>>,
    failures: Vec<FailureView<'a>>,
    starts: Vec<StartView<'a>>,
    has_knobs: bool,
    knobs: &'a [Knob],
    legends: Vec<String>,
}

struct StartView<'a> {
    name: &'a str,
    mark: Mark,
    about: &'a str,
    /// Role, if it is not counted as a start; otherwise empty.
    role: &'static str,
}

struct FailureView<'a> {
    start: &'a str,
    problem: &'a str,
    words: String,
    shown: Vec<OneFailure<'a>>,
}

struct OneFailure<'a> {
    replicate: u64,
    status: &'static str,
    message: &'a str,
}

impl<'a> DomainView<'a> {
    pub(super) fn new(domain: &'a DomainResults) -> Result<Self, Error> {
        let info = &domain.info;
        let against = domain.overall.iter().flat_map(|overall| &overall.against);
        let named = |name: &'a str| Named { name, mark: Mark::of(info, name) };
        let has_knobs = !info.knobs.is_empty();
        let mut legends = vec![LEGEND, REUSE_LEGEND, METRICS_LEGEND];
        if has_knobs {
            legends.push(KNOBS_LEGEND);
        }
        let overall = table::overall(domain);
        if overall.is_some() {
            legends.push(OVERALL_LEGEND);
        }
        let start = |start: &'a headstart_domain::catalogue::StartInfo| StartView {
            name: &start.name,
            mark: Mark::of(info, &start.name),
            about: &start.about,
            role: if start.role == Role::Start { "" } else { start.role.name() },
        };
        Ok(Self {
            name: &info.name,
            question: &info.about,
            words: words(domain).iter().map(|line| text(line)).collect(),
            claims: domain.claims.iter().map(ClaimView::new).collect(),
            until_decided: if domain.until_decided { UNTIL_DECIDED } else { "" },
            overview: overview::overview(domain),
            overview_note: text(&overview::note(domain)),
            overall: overall
                .map(|table| TableView::of_starts(format!("{}: starts over its problems", info.name), &table, info)),
            basis: domain.overall.as_ref().map_or_else(String::new, |overall| text(&table::basis(overall))),
            baseline: info.baseline(),
            baseline_mark: Mark::of(info, info.baseline()),
            pairs: against.clone().map(|against| named(&against.start)).collect(),
            has_runtimes: against.clone().any(|against| against.runtime.is_some()),
            data: data::pairs(domain)?,
            problems: domain.problems.iter().map(|one| ProblemView::new(domain, one)).collect::<Result<_, _>>()?,
            failures: domain.problems.iter().flat_map(failures).collect(),
            starts: info.starts.iter().map(start).collect(),
            has_knobs,
            knobs: &info.knobs,
            legends: legends.into_iter().map(text).collect(),
        })
    }
}

/// Returns the main results of a domain as sentences.
fn words(domain: &DomainResults) -> Vec<String> {
    let (summary, baseline) = (&domain.summary, domain.info.baseline());
    let all = summary.problems;
    let mut lines = vec![format!(
        "At least one start differs significantly from the baseline, `{baseline}`, on {} of {all} problems (on at least {} with \
         intervals that are simultaneous over all problems). At least one start is significantly better, without a \
         significantly worse final result, on {} (on at least {}).",
        summary.matters.shown,
        summary.matters.at_least,
        summary.baseline_beaten.shown,
        summary.baseline_beaten.at_least
    )];
    if let Some((names, count)) = &summary.most_often_best {
        let name = names.join("`, `");
        let by = summary.best_speedup.map_or_else(String::new, |selected| {
            format!(
                " Median charged speed-up of the best start, selected on one half of the replicates and measured on the \
                 held-out half: {}.",
                table::selected(selected)
            )
        });
        let beside = summary.not_shown_worse.as_ref().map_or_else(String::new, |names| {
            format!(" Not significantly worse than the best mean rank: `{}`.", names.join("`, `"))
        });
        lines.push(format!("Most often best: `{name}`, on {count} of {all} problems.{beside}{by}"));
    }
    lines.extend(claims::words(domain));
    let failed: usize = domain.problems.iter().flat_map(|one| &one.starts).map(unsound).sum();
    if failed > 0 {
        lines.push(format!("{failed} trials failed: see \"Failures\" below."));
    }
    lines
}

fn unsound(start: &StartResults) -> usize {
    start.unsound.values().sum()
}

fn failures(problem: &ProblemResults) -> impl Iterator<Item = FailureView<'_>> {
    problem.starts.iter().filter(|start| unsound(start) > 0).map(|start| FailureView {
        start: &start.name,
        problem: &problem.info.name,
        words: {
            let parts: Vec<String> =
                start.unsound.iter().map(|(status, count)| format!("{count} {}", word(*status))).collect();
            format!("{} of {} trials ({})", unsound(start), start.n, parts.join(", "))
        },
        shown: start
            .failures
            .iter()
            .map(|one| OneFailure { replicate: one.replicate, status: word(one.status), message: &one.message })
            .collect(),
    })
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Reached => "reached",
        Status::Converged => "converged",
        Status::Budget => "out of budget",
        Status::Failed => "failed",
        Status::Timeout => "timed out",
        Status::Crashed => "crashed",
    }
}
