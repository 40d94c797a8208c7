//! `headstart report` and `headstart claims`: they read rows, and nothing else.

use std::path::PathBuf;

use clap::Args;

use super::{json, say};
use headstart_domain::error::Error;
use headstart_report::compare::{changes, compare};
use headstart_rows::Rows;

#[derive(Args)]
pub(super) struct ReportArgs {
    /// Folders of runs (or row files).
    #[arg(required = true, value_name = "DIR")]
    runs: Vec<PathBuf>,
    /// Folder for tables and figures.
    #[arg(long, value_name = "DIR", default_value = "reports/latest")]
    out: PathBuf,
    /// Also write summary and verdicts between the markers of this page.
    #[arg(long, value_name = "FILE")]
    splice: Option<PathBuf>,
    /// An older run: the page also says what changed since, beyond noise.
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// Also keep the rows in --out, compressed (rows.jsonl.gz): the same report can be made from them.
    #[arg(long)]
    keep_rows: bool,
    /// Print no tables.
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Args)]
pub(super) struct ClaimsArgs {
    /// Folders of runs (or row files).
    #[arg(required = true, value_name = "DIR")]
    runs: Vec<PathBuf>,
    /// As JSON: an array of claims with verdict, effects and p-values.
    #[arg(long)]
    json: bool,
}

pub(super) fn report(args: &ReportArgs) -> Result<(), Error> {
    let rows = rows(&args.runs)?;
    if args.keep_rows {
        headstart_rows::archive(&rows, &headstart_rows::archive_path(&args.out))?;
    }
    let old = args.against.as_ref().map(|dir| headstart_rows::read(std::slice::from_ref(dir))).transpose()?;
    let changes = old.map(|old| changes(old, rows.clone()));
    let comparison = compare(rows);
    headstart_report::write(&comparison, changes.as_ref(), &args.out)?;
    if let Some(page) = &args.splice {
        headstart_report::splice(page, &comparison)?;
    }
    if args.quiet {
        return Ok(());
    }
    say(&headstart_report::print(&comparison))?;
    say(&format!(
        "page, tables and figures are in {}: open {}\n",
        args.out.display(),
        args.out.join("index.html").display()
    ))
}

pub(super) fn claims(args: &ClaimsArgs) -> Result<(), Error> {
    let comparison = compare(rows(&args.runs)?);
    if args.json {
        return json(&comparison.domains.iter().flat_map(|domain| &domain.claims).collect::<Vec<_>>());
    }
    say(&headstart_report::claims(&comparison))
}

/// At least one row with its header.
fn rows(runs: &[PathBuf]) -> Result<Rows, Error> {
    let rows = headstart_rows::read(runs)?;
    if rows.headers.is_empty() || rows.rows.is_empty() {
        let (headers, trials) = (rows.headers.len(), rows.rows.len());
        let names: Vec<String> = runs.iter().map(|run| run.display().to_string()).collect();
        return Err(Error::Incomplete(format!(
            "{}: {headers} headers, {trials} trials and {} lines that are neither, where a report needs at least one of \
             each: name the --out of a `headstart run`",
            names.join(", "),
            rows.damaged.len()
        )));
    }
    Ok(rows)
}
