//! The faults that are injected into runs.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rustix::process::Signal;

use crate::disk::{self, Disk};
use crate::lab::{LIMIT, Started};
use crate::processes::{lives, send, workers};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    SupervisorKilled,
    SupervisorTerminated,
    SupervisorInterrupted,
    SupervisorStopped,
    SupervisorStoppedPastLimit,
    WorkerKilled,
    WorkerTerminated,
    WorkerStopped,
    WorkerStoppedForGood,
    WorkerStoppedSupervisorKilled,
    AllStoppedAndKilled,
    DiskFull,
    FileSizeLimit,
    RowsTruncated,
    BitsFlipped,
    ClockJumped,
}

/// Relative frequencies of the faults. Those that wait for a limit are slow, so they are drawn less often.
pub(crate) const WEIGHTS: [(Fault, u32); 16] = [
    (Fault::SupervisorKilled, 3),
    (Fault::SupervisorTerminated, 2),
    (Fault::SupervisorInterrupted, 2),
    (Fault::SupervisorStopped, 2),
    (Fault::SupervisorStoppedPastLimit, 1),
    (Fault::WorkerKilled, 3),
    (Fault::WorkerTerminated, 2),
    (Fault::WorkerStopped, 2),
    (Fault::WorkerStoppedForGood, 1),
    (Fault::WorkerStoppedSupervisorKilled, 2),
    (Fault::AllStoppedAndKilled, 2),
    (Fault::DiskFull, 4),
    (Fault::FileSizeLimit, 2),
    (Fault::RowsTruncated, 4),
    (Fault::BitsFlipped, 6),
    (Fault::ClockJumped, 2),
];

impl Fault {
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::SupervisorKilled => "supervisor killed (SIGKILL)",
            Self::SupervisorTerminated => "supervisor terminated (SIGTERM)",
            Self::SupervisorInterrupted => "supervisor interrupted (SIGINT)",
            Self::SupervisorStopped => "supervisor stopped and continued (SIGSTOP, SIGCONT)",
            Self::SupervisorStoppedPastLimit => "supervisor stopped for longer than a trial may take, continued",
            Self::WorkerKilled => "worker killed (SIGKILL)",
            Self::WorkerTerminated => "worker terminated (SIGTERM)",
            Self::WorkerStopped => "worker stopped and continued (SIGSTOP, SIGCONT)",
            Self::WorkerStoppedForGood => "worker stopped for good (SIGSTOP), ended at limit_seconds",
            Self::WorkerStoppedSupervisorKilled => "worker stopped, then supervisor killed",
            Self::AllStoppedAndKilled => "supervisor and workers stopped, then killed",
            Self::DiskFull => "file system full (tmpfs)",
            Self::FileSizeLimit => "limit on file sizes (RLIMIT_FSIZE)",
            Self::RowsTruncated => "row file cut at a random byte",
            Self::BitsFlipped => "one to eight bits of the row file flipped",
            Self::ClockJumped => "clock jumped (header and file times in 1970 or 2999)",
        }
    }

    /// Whether the fault may destroy rows that were written.
    pub(crate) fn damages_rows(self) -> bool {
        matches!(self, Self::RowsTruncated | Self::BitsFlipped)
    }

    /// Whether the fault needs a row file.
    pub(crate) fn needs_rows(self) -> bool {
        self.damages_rows() || self == Self::ClockJumped
    }

    /// Whether the fault needs a worker.
    fn needs_worker(self) -> bool {
        matches!(
            self,
            Self::WorkerKilled
                | Self::WorkerTerminated
                | Self::WorkerStopped
                | Self::WorkerStoppedForGood
                | Self::WorkerStoppedSupervisorKilled
                | Self::AllStoppedAndKilled
        )
    }

    /// Whether the fault needs a running supervisor.
    fn needs_supervisor(self) -> bool {
        !self.damages_rows() && !matches!(self, Self::DiskFull | Self::FileSizeLimit | Self::ClockJumped)
    }

    /// Injects the fault. Returns whether it had an effect: the run may have ended already, or not have begun.
    pub(crate) fn strike(self, run: &mut Started, rows: &Path, disk: &Disk, random: &mut ChaCha8Rng) -> bool {
        let supervisor = run.id();
        let a_while = Duration::from_millis(random.random_range(20..250));
        let all = workers(supervisor);
        let worker = (!all.is_empty()).then(|| all[random.random_range(0..all.len())]);
        let meets_nobody = self.needs_supervisor() && run.has_ended() || self.needs_worker() && worker.is_none();
        if meets_nobody || self.needs_rows() && !rows.exists() {
            return false;
        }
        match self {
            Self::SupervisorKilled => send(&[supervisor], Signal::KILL),
            Self::SupervisorTerminated => send(&[supervisor], Signal::TERM),
            Self::SupervisorInterrupted => send(&[supervisor], Signal::INT),
            Self::SupervisorStopped => pause(&[supervisor], a_while),
            Self::SupervisorStoppedPastLimit => pause(&[supervisor], LIMIT.mul_f64(1.3)),
            Self::WorkerKilled => send(worker.as_slice(), Signal::KILL),
            Self::WorkerTerminated => send(worker.as_slice(), Signal::TERM),
            Self::WorkerStopped => pause(worker.as_slice(), a_while),
            Self::WorkerStoppedForGood => {
                send(worker.as_slice(), Signal::STOP);
                run.wait_until(|| !worker.is_some_and(lives));
            }
            Self::WorkerStoppedSupervisorKilled => {
                send(worker.as_slice(), Signal::STOP);
                send(&[supervisor], Signal::KILL);
            }
            Self::AllStoppedAndKilled => {
                let everyone: Vec<u32> = all.iter().copied().chain([supervisor]).collect();
                send(&everyone, Signal::STOP);
                std::thread::sleep(a_while / 4);
                send(&everyone, Signal::KILL);
            }
            Self::DiskFull => {
                disk.fill(random.random_range(0..12_000));
                run.wait();
                disk.relieve();
            }
            // The run was started with this limit.
            Self::FileSizeLimit => run.wait(),
            Self::RowsTruncated => disk::truncate(rows, random),
            Self::BitsFlipped => disk::flip_bits(rows, random),
            Self::ClockJumped => jump(rows, random.random()),
        }
        run.seen(&all);
        // If there was room for all remaining rows, the fault had no effect.
        !matches!(self, Self::DiskFull | Self::FileSizeLimit) || run.failed()
    }
}

