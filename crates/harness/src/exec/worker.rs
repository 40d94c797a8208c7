//! The worker process: reads trials from standard input and answers on its original standard output, in lines of JSON.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use headstart_domain::entry::{Bill, Entry, Outcome};
use headstart_domain::workspace::Workspace;
use headstart_rows::{Row, Status};

use crate::reference;
use headstart_domain::trial::Trial;

/// Runs trials until standard input ends, which happens when the supervisor ends.
pub(crate) fn serve(entries: &[Entry]) -> io::Result<()> {
    end_with_the_supervisor();
    let mut answers = claim_stdout()?;
    // Workers run in parallel, so a solver gets this thread only and need not wake another. This fails if a global pool
    // exists already; then RAYON_NUM_THREADS, which the supervisor sets, limits the solver to one thread.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    let panicked = remember_panics();
    let by_name: HashMap<String, Entry> = entries.iter().map(|entry| (entry.0.info().name, *entry)).collect();
    let trials = listen();
    let mut workspace = Workspace::new(reference::read);
    while let Ok(line) = trials.recv() {
        let trial: Trial = serde_json::from_str(&line)?;
        memory::reset_peak();
        let mut row = match by_name.get(&trial.domain) {
            None => failed(&trial, Status::Failed, format!("this worker has no domain `{}`", trial.domain), None),
            Some(entry) => {
                let mut bill = None;
                let mut made = |made: Bill| {
                    bill = Some(made);
                    // If the supervisor is gone, the answer below fails as well and returns the error.
                    let _ = answer(&mut answers, &Answer::Made(made));
                };
                match panic::catch_unwind(AssertUnwindSafe(|| entry.0.run(&trial, &mut workspace, &mut made))) {
                    Ok(Outcome { unkept: Some(why), .. }) => {
                        answer(&mut answers, &Answer::Unkept(why))?;
                        continue;
                    }
                    Ok(Outcome { row, .. }) => row,
                    Err(_) => {
                        // Data shared by trials may be incomplete.
                        workspace.clear();
                        let text = std::mem::take(&mut *panicked.lock().unwrap_or_else(PoisonError::into_inner));
                        failed(&trial, Status::Crashed, text, bill)
                    }
                }
            }
        };
        row.peak_rss_bytes = memory::peak();
        answer(&mut answers, &Answer::Ended(Box::new(row)))?;
    }
    Ok(())
}

/// A worker's messages about a trial, one per line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The start has been made; the solver begins.
    Made(Bill),
    /// The trial has ended.
    Ended(Box<Row>),
    /// The trial has ended, but an output file could not be written.
    Unkept(String),
}

fn answer(answers: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    answers.write_all(&line)
}

/// The row of a trial that did not end by itself, charged for its start if that was made.
pub(super) fn failed(trial: &Trial, status: Status, message: String, bill: Option<Bill>) -> Row {
    let Bill { start_work, start_seconds } = bill.unwrap_or_default();
    Row { status, message, start_work, start_seconds, ..Row::blank(trial) }
}

/// Asks the system to kill this worker when the supervisor dies. The end of standard input ends a worker too, but not one
/// that is stopped.
#[cfg(target_os = "linux")]
fn end_with_the_supervisor() {
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
fn end_with_the_supervisor() {}

/// Redirects standard output to the log, so that what solvers print is never written between two rows; returns the original.
#[cfg(unix)]
fn claim_stdout() -> io::Result<File> {
    let answers = rustix::io::dup(rustix::stdio::stdout())?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    Ok(File::from(answers))
}

#[cfg(not(unix))]
fn claim_stdout() -> io::Result<io::Stdout> {
    Ok(io::stdout())
}

/// Records message and place of the last panic; the default report still goes to the log.
fn remember_panics() -> Arc<Mutex<String>> {
    let last = Arc::new(Mutex::new(String::new()));
    let usual = panic::take_hook();
    let slot = Arc::clone(&last);
    panic::set_hook(Box::new(move |info| {
        let text = info.payload_as_str().unwrap_or("a payload that is not text");
        let place = info.location().map_or(String::new(), |place| format!(" at {place}"));
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = format!("panicked{place}: {text}");
        usual(info);
    }));
    last
}

/// Reads trials on a separate thread, so that the worker ends with the supervisor even during an endless trial.
fn listen() -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
        std::process::exit(0);
    });
    receive
}

mod memory {
    /// Resets the peak memory of earlier trials.
    #[cfg(target_os = "linux")]
    pub(super) fn reset_peak() {
        // If the system does not allow this, the peak is that of all trials of this worker so far.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
    }

    /// Peak resident memory in bytes.
    #[cfg(target_os = "linux")]
    pub(super) fn peak() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib * 1024)
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn reset_peak() {}

    #[cfg(not(target_os = "linux"))]
    pub(super) fn peak() -> u64 {
        0
    }
}
