//! One worker process and its supervision: time, memory, log.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Limits;
use super::worker::Answer;
use headstart_domain::entry::{Bill, Entry};
use headstart_domain::trial::Trial;
use headstart_rows::Row;

/// How often a running trial is checked against its limits.
const LOOK: Duration = Duration::from_millis(50);
/// Number of bytes kept from the end of a worker's log.
const TAIL: usize = 2048;

/// How to start a worker.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<String>,
}

impl Launch {
    /// Starts this program again, as a worker for these domains.
    pub(crate) fn this_program(entries: &[Entry]) -> io::Result<Self> {
        let program = if cfg!(target_os = "linux") {
            // The running program, even if its file has been rebuilt since.
            PathBuf::from("/proc/self/exe")
        } else {
            std::env::current_exe()?
        };
        let args = entries.iter().flat_map(|entry| entry.0.arguments());
        Ok(Self { program, args: std::iter::once("worker".into()).chain(args).collect() })
    }
}

/// How a trial ended, as the supervisor sees it.
pub(super) enum Ending {
    Answered(Box<Row>),
    /// An output file could not be written; this is not the trial's fault.
    Unkept(String),
    Died(String),
    /// Killed or stopped from outside; as far as can be told, this is not the trial's fault.
    Disturbed(String),
    OutOfTime,
    OutOfMemory(u64),
    Interrupted,
}

pub(super) struct Process {
    child: Child,
    stdin: ChildStdin,
    answers: mpsc::Receiver<io::Result<Answer>>,
    log: Arc<Mutex<VecDeque<u8>>>,
}

