//! `headstart report` and `headstart claims`: they read rows, and nothing else.

use std::path::PathBuf;

use clap::Args;

use super::{json, say};
use crate::compare::{Comparison, compare};
use crate::error::Error;
use crate::{record, report};

#[derive(Args)]
pub(super) struct ReportArgs {
    /// Folders of runs (or row files).
    #[arg(required = true, value_name = "DIR")]
    runs: Vec<PathBuf>,
    /// Folder for tables and figures.
    #[arg(long, value_name = "DIR", default_value = "reports/latest")]
    out: PathBuf,
    /// Also write summary and speed-ups between the markers of this page.
    #[arg(long, value_name = "FILE")]
    splice: Option<PathBuf>,
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
    let comparison = read(&args.runs)?;
    report::write(&comparison, &args.out)?;
    if let Some(page) = &args.splice {
        report::splice(page, &comparison)?;
    }
    if args.quiet {
        return Ok(());
    }
    say(&report::print(&comparison))?;
    say(&format!("tables and figures are in {}\n", args.out.display()))
}

pub(super) fn claims(args: &ClaimsArgs) -> Result<(), Error> {
    let comparison = read(&args.runs)?;
    if args.json {
        return json(&comparison.domains.iter().flat_map(|domain| &domain.claims).collect::<Vec<_>>());
    }
    say(&report::claims(&comparison))
}

fn read(runs: &[PathBuf]) -> Result<Comparison, Error> {
    let rows = record::read(runs)?;
    if rows.headers.is_empty() || rows.rows.is_empty() {
        let (headers, trials) = (rows.headers.len(), rows.rows.len());
        return Err(Error::Incomplete(format!(
            "{} headers and {trials} trials: a report needs at least one of each ({} damaged lines were left out)",
            headers,
            rows.damaged.len()
        )));
    }
    Ok(compare(rows))
}
