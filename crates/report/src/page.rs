//! The report as one HTML page that works offline: tables, plots, figures, claims, methods.

mod claims;
mod data;
mod domain;
mod mark;
mod methods;
mod names;
mod overview;
mod problem;
mod table;

use askama::Template;

use super::table as tables;
use crate::compare::{Changes, Comparison, DomainResults};
use domain::DomainView;
use headstart_domain::error::Error;
use table::TableView;

/// plotly.js, the bundle with scatter and bar plots: npm's plotly.js-basic-dist-min 4.1.1, unchanged.
const PLOTLY: &str = include_str!("page/assets/plotly-basic.min.js");
const SCRIPTS: [&str; 2] = [include_str!("page/assets/page.js"), include_str!("page/assets/plots.js")];
const STYLE: &str = include_str!("page/assets/page.css");

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    lead: String,
    /// Recommendations for the problems with a user's own data, by name.
    answers: Vec<(String, String)>,
    css: &'static str,
    plotly: &'static str,
    script: String,
    summary: TableView,
    summary_note: String,
    has_strip: bool,
    strip: String,
    not_by_work: String,
    domains: Vec<DomainView<'a>>,
    changes: Option<ChangesView<'a>>,
    methods: String,
    machine: TableView,
    damaged: &'a [String],
    version: &'static str,
}

struct ChangesView<'a> {
    words: String,
    notes: &'a [String],
    table: TableView,
}

/// Returns the page of a comparison; `changes` adds the differences from another run.
pub(super) fn page(comparison: &Comparison, changes: Option<&Changes>) -> Result<String, Error> {
    let page = Page {
        title: title(comparison),
        lead: lead(comparison),
        answers: answers(comparison),
        css: STYLE,
        plotly: PLOTLY,
        script: SCRIPTS.join("\n"),
        summary: TableView::new("All domains", &tables::summary(comparison)),
        summary_note: emphasised(&table::text(tables::SUMMARY_LEGEND)),
        has_strip: data::has_strip(comparison),
        strip: data::strip(comparison)?,
        not_by_work: not_by_work(comparison),
        domains: comparison.domains.iter().map(DomainView::new).collect::<Result<_, _>>()?,
        changes: changes.map(|changes| ChangesView {
            words: tables::change_words(changes),
            notes: &changes.notes,
            table: TableView::changes(changes),
        }),
        methods: methods::methods(),
        machine: machine(comparison),
        damaged: &comparison.damaged,
        version: env!("CARGO_PKG_VERSION"),
    };
    page.render().map_err(|error| Error::Incomplete(format!("cannot write the page: {error}")))
}

fn answers(comparison: &Comparison) -> Vec<(String, String)> {
    let all = comparison.domains.iter().flat_map(|domain| domain.problems.iter().map(move |problem| (domain, problem)));
    let own = all.filter(|(_, problem)| problem.own);
    own.map(|(domain, problem)| (problem.info.name.to_string(), problem::verdict(domain, problem))).collect()
}

/// Turns Markdown's `*words*` into HTML.
fn emphasised(text: &str) -> String {
    let parts = text.split('*').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { format!("<em>{part}</em>") } else { part.to_owned() }).collect()
}

fn title(comparison: &Comparison) -> String {
    let mut suites: Vec<&str> = comparison.headers.iter().map(|header| header.suite.as_str()).collect();
    suites.dedup();
    suites.join(", ")
}

/// Returns the extent of the data and the date of the run, as a sentence.
fn lead(comparison: &Comparison) -> String {
    let problems: usize = comparison.domains.iter().map(|domain| domain.problems.len()).sum();
    let trials: usize = comparison
        .domains
        .iter()
        .flat_map(|domain| &domain.problems)
        .flat_map(|problem| &problem.starts)
        .map(|start| start.n)
        .sum();
    let (domains, day) = (comparison.domains.len(), comparison.headers.last().map_or("", |header| &header.started));
    let (day, plural) = (day.split('T').next().unwrap_or(day), |count: usize| if count == 1 { "" } else { "s" });
    format!(
        "This page covers {trials} trials on {problems} problem{} from {domains} domain{}, suite {}, run on {day}.",
        plural(problems),
        plural(domains),
        title(comparison)
    )
}

/// Names the domains that do not rank starts by work.
fn not_by_work(comparison: &Comparison) -> String {
    let is_other = |domain: &&DomainResults| domain.summary.best.iter().all(|best| best.speedup.is_none());
    let names: Vec<&str> = comparison.domains.iter().filter(is_other).map(|one| one.info.name.as_ref()).collect();
    names.join(", ")
}

fn machine(comparison: &Comparison) -> TableView {
    let head =
        ["suite", "started", "seed", "commit", "build", "compiler", "processor", "system", "workers", "features"];
    let mut table = tables::Table { head: head.map(str::to_owned).to_vec(), rows: Vec::new() };
    for header in &comparison.headers {
        table.rows.push(vec![
            header.suite.clone(),
            header.started.clone(),
            header.seed.to_string(),
            header.git.clone(),
            header.build.get(..12).unwrap_or(&header.build).to_owned(),
            header.rustc.clone(),
            header.cpu.clone(),
            header.os.clone(),
            header.workers.to_string(),
            header.features.join(" "),
        ]);
    }
    TableView::new("Machine and version of each run", &table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::changes;
    use headstart_domain::toy;
    use headstart_domain::toy::trials;
    use headstart_rows::{Rows, Status};

    fn rows() -> Rows {
        let headers = vec![headstart_rows::sample::header(&[toy::entry()], "test")];
        Rows { headers, rows: trials(1, 20), damaged: Vec::new() }
    }

    #[test]
    fn the_page_has_every_section_and_shows_failures() {
        let mut new = rows();
        let row = new.rows.iter_mut().find(|row| &*row.start == "pilot").unwrap();
        (row.status, row.message) = (Status::Crashed, "killed by signal 11\n<b>tail of the log</b>".into());
        let changed = changes(rows(), new.clone());
        let page = page(&crate::compare::compare(new), Some(&changed)).unwrap();
        for part in [
            "id=\"summary\"",
            "id=\"toy\"",
            "id=\"toy--bowl\"",
            "id=\"changes\"",
            "id=\"methods\"",
            "id=\"machine\"",
            "Known bias",
            "1 of 20 trials",
            "&#60;b&#62;tail of the log&#60;/b&#62;",
            "data-kind=\"convergence\"",
            "data-kind=\"reuse\"",
            "data-kind=\"runtime\"",
        ] {
            assert!(page.contains(part), "{part} is not on the page");
        }
        assert!(!page.contains("<b>tail"), "logs are escaped");
        // Apart from XML names and links for the reader, the page must not contain addresses.
        let own = page.replace(PLOTLY, "");
        for lead in ["<link rel=\"stylesheet", "src=\"http", "@import", "fetch(", "XMLHttpRequest", "url(http"] {
            assert!(!own.contains(lead), "{lead} needs the network");
        }
    }
}
