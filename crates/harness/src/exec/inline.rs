//! Runs trials one after another in this process, so that tests of other modules need no worker processes.

use crate::plan::Plan;
use headstart_domain::entry::{Entry, Outcome};
use headstart_domain::error::Error;
use headstart_domain::trial::Trial;
use headstart_domain::workspace::Workspace;

/// Runs a plan without workers. A trial that crashes ends this process.
pub(crate) fn inline(
    plan: &Plan,
    entries: &[Entry],
    mut sink: impl FnMut(&Trial, Outcome) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut workspace = Workspace::default();
    for trial in plan.trials() {
        let entry = find(entries, &trial.domain)
            .ok_or_else(|| Error::Incomplete(format!("this program has no domain `{}`", trial.domain)))?;
        sink(trial, entry.0.run(trial, &mut workspace, &mut |_| ()))?;
    }
    Ok(())
}

/// Finds a domain by its name.
pub(super) fn find(entries: &[Entry], domain: &str) -> Option<Entry> {
    entries.iter().copied().find(|entry| entry.0.info().name == domain)
}
