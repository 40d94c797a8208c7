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
    say(&infos.iter().map(text).collect::<String>())
}

fn text(info: &DomainInfo) -> String {
    let mut text =
        format!("{}: {}\n  work in {}s, value: {}\n", info.name, info.about, info.work_unit, info.value_label);
    let mut section = |title: &str, lines: Vec<(&str, &str)>| {
        let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let _ = writeln!(text, "\n  {title}");
        for (name, about) in lines {
            let _ = writeln!(text, "    {name:width$}  {about}");
        }
    };
    section("problems", info.problems.iter().map(|problem| (&*problem.name, &*problem.about)).collect());
    section(
        "starts (the first is the baseline)",
        info.starts.iter().map(|start| (&*start.name, &*start.about)).collect(),
    );
    section("metrics", info.metrics.iter().map(|metric| (&*metric.name, &*metric.about)).collect());
    if !info.knobs.is_empty() {
        section("knobs", info.knobs.iter().map(|knob| (&*knob.name, &*knob.about)).collect());
    }
    section("claims", info.claims.iter().map(|claim| (&*claim.id, &*claim.statement)).collect());
    if !info.options.is_empty() {
        section("options of `try`", info.options.iter().map(|option| (&*option.name, &*option.about)).collect());
    }
    text.push('\n');
    text
}
