//! `headstart compare OLD NEW`: compares two runs of the same trials.

use std::path::PathBuf;

use clap::Args;

use serde::Serialize;

use super::{amend, json, remark, say};
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_report::compare::{Agreement, Changes, agreements, changes};

#[derive(Args)]
pub(super) struct CompareArgs {
    /// Folder of the old run (or its row file).
    old: PathBuf,
    /// Folder of the new run (or its row file).
    new: PathBuf,
    /// Show every start on every problem, not only significant changes.
    #[arg(long)]
    cells: bool,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    domains: &'a [Agreement],
    #[serde(flatten)]
    changes: &'a Changes,
}

pub(super) fn compare(args: &CompareArgs, entries: &[Entry]) -> Result<(), Error> {
    let infos: Vec<DomainInfo> = entries.iter().map(|entry| entry.0.info()).collect();
    let read = |dir: &PathBuf| {
        let mut rows = headstart_rows::read(std::slice::from_ref(dir))?;
        amend::amend(&mut rows.headers, &infos);
        Ok::<_, Error>(rows)
    };
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    for (name, rows) in [(&args.old, &old), (&args.new, &new)] {
        for damage in &rows.damaged {
            remark(&format!("warning: {}: {damage}", name.display()));
        }
        if rows.headers.is_empty() {
            return Err(Error::Incomplete(format!(
                "{}: no header could be read, so its rows cannot be understood; take the run's whole file",
                name.display()
            )));
        }
    }
    let domains = agreements(&old, &new);
    let changes = changes(old, new);
    if changes.cells.is_empty() {
        return Err(Error::Incomplete(format!(
            "{} and {} have no trial in common (same problem, start and replicate on the same instance)",
            args.old.display(),
            args.new.display()
        )));
    }
    if args.json {
        return json(&Answer { domains: &domains, changes: &changes });
    }
    say(&headstart_report::agreements(&domains))?;
    say(&headstart_report::changes(&changes, args.cells))
}
