//! Injects two hundred faults (killed processes, full disks, damaged files) and expects the rows of an undisturbed run.
//!
//! `cargo test -p headstart-harness --test faults -- --nocapture` prints the table of docs/CLUSTER.md. Like `processes`, this
//! program is also the program under test.

#[cfg(target_os = "linux")]
mod disk;
mod drift;
#[cfg(target_os = "linux")]
mod fault;
#[cfg(target_os = "linux")]
mod lab;
#[cfg(target_os = "linux")]
mod ledger;
#[cfg(target_os = "linux")]
mod processes;

use std::process::ExitCode;

use headstart_harness::Entry;
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let first = std::env::args().nth(1).unwrap_or_default();
    if ["run", "report", "worker"].contains(&first.as_str()) {
        return headstart_harness::main(&[Entry::of::<drift::Drift>()]);
    }
    libtest_mimic::run(&Arguments::from_args(), tests()).exit_code()
}

/// The test needs Linux's signals, /proc and tmpfs.
#[cfg(target_os = "linux")]
fn tests() -> Vec<Trial> {
    vec![Trial::test("two_hundred_faults_change_no_row", || {
        lab::two_hundred_faults_change_no_row();
        Ok(())
    })]
}

#[cfg(not(target_os = "linux"))]
fn tests() -> Vec<Trial> {
    eprintln!("the fault test needs Linux's signals, /proc and tmpfs: nothing is tested here");
    Vec::new()
}
