//! An external program, which answers in lines of JSON. Its output is not trusted.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use headstart_domain::error::Result;

/// Maximum length of a line in bytes: enough for a state of a hundred thousand numbers.
const LONGEST: u64 = 4 << 20;
/// Maximum number of lines waiting to be read, each of up to `LONGEST` bytes.
const AHEAD: usize = 16;
/// Time in which a program must describe itself.
const PATIENCE: Duration = Duration::from_secs(20);
/// Time in which a program must end after it was told to stop.
const GRACE: Duration = Duration::from_secs(2);
/// Number of bytes kept from the end of its standard error.
const TAIL: usize = 2048;

/// A message of a program.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Reply {
    Instance {
        instance: Value,
        #[serde(default)]
        target: Option<f64>,
    },
    Made {
        made: Value,
        #[serde(default)]
        charge: f64,
    },
    Observation {
        work: f64,
        value: f64,
    },
    Metric {
        metric: String,
        value: f64,
    },
    Remark {
        remark: String,
    },
    Basin {
        basin: String,
    },
    End {
        end: bool,
    },
}

pub(super) struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<std::result::Result<Vec<u8>, String>>,
    log: Arc<Mutex<VecDeque<u8>>>,
    /// Disconnects when the log is complete.
    logging: mpsc::Receiver<()>,
    /// Deadline for its next messages and its end, if there is one.
    until: Option<Instant>,
}

impl Program {
    pub(super) fn start(command: &[String], folder: &Path, request: &Value) -> Result<Self> {
        let mut child = Command::new(&command[0])
            .args(&command[1..])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run {:?}: {error}", command[0]))?;
        let gone = "a pipe of the program is missing";
        let mut stdin = child.stdin.take().ok_or(gone)?;
        let (stdout, stderr) = (child.stdout.take().ok_or(gone)?, child.stderr.take().ok_or(gone)?);
        let (send, lines) = mpsc::sync_channel(AHEAD);
        std::thread::spawn(move || read_lines(stdout, &send));
        let log = Arc::new(Mutex::new(VecDeque::new()));
        let tail = Arc::clone(&log);
        let (whole, logging) = mpsc::channel();
        std::thread::spawn(move || {
            keep_tail(stderr, &tail);
            drop::<mpsc::Sender<()>>(whole);
        });
        // If the program has ended already, reading its answer reports that.
        let _ = writeln!(stdin, "{request}").and_then(|()| stdin.flush());
        Ok(Self { child, stdin: Some(stdin), lines, log, logging, until: None })
    }

    /// Reads its answer to `describe`: one line.
    pub(super) fn description(&mut self) -> Result<Value> {
        self.until = Some(Instant::now() + PATIENCE);
        let line = self.line()?.ok_or_else(|| self.obituary("it ended without an answer"))?;
        parsed(&line)
    }

    pub(super) fn instance(&mut self) -> Result<(Value, Option<f64>)> {
        match self.next()? {
            Some(Reply::Instance { instance, target }) => Ok((instance, target)),
            Some(other) => Err(format!("unexpected {other:?}: the first line must be {{\"instance\": ..}}").into()),
            None => Err(self.obituary("it ended before its instance").into()),
        }
    }

    pub(super) fn made(&mut self) -> Result<(f64, Value)> {
        match self.next()? {
            Some(Reply::Made { made, charge }) => Ok((charge, made)),
            Some(other) => {
                Err(format!("unexpected {other:?}: the second line must be {{\"made\": .., \"charge\": ..}}").into())
            }
            None => Err(self.obituary("it ended before its start was made").into()),
        }
    }

    /// Reads the next message; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Reply>> {
        self.line()?.map(|line| parsed(&line)).transpose()
    }

    /// Tells the program to end. It may still send metrics until `GRACE` is over.
    pub(super) fn stop(&mut self) {
        if let Some(mut stdin) = self.stdin.take() {
            let _ = writeln!(stdin, "{}", json!({"stop": true}));
        }
        self.until = Some(Instant::now() + GRACE);
    }

    /// Waits for the end of a program that has sent its last message. An exit status other than 0 is an error; returns
    /// whether the program is late.
    pub(super) fn farewell(&mut self) -> Result<bool> {
        self.stop();
        while self.line()?.is_some() {}
        match self.ended() {
            Some(status) if !status.success() => Err(self.obituary("it did not exit with status 0").into()),
            _ => Ok(self.is_late()),
        }
    }

    /// Whether its deadline is over and it still runs.
    pub(super) fn is_late(&mut self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until) && self.ended().is_none()
    }

    /// Explains why the program ended, with its status and the end of its standard error.
    pub(super) fn obituary(&mut self, why: &str) -> String {
        let status = self.ended().map_or_else(|| "it still runs".to_owned(), |status| status.to_string());
        // The end of the log may still be in the pipe. The wait is limited, because a child process may keep the pipe open.
        let _ = self.logging.recv_timeout(GRACE);
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = log.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let tail = if text.trim().is_empty() { String::new() } else { format!("; end of its log:\n{}", text.trim()) };
        format!("{why} ({status}){tail}")
    }

    /// Its exit status; waits for it for up to half a second.
    fn ended(&mut self) -> Option<std::process::ExitStatus> {
        for _ in 0..50 {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
        None
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>> {
        let line = match self.until {
            // The supervisor limits the time of this process.
            None => self.lines.recv().map_err(|_| RecvTimeoutError::Disconnected),
            // Nothing is read after the deadline; otherwise a program that writes faster than it is read would never end.
            Some(until) => match until.checked_duration_since(Instant::now()) {
                Some(left) => self.lines.recv_timeout(left),
                None => Err(RecvTimeoutError::Timeout),
            },
        };
        match line {
            Ok(Ok(line)) => Ok(Some(line)),
            Ok(Err(fault)) => Err(fault.into()),
            // The deadline is over, or the output has ended.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ok(None),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_lines(stdout: impl Read, send: &mpsc::SyncSender<std::result::Result<Vec<u8>, String>>) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let read = stdout.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        let answer = match read {
            Ok(0) => return,
            Ok(_) if line.ends_with(b"\n") => Ok(line),
            Ok(length) if length as u64 == LONGEST => Err(format!("a line is longer than {LONGEST} bytes")),
            Ok(_) => Err(format!("its last line is cut off: {}", quoted(&line))),
            Err(error) => Err(error.to_string()),
        };
        let last = answer.is_err();
        if send.send(answer).is_err() || last {
            return;
        }
    }
}

fn parsed<T: serde::de::DeserializeOwned>(line: &[u8]) -> Result<T> {
    serde_json::from_slice(line).map_err(|_| format!("{} is not a line of the protocol", quoted(line)).into())
}

fn quoted(line: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(line).trim_end().chars().take(120).collect();
    format!("{text:?}")
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
