//! `headstart compare OLD NEW`: two runs of the same trials.

use std::path::PathBuf;

use clap::Args;

use super::{json, say};
use headstart_domain::error::Error;
use headstart_report::compare::changes;

#[derive(Args)]
pub(super) struct CompareArgs {
    /// Folder of the old run (or its row file).
    old: PathBuf,
    /// Folder of the new run (or its row file).
    new: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn compare(args: &CompareArgs) -> Result<(), Error> {
    let read = |dir: &PathBuf| headstart_rows::read(std::slice::from_ref(dir));
    let changes = changes(read(&args.old)?, read(&args.new)?);
    if changes.cells.is_empty() {
        return Err(Error::Incomplete(format!(
            "{} and {} have no trial in common: the same problem, start and replicate on the same instance",
            args.old.display(),
            args.new.display()
        )));
    }
    if args.json { json(&changes) } else { say(&headstart_report::changes(&changes)) }
}