fn pause(processes: &[u32], duration: Duration) {
    send(processes, Signal::STOP);
    std::thread::sleep(duration);
    send(processes, Signal::CONT);
}

/// Sets the file times and the start times in the headers as after a jump of the clock. All other times are measured with the
/// monotonic clock.
fn jump(rows: &Path, forward: bool) {
    let (stamp, time) = if forward {
        ("2999-12-31T23:59:59Z", SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 1000))
    } else {
        ("1970-01-01T00:00:00Z", SystemTime::UNIX_EPOCH)
    };
    let bytes = fs::read(rows).unwrap();
    let file = File::options().write(true).open(rows).unwrap();
    let mut from = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(line) = stamped(line, stamp) {
            file.write_all_at(line.as_bytes(), from).unwrap();
        }
        from += line.len() as u64;
    }
    file.set_times(fs::FileTimes::new().set_modified(time).set_accessed(time)).unwrap();
    let folder = File::open(rows.parent().unwrap()).unwrap();
    folder.set_times(fs::FileTimes::new().set_modified(time)).unwrap();
}

/// A header line as written at this time of the clock; `None` for other or damaged lines.
fn stamped(line: &[u8], stamp: &str) -> Option<String> {
    let (text, sum) = std::str::from_utf8(line).ok()?.rsplit_once(",\"sum\":\"")?;
    let is_whole = text.starts_with("{\"kind\":\"header\"") && sum == format!("{:08x}\"}}\n", crc32(text));
    let (before, after) = text.split_once("\"started\":\"").filter(|_| is_whole)?;
    let text = format!("{before}\"started\":\"{stamp}{}", after.get(stamp.len()..)?);
    Some(format!("{text},\"sum\":\"{:08x}\"}}\n", crc32(&text)))
}

fn crc32(text: &str) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(text.as_bytes());
    sum.sum()
}
