//! Section of a problem on the page.

use askama::Template;

use super::data;
use super::mark::{Mark, Named};
use super::names::{id, plain};
use super::table::{TableView, text};
use crate::compare::{DomainResults, ProblemResults, StartResults};
use crate::figure::y_label;
use crate::number::number;
use crate::table::{self, Table};
use crate::{advice, figure};
use headstart_domain::claim::Estimand;
use headstart_domain::error::Error;

/// Number of starts that the plots show at first, besides the baseline.
const SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemView<'a> {
    id: String,
    name: &'a str,
    about: &'a str,
    verdict: String,
    terms: String,
    notes: Vec<String>,
    table: TableView,
    chips: Vec<Chip<'a>>,
    unit: &'a str,
    y_label: String,
    n: usize,
    forest_caption: &'static str,
    has_reuse: bool,
    data: String,
    gallery: Option<String>,
    more: Vec<(&'static str, TableView)>,
}

struct Chip<'a> {
    name: &'a str,
    mark: Mark,
    on: bool,
}

impl<'a> ProblemView<'a> {
    pub(super) fn new(domain: &'a DomainResults, problem: &'a ProblemResults) -> Result<Self, Error> {
        let (info, unit) = (&problem.info, domain.info.work_unit.as_str());
        let shown = shown(problem);
        let chip = |start: &'a StartResults| {
            let Named { name, mark } = Named { name: &start.name, mark: Mark::of(&domain.info, &start.name) };
            Chip { name, mark, on: shown.contains(&name) }
        };
        let svg = figure::gallery(&domain.info, problem);
        let more = [
            ("Charge, reuse and survival", table::reuse(problem)),
            ("Optima reached", table::optima(problem)),
            ("Hyperparameters", table::knobs(problem)),
        ];
        let some = |(head, table): (&'static str, Table)| {
            (!table.rows.is_empty())
                .then(|| (head, TableView::of_starts(format!("{}: {head}", info.name), &table, &domain.info)))
        };
        let metrics = Some(table::metrics(problem)).filter(|table| !table.rows.is_empty());
        let metrics = metrics.map(|table| ("Metrics", TableView::new(format!("{}: metrics", info.name), &table)));
        Ok(Self {
            id: id(domain, problem),
            name: &info.name,
            about: &info.about,
            verdict: verdict(domain, problem),
            terms: terms(problem, unit),
            notes: problem.notes.iter().map(|note| text(note)).collect(),
            table: TableView::of_starts(format!("{}: every start", info.name), &table::problem(problem), &domain.info),
            chips: problem.starts.iter().map(chip).collect(),
            unit,
            y_label: y_label(problem),
            n: problem.starts.first().map_or(0, |start| start.n),
            forest_caption: match info.headline {
                Estimand::Work { .. } => {
                    "Speed-up against the baseline: pseudo-median with its 95% interval (exact signed-rank). Open marks: \
                     without the charge. A start has no mark if most of its pairs with the baseline miss the target. \
                     Long intervals are cut at the edge."
                }
                _ => {
                    "Headline effect against the baseline: pseudo-median with its 95% interval, simultaneous over the \
                     starts. Long intervals are cut at the edge."
                }
            },
            has_reuse: problem.starts.iter().any(|start| start.break_even.is_some()),
            data: data::problem(domain, problem)?,
            gallery: (!svg.is_empty()).then_some(svg),
            more: more.into_iter().filter_map(some).chain(metrics).collect(),
        })
    }
}

/// Returns the recommendation for a problem as HTML.
pub(super) fn verdict(domain: &DomainResults, problem: &ProblemResults) -> String {
    text(&sentence(&plain(&(advice::of_problem(&domain.info, problem) + &advice::of_reuse(&domain.info, problem)))))
}

/// Capitalises the first letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns the baseline and the starts with the largest headline effects.
fn shown(problem: &ProblemResults) -> Vec<&str> {
    let Some((baseline, others)) = problem.starts.split_first() else { return Vec::new() };
    let mut others: Vec<(&str, f64)> =
        others.iter().filter_map(|start| Some((start.name.as_ref(), start.headline?.estimate))).collect();
    others.sort_by(|a, b| b.1.total_cmp(&a.1));
    std::iter::once(baseline.name.as_ref()).chain(others.into_iter().take(SHOWN).map(|other| other.0)).collect()
}

fn terms(problem: &ProblemResults, unit: &str) -> String {
    let info = &problem.info;
    let judged = info.judged_label();
    let stops = if info.stop_at_target { " Trials end at their target." } else { "" };
    let target = problem.target.map_or_else(String::new, |target| format!(" Median target: {}.", number(target)));
    format!("Budget: {} {unit}s. Final results are judged by {judged}.{target}{stops}", number(problem.budget))
}
