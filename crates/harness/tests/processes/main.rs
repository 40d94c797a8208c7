//! Runs real worker processes with a domain that fails in every way, and one that has a hyperparameter.
//!
//! This program has its own main. If its first argument is a command of Headstart, it is the program under test. Otherwise it
//! is the test runner, which starts itself.

mod cluster;
mod decided;
mod disk;
mod folders;
mod gears;
mod hazard;
mod knobs;
mod tests;

use std::process::ExitCode;

use headstart_harness::Entry;
use libtest_mimic::{Arguments, Trial};

const COMMANDS: [&str; 10] =
    ["run", "report", "claims", "compare", "list", "worker", "reference", "try", "tune", "submit"];

fn main() -> ExitCode {
    let first = std::env::args().nth(1).unwrap_or_default();
    if COMMANDS.contains(&first.as_str()) {
        return headstart_harness::main(&[Entry::of::<hazard::Hazard>(), Entry::of::<gears::Gears>()]);
    }
    let all = tests::ALL
        .iter()
        .chain(disk::ALL)
        .chain(folders::ALL)
        .chain(knobs::ALL)
        .chain(decided::ALL)
        .chain(cluster::ALL);
    let trials = all.map(|(name, test)| {
        Trial::test(*name, || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
