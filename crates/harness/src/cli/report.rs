//! `headstart report` and `headstart claims`: they read rows, and nothing else.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use clap::Args;

use super::report_folder::{self, ReportFolder};
use super::{amend, json, say};
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_report::compare::{changes, compare};
use headstart_rows::{Digest, Rows};

#[derive(Args)]
pub(super) struct ReportArgs {
    /// Run folders or row files.
    #[arg(required = true, value_name = "DIR")]
    runs: Vec<PathBuf>,
    /// Folder for tables and figures: new, empty, or an older report.
    #[arg(long, value_name = "DIR", default_value = "reports/latest")]
    out: PathBuf,
    /// Write into --out in any case, and overwrite README.md, index.html and other files with the report's names.
    #[arg(long)]
    force: bool,
    /// Also write the summary between the markers of this Markdown page.
    #[arg(long, value_name = "FILE")]
    splice: Option<PathBuf>,
    /// Older run; the page also shows what changed significantly since.
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// Also keep the rows in --out as rows.jsonl.gz; the report can be made again from them.
    #[arg(long)]
    keep_rows: bool,
    #[command(flatten)]
    printed: Printed,
}

/// What the terminal shows.
#[derive(Args)]
struct Printed {
    /// Print every table.
    #[arg(long, conflicts_with = "quiet")]
    tables: bool,
    /// Print nothing.
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Args)]
pub(super) struct ClaimsArgs {
    /// Run folders or row files.
    #[arg(required = true, value_name = "DIR")]
    runs: Vec<PathBuf>,
    /// Print JSON: an array of claims with verdict, effects and p-values.
    #[arg(long)]
    json: bool,
}

pub(super) fn report(args: &ReportArgs, entries: &[Entry]) -> Result<(), Error> {
    let mut rows = rows(&args.runs)?;
    check_folder(args, &rows)?;
    if args.keep_rows {
        report_folder::mark(&args.out)?;
        headstart_rows::archive(&rows, &headstart_rows::archive_path(&args.out))?;
    }
    // Kept rows stay as they were written, so headers are amended after that.
    amend::amend(&mut rows.headers, &infos(entries));
    let old = args.against.as_ref().map(|dir| headstart_rows::read(std::slice::from_ref(dir))).transpose()?;
    let changes = old.map(|old| changes(old, rows.clone()));
    let comparison = compare(rows);
    report_folder::write(&comparison, changes.as_ref(), &args.out)?;
    if let Some(page) = &args.splice {
        headstart_report::splice(page, &comparison)?;
    }
    if args.printed.quiet {
        return Ok(());
    }
    if args.printed.tables {
        say(&headstart_report::tables(&comparison))?;
    }
    say(&headstart_report::overview(&comparison))?;
    say(&headstart_report::faults(&comparison))?;
    let out = &args.out;
    say(&format!(
        "\npage    {}\ntables  {} (in the terminal: --tables)\n",
        out.join("index.html").display(),
        out.join("README.md").display()
    ))
}

/// Refuses to overwrite files that are not a report's, before anything is written.
fn check_folder(args: &ReportArgs, rows: &Rows) -> Result<(), Error> {
    let domains: BTreeSet<&str> = rows.rows.iter().map(|row| &*row.domain).collect();
    let folder = ReportFolder {
        out: &args.out,
        domains: domains.into_iter().map(str::to_owned).collect(),
        keeps_rows: args.keep_rows,
        cure: "name a new or empty folder with --out DIR, or say --force to write into this one all the same",
    };
    args.splice.as_ref().map_or(Ok(()), |page| folder.check_page(page))?;
    if args.force {
        return Ok(());
    }
    folder.check()?;
    if args.keep_rows { check_kept(&args.out, rows) } else { Ok(()) }
}

/// Refuses to lose kept rows, because a report cannot be made without them.
fn check_kept(out: &Path, rows: &Rows) -> Result<(), Error> {
    let archive = headstart_rows::archive_path(out);
    if !archive.exists() {
        return Ok(());
    }
    let now: HashSet<Digest> = rows.rows.iter().map(|row| row.key).collect();
    let kept = headstart_rows::read(std::slice::from_ref(&archive))?;
    match kept.rows.iter().filter(|row| !now.contains(&row.key)).count() {
        0 => Ok(()),
        lost => Err(Error::Usage(format!(
            "{} holds {lost} trials that these runs have not, and --keep-rows would overwrite them: name another \
             folder with --out DIR, give {} among the runs, or say --force to lose them",
            archive.display(),
            out.display()
        ))),
    }
}

pub(super) fn claims(args: &ClaimsArgs, entries: &[Entry]) -> Result<(), Error> {
    let mut rows = rows(&args.runs)?;
    amend::amend(&mut rows.headers, &infos(entries));
    let comparison = compare(rows);
    if args.json {
        return json(&comparison.domains.iter().flat_map(|domain| &domain.claims).collect::<Vec<_>>());
    }
    say(&headstart_report::claims(&comparison))
}

fn infos(entries: &[Entry]) -> Vec<DomainInfo> {
    entries.iter().map(|entry| entry.0.info()).collect()
}

/// Reads the rows; an error without at least one row and one header.
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
