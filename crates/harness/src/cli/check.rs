//! `headstart check`: checks the contract of a program in any language.

use std::path::PathBuf;

use clap::Args;

use super::say;
use crate::external;
use headstart_domain::conformance;
use headstart_domain::error::Error;

#[derive(Args)]
pub(super) struct CheckArgs {
    /// File that names the program (docs/EXTERNAL.md).
    external: PathBuf,
}

pub(super) fn check(args: &CheckArgs) -> Result<(), Error> {
    let entry = external::load(&args.external)?;
    let findings = conformance::findings(entry);
    if findings.is_empty() {
        return say(&format!("{} keeps the contract\n", entry.0.info().name));
    }
    let name = entry.0.info().name;
    Err(Error::Incomplete(format!("{name} breaks the contract:\n- {}", findings.join("\n- "))))
}
