//! Markdown pages of a report.

use std::fmt::Write;

use super::number::number;
use super::table::{
    self, HEADLINES_LEGEND, KNOBS_LEGEND, LEGEND, METRICS_LEGEND, OVERALL_LEGEND, REUSE_LEGEND, SUMMARY_LEGEND, Table,
};
use crate::compare::{Changes, Comparison, DomainResults, ProblemResults};
use headstart_domain::Role;
use headstart_rows::Header;

/// Returns a table in Markdown.
pub(super) fn render(table: &Table) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = format!("|{}\n", "---|".repeat(table.head.len()));
    let rows: String = table.rows.iter().map(|row| line(row)).collect();
    format!("{}{rule}{rows}", line(&table.head))
}

/// Returns the first page, with a summary of all domains.
pub(super) fn summary(comparison: &Comparison) -> String {
    let mut page = String::from("# How much is a starting point worth?\n\n");
    page += &render(&table::summary(comparison));
    let _ = write!(page, "\n{SUMMARY_LEGEND}\n\n");
    for domain in &comparison.domains {
        let name = &domain.info.name;
        let _ = writeln!(page, "- [{name}]({name}.md): {} ([numbers]({name}.csv))", domain.info.about);
    }
    page += "- [claims](claims.md): all registered claims with their verdicts\n\n";
    page + &provenance(comparison)
}

/// Returns the page of differences between two runs.
pub(super) fn changes(changes: &Changes) -> String {
    let mut page = format!("# What changed\n\n{}.\n\n", table::change_words(changes));
    for note in &changes.notes {
        let _ = writeln!(page, "- Note: {note}");
    }
    page + "\n" + &render(&table::changes(changes))
}

/// Returns the page of all claims with their verdicts.
pub(super) fn claims(comparison: &Comparison) -> String {
    let mut page = String::from("# Claims and verdicts\n\n");
    for domain in &comparison.domains {
        let _ = write!(page, "## {}\n\n{}\n", domain.info.name, ledger(domain));
    }
    page + &provenance(comparison)
}

fn ledger(domain: &DomainResults) -> String {
    if domain.claims.is_empty() {
        return "No claims.\n".into();
    }
    format!(
        "{}\nBoth directions of the claims of a domain that were registered before the first record form one Holm family at \
         0.05; claims that were added later form another. Intervals are simultaneous (Bonferroni over the family). Effects \
         above 1 (ratios) or 0 (differences) favour the claim's start; for an association the effect is Kendall's tau, \
         negative if the claim says \"falls\". \"Supported\": the effect significantly exceeds the margin, or lies within the \
         bound of an equivalence. \"Refuted\": the effect is significantly below the margin, or outside the bound. \
         \"As registered\": the verdict before a rule was corrected. Published claims name the publication and what it \
         states; hypotheses are those of this project.{}\n",
        render(&table::claims(domain)),
        if domain.until_decided { table::UNTIL_DECIDED } else { "" }
    )
}

/// Returns the page of one domain.
pub(super) fn domain(domain: &DomainResults) -> String {
    let info = &domain.info;
    let mut page = format!("# {}\n\n{}\n\n", info.name, info.about);
    let _ = write!(
        page,
        "Work is counted in {}s. Baseline: `{}`. {LEGEND}\n\n{REUSE_LEGEND}\n\n",
        info.work_unit,
        info.baseline()
    );
    let _ = write!(page, "## At a glance\n\n{HEADLINES_LEGEND}\n\n{}\n", render(&table::headlines(domain)));
    page += &overall(domain);
    for results in &domain.problems {
        page += &problem(domain, results);
    }
    let _ = write!(page, "## Claims\n\n{}\n## Starts\n\n", ledger(domain));
    for start in &info.starts {
        let role = match start.role {
            Role::Start => String::new(),
            other => format!(" ({}: not counted as a start)", other.name()),
        };
        let _ = writeln!(page, "- `{}`: {}{role}", start.name, start.about);
    }
    if !info.knobs.is_empty() {
        page += "\n## Hyperparameters\n\n";
    }
    for knob in &info.knobs {
        let _ =
            writeln!(page, "- `{}`: {}; one of {:?}, {} by default", knob.name, knob.about, knob.grid, knob.default);
    }
    page
}

