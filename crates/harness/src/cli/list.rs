//! `headstart list`.

use std::fmt::Write;

use clap::Args;

use super::{json, say};
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::names;

#[derive(Args)]
pub(super) struct ListArgs {
    /// Show this domain alone.
    domain: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn list(args: &ListArgs, entries: &[Entry]) -> Result<(), Error> {
    let mut infos: Vec<DomainInfo> = entries.iter().map(|entry| entry.0.info()).collect();
    if let Some(name) = &args.domain {
        names::check("domain", name, "", infos.iter().map(|info| info.name.as_str()))?;
        infos.retain(|info| info.name == *name);
    }
    if args.json {
        return json(&infos);
    }
    match (&args.domain, infos.as_slice()) {
        (Some(_), [info]) => say(&text(info)),
        _ => say(&(overview(&infos)
            + "\n`headstart list DOMAIN` shows the problems, starts, metrics and claims of a domain.\n")),
    }
}

/// A line for each domain.
fn overview(infos: &[DomainInfo]) -> String {
    let width = infos.iter().map(|info| info.name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  problems  starts  claims  question\n", "domain");
    for info in infos {
        let (problems, starts, claims) = (info.problems.len(), info.starts.len(), info.claims.len());
        let first = format!("{:width$}  {problems:>8}  {starts:>6}  {claims:>6}  ", info.name);
        text += &entry(&first, &info.about);
    }
    text
}

/// A name with its description, wrapped at the width of the terminal; further lines are indented.
fn entry(first: &str, about: &str) -> String {
    let indent = " ".repeat(first.chars().count());
    textwrap::fill(
        about,
        textwrap::Options::new(textwrap::termwidth().min(100)).initial_indent(first).subsequent_indent(&indent),
    ) + "\n"
}

fn text(info: &DomainInfo) -> String {
    let mut text = entry(&format!("{}: ", info.name), &info.about);
    let _ = writeln!(text, "  work is counted in {}s; the observed value is {}", info.work_unit, info.value_label);
    let mut section = |title: &str, lines: Vec<(&str, &str)>| {
        let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let _ = writeln!(text, "\n  {title}");
        for (name, about) in lines {
            text += &entry(&format!("    {name:width$}  "), about);
        }
    };
    section("problems", info.problems.iter().map(|problem| (&*problem.name, &*problem.about)).collect());
    section(
        "starts (the first is the baseline)",
        info.starts.iter().map(|start| (&*start.name, &*start.about)).collect(),
    );
    section("metrics", info.metrics.iter().map(|metric| (&*metric.name, &*metric.about)).collect());
    if !info.knobs.is_empty() {
        section("hyperparameters", info.knobs.iter().map(|knob| (&*knob.name, &*knob.about)).collect());
    }
    section("claims", info.claims.iter().map(|claim| (&*claim.id, &*claim.statement)).collect());
    if !info.options.is_empty() {
        section("options of `try`", info.options.iter().map(|option| (&*option.name, &*option.about)).collect());
    }
    text
}
