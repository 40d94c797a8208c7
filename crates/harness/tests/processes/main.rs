//! Runs real worker processes with a domain that dies in every way.
//!
//! This program has a main of its own: with a command of Headstart as its first argument it is the program under test,
//! else it is the test runner, which starts itself.

mod hazard;
mod tests;

use std::process::ExitCode;

use headstart_harness::Entry;
use libtest_mimic::{Arguments, Trial};

const COMMANDS: [&str; 6] = ["run", "report", "claims", "list", "worker", "reference"];

fn main() -> ExitCode {
    let first = std::env::args().nth(1).unwrap_or_default();
    if COMMANDS.contains(&first.as_str()) {
        return headstart_harness::main(&[Entry::of::<hazard::Hazard>()]);
    }
    let trials = tests::ALL.iter().map(|(name, test)| {
        Trial::test(*name, || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