impl Process {
    pub(super) fn spawn(launch: &Launch) -> io::Result<Self> {
        let mut command = Command::new(&launch.program);
        command.args(&launch.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Workers run in parallel, so each solver uses one thread.
        command.env("RAYON_NUM_THREADS", "1");
        // The supervisor handles Ctrl-C; a worker that received it too would look like a crash.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        tracing::debug!(worker = child.id(), "started");
        let gone = || io::Error::other("a pipe of the worker is missing");
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let stdout = child.stdout.take().ok_or_else(gone)?;
        let stderr = child.stderr.take().ok_or_else(gone)?;
        let (send, answers) = mpsc::channel();
        std::thread::spawn(move || read_answers(stdout, &send));
        let log = Arc::new(Mutex::new(VecDeque::new()));
        let tail = Arc::clone(&log);
        std::thread::spawn(move || keep_tail(stderr, &tail));
        Ok(Self { child, stdin, answers, log })
    }

    /// Sends a trial to the worker and waits until it ends, dies, or exceeds a limit.
    ///
    /// `bill` receives the cost of the start as soon as the worker reports it.
    pub(super) fn run(&mut self, trial: &Trial, limits: Limits, stop: &AtomicBool, bill: &mut Option<Bill>) -> Ending {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clear();
        if let Err(error) = self.send(trial) {
            return self.died(&error.to_string());
        }
        let (mut spent, mut looked) = (Duration::ZERO, Instant::now());
        loop {
            match self.answers.recv_timeout(LOOK) {
                Ok(Ok(Answer::Ended(row))) => return Ending::Answered(row),
                Ok(Ok(Answer::Unkept(why))) => return Ending::Unkept(why),
                Ok(Ok(Answer::Made(made))) => *bill = Some(made),
                Ok(Err(error)) => return Ending::Died(self.obituary(&format!("invalid answer: {error}"))),
                Err(RecvTimeoutError::Disconnected) => return self.died(""),
                Err(RecvTimeoutError::Timeout) => {}
            }
            // If this program itself was stopped, it could not see an answer: that time does not count for the trial.
            spent += looked.elapsed().min(2 * LOOK);
            looked = Instant::now();
            if stop.load(Ordering::Relaxed) {
                return Ending::Interrupted;
            }
            if spent.as_secs_f64() > limits.seconds {
                if is_stopped(self.child.id()) {
                    return Ending::Disturbed(format!(
                        "the worker process was stopped from outside{}",
                        self.log_tail()
                    ));
                }
                return Ending::OutOfTime;
            }
            let resident = resident_bytes(self.child.id());
            if resident > limits.memory_bytes {
                return Ending::OutOfMemory(resident);
            }
        }
    }

    fn send(&mut self, trial: &Trial) -> io::Result<()> {
        let mut line = serde_json::to_vec(trial)?;
        line.push(b'\n');
        self.stdin.write_all(&line)?;
        self.stdin.flush()
    }

    /// The ending of a worker that has closed its end of the pipe: it died by itself, or was killed from outside.
    fn died(&mut self, why: &str) -> Ending {
        let patience = Instant::now();
        while let Ok(None) = self.child.try_wait()
            && patience.elapsed() < 4 * LOOK
        {
            std::thread::sleep(LOOK / 25);
        }
        let by_somebody_else = matches!(self.child.try_wait(), Ok(Some(status)) if is_from_outside(status));
        let text = self.obituary(why);
        if by_somebody_else { Ending::Disturbed(text) } else { Ending::Died(text) }
    }

    /// Kills the worker. Returns why it died, with the end of its log.
    fn obituary(&mut self, why: &str) -> String {
        // The pipe may close shortly before the process ends.
        self.kill();
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        format!("the worker process died: {status}{why}{}", self.log_tail())
    }

    /// The end of the worker's log, as a clause; empty if the log is empty.
    pub(super) fn log_tail(&self) -> String {
        // The thread that reads the log may lag behind.
        std::thread::sleep(LOOK / 5);
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = log.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        if text.trim().is_empty() { String::new() } else { format!("; end of its log:\n{}", text.trim()) }
    }
}

impl Process {
    /// Kills the worker and the processes that it started.
    fn kill(&mut self) {
        tracing::debug!(worker = self.child.id(), "ended");
        #[cfg(unix)]
        if let Ok(Some(group)) = i32::try_from(self.child.id()).map(rustix::process::Pid::from_raw) {
            // An error means that the group has ended already.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        let _ = self.child.wait();
    }
}

/// Forwards the answers of a worker, one per line. Ignores the incomplete last line of a killed worker.
fn read_answers(stdout: impl Read, send: &mpsc::Sender<io::Result<Answer>>) {
    let (mut stdout, mut line) = (BufReader::new(stdout), Vec::new());
    while matches!(stdout.read_until(b'\n', &mut line), Ok(1..)) && line.ends_with(b"\n") {
        if send.send(serde_json::from_slice(&line).map_err(io::Error::from)).is_err() {
            return;
        }
        line.clear();
    }
}

/// Whether a process was ended by a signal that no solver raises by accident, so that it must come from outside: from a
/// system that is out of memory, an operator or a batch system.
#[cfg(unix)]
fn is_from_outside(status: ExitStatus) -> bool {
    use rustix::process::Signal;
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP].iter().any(|known| signal == Some(known.as_raw()))
}

#[cfg(not(unix))]
fn is_from_outside(_status: ExitStatus) -> bool {
    false
}

fn keep_tail(mut pipe: impl Read, tail: &Mutex<VecDeque<u8>>) {
    let mut chunk = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut chunk) {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend(&chunk[..count]);
        let surplus = tail.len().saturating_sub(TAIL);
        tail.drain(..surplus);
    }
}

/// Resident memory of a process in bytes; 0 if the system does not report it.
#[cfg(target_os = "linux")]
fn resident_bytes(process: u32) -> u64 {
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

/// Whether a process was stopped (SIGSTOP, a debugger) and not continued.
#[cfg(target_os = "linux")]
fn is_stopped(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before the state may contain any character.
    let state = stat.rsplit_once(')').and_then(|(_, fields)| fields.trim_start().chars().next());
    matches!(state, Some('T' | 't'))
}

#[cfg(not(target_os = "linux"))]
fn is_stopped(_process: u32) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn resident_bytes(_process: u32) -> u64 {
    0
}
