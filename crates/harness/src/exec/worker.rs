//! The worker's side: one trial a line on standard input, one row a line on what was standard output.

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

/// Answers trials until standard input ends, which it does when the supervisor is gone.
pub(crate) fn serve(entries: &[Entry]) -> io::Result<()> {
    end_with_the_supervisor();
    let mut answers = claim_stdout()?;
    // Trials run side by side: within one, a solver that would use all cores has this thread alone, and no other to wake.
    // It fails where there is such a pool already; the environment then says the same.
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
                    // If nobody listens any more, the answer below fails as well and says so.
                    let _ = answer(&mut answers, &Answer::Made(made));
                };
                match panic::catch_unwind(AssertUnwindSafe(|| entry.0.run(&trial, &mut workspace, &mut made))) {
                    Ok(Outcome { unkept: Some(why), .. }) => {
                        answer(&mut answers, &Answer::Unkept(why))?;
                        continue;
                    }
                    Ok(Outcome { row, .. }) => row,
                    Err(_) => {
                        // What the trials shared may be half made.
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

/// What a worker says of a trial, a line each.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// Its start is made; the solver begins.
    Made(Bill),
    /// It has ended.
    Ended(Box<Row>),
    /// It has ended, and what it keeps cannot be written.
    Unkept(String),
}

fn answer(answers: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    answers.write_all(&line)
}

/// A trial that came to no end of its own, billed for its start where that was made.
pub(super) fn failed(trial: &Trial, status: Status, message: String, bill: Option<Bill>) -> Row {
    let Bill { start_work, start_seconds } = bill.unwrap_or_default();
    Row { status, message, start_work, start_seconds, ..Row::blank(trial) }
}

/// The end of standard input ends a worker as well, but not one that was stopped.
#[cfg(target_os = "linux")]
fn end_with_the_supervisor() {
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
fn end_with_the_supervisor() {}

/// Takes standard output away from the solvers: what they print goes to the log, never between two rows.
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

/// The last panic's message and place; the usual report goes to the log as ever.
fn remember_panics() -> Arc<Mutex<String>> {
    let last = Arc::new(Mutex::new(String::new()));
    let usual = panic::take_hook();
    let slot = Arc::clone(&last);
    panic::set_hook(Box::new(move |info| {
        let text = info.payload_as_str().unwrap_or("a payload that is no text");
        let place = info.location().map_or(String::new(), |place| format!(" at {place}"));
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = format!("panicked{place}: {text}");
        usual(info);
    }));
    last
}

/// Reads trials on a thread of its own, so that the end of the supervisor ends a trial that never ends.
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
    /// Forgets the highest memory of earlier trials.
    #[cfg(target_os = "linux")]
    pub(super) fn reset_peak() {
        // Where the system does not allow it, the peak is that of all trials of this worker so far.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
    }

    /// Highest resident memory, in bytes.
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
