//! Finds processes and sends them signals.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// Sends a signal to each process. Ignores processes that have just ended.
pub(crate) fn send(processes: &[u32], signal: Signal) {
    for process in processes {
        if let Some(process) = i32::try_from(*process).ok().and_then(Pid::from_raw) {
            let _ = kill_process(process, signal);
        }
    }
}

/// The workers of a supervisor.
pub(crate) fn workers(supervisor: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    processes.filter(|process| parent(*process) == Some(supervisor) && is_worker(*process)).collect()
}

/// Whether a process exists and has not ended.
pub(crate) fn lives(process: u32) -> bool {
    stat(process).is_some_and(|fields| fields[0] != "Z" && fields[0] != "X")
}

/// The fields of /proc/PID/stat after the name, which may contain any character: state, parent, ...
fn stat(process: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn parent(process: u32) -> Option<u32> {
    stat(process)?.get(1)?.parse().ok()
}

/// Whether a process is a worker that listens already, on a second thread, and so has asked to die with its supervisor. A
/// worker stopped earlier stays stopped when its supervisor is killed: it has no trial, and ends once it is continued.
fn is_worker(process: u32) -> bool {
    let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    let threads = || stat(process)?.get(17)?.parse::<u32>().ok();
    command.split(|byte| *byte == 0).nth(1) == Some(b"worker") && threads() > Some(1)
}