/// Returns the section that compares the starts over all problems.
fn overall(domain: &DomainResults) -> String {
    let (Some(overall), Some(table)) = (&domain.overall, table::overall(domain)) else { return String::new() };
    let mut text = format!("## Over all problems\n\n{}\n\n{}\n", table::basis(overall), render(&table));
    let _ = writeln!(text, "{OVERALL_LEGEND}");
    let name = &domain.info.name;
    // Figures over work exist only if problems rank starts by work.
    let figures = [
        ("profiles", "performance profiles", !overall.against.is_empty()),
        ("runtimes", "runtime distributions", overall.against.iter().any(|against| against.runtime.is_some())),
    ];
    for (file, what, _) in figures.into_iter().filter(|(.., is_drawn)| *is_drawn) {
        let _ = write!(text, "\n![{name}: {what}](figures/{name}/over-problems.{file}.svg)\n");
    }
    text + "\n"
}

fn problem(domain: &DomainResults, results: &ProblemResults) -> String {
    let (info, name) = (&results.info, &results.info.name);
    let mut text = format!("## {name}\n\n{}\n\n", info.about);
    let stops = if info.stop_at_target { " Trials end at their target." } else { "" };
    let judged = info.judged_label();
    let _ = write!(
        text,
        "Budget: {} {}s. Final results are judged by {judged}.{stops}\n\n{}\n",
        number(results.budget),
        domain.info.work_unit,
        render(&table::problem(results))
    );
    for note in &results.notes {
        let _ = writeln!(text, "- Note: {note}");
    }
    let folder = format!("figures/{}", domain.info.name);
    let _ = write!(text, "\n![{name}: value over work]({folder}/{name}.svg)\n");
    let _ = write!(text, "\n![{name}: speed-ups]({folder}/{name}.speedups.svg)\n");
    let _ = write!(text, "\n{}\n", render(&table::reuse(results)));
    if results.starts.iter().any(|start| start.break_even.is_some()) {
        let _ = write!(text, "![{name}: reuse]({folder}/{name}.reuse.svg)\n\n");
    }
    let knobs = table::knobs(results);
    if !knobs.rows.is_empty() {
        let _ = write!(text, "{KNOBS_LEGEND}\n\n{}\n", render(&knobs));
    }
    let metrics = table::metrics(results);
    if !metrics.rows.is_empty() {
        let _ = write!(text, "{METRICS_LEGEND}\n\n{}\n", render(&metrics));
    }
    if results.starts.iter().any(|start| !start.figures.is_empty()) {
        let _ = write!(text, "![{name}: first replicate of each start]({folder}/{name}.found.svg)\n\n");
    }
    text
}

/// Returns the section on the runs that made the rows.
fn provenance(comparison: &Comparison) -> String {
    let mut text = String::from("## Provenance\n\n");
    for header in &comparison.headers {
        let _ = writeln!(text, "- {}", one_line(header));
    }
    if !comparison.damaged.is_empty() {
        let _ = writeln!(text, "- {} damaged lines were left out:", comparison.damaged.len());
        for line in comparison.damaged.iter().take(10) {
            let _ = writeln!(text, "  - {line}");
        }
    }
    text
}

/// Returns a header in one line.
pub(super) fn one_line(header: &Header) -> String {
    format!(
        "suite `{}`, seed {}, commit {}, build {}, {}, {} ({} workers; {}), {}",
        header.suite,
        header.seed,
        header.git,
        header.build.get(..12).unwrap_or(&header.build),
        header.rustc,
        header.cpu,
        header.workers,
        header.os,
        header.started
    )
}
