//! The supervisor: runs worker processes in parallel and makes a row for every trial, also for one that crashed.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};

use super::Limits;
use super::process::{Ending, Launch, Process};
use super::worker::failed;
use crate::plan::Plan;
use headstart_domain::error::Error;
use headstart_domain::trial::Trial;
use headstart_rows::{Row, Status};

/// Settings for running a plan.
pub(crate) struct Pool<'a> {
    pub(crate) launch: &'a Launch,
    pub(crate) workers: usize,
    pub(crate) limits: Limits,
    /// Set from outside (Ctrl-C) to end early.
    pub(crate) stop: &'a AtomicBool,
}

/// Runs the plan. The sink receives rows in the order in which trials end. Ends early if the sink fails (a full disk) or
/// `stop` is set: running trials are then lost, rows that the sink has taken are not.
pub(crate) fn pool(plan: Plan, pool: &Pool, mut sink: impl FnMut(Row) -> Result<(), Error>) -> Result<(), Error> {
    let queue = Mutex::new(VecDeque::from(plan.groups));
    // Separate from `pool.stop`, so that a full disk does not look like an interrupt.
    let over = AtomicBool::new(false);
    let (send, rows) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..pool.workers {
            let send = send.clone();
            let (queue, over) = (&queue, &over);
            scope.spawn(move || attend(queue, pool, over, &send));
        }
        drop(send);
        let mut outcome = Ok(());
        for row in rows {
            // After the first failure the sink gets no more rows: they would be appended to an incomplete line.
            if outcome.is_ok() {
                outcome = row.and_then(&mut sink);
                over.store(outcome.is_err(), Ordering::Relaxed);
            }
        }
        outcome
    })
}

fn attend(queue: &Mutex<VecDeque<Vec<Trial>>>, pool: &Pool, over: &AtomicBool, rows: &Sender<Result<Row, Error>>) {
    let mut process = None;
    loop {
        let group = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(group) = group else { return };
        for trial in group {
            if over.load(Ordering::Relaxed) || pool.stop.load(Ordering::Relaxed) {
                return;
            }
            let Some(row) = tend(&mut process, &trial, pool).transpose() else { return };
            if rows.send(row).is_err() {
                return;
            }
        }
    }
}

/// Runs one trial on this thread's worker, or on a new worker if the last trial ended it. `None` if interrupted.
fn tend(process: &mut Option<Process>, trial: &Trial, pool: &Pool) -> Result<Option<Row>, Error> {
    let spawn = || Process::spawn(pool.launch).map_err(Error::io("start a worker", &pool.launch.program));
    let mut worker = match process {
        Some(worker) => worker,
        None => process.insert(spawn()?),
    };
    let mut bill = None;
    tracing::debug!(trial.problem, trial.start, trial.replicate, "begins");
    let mut ending = worker.run(trial, pool.limits, pool.stop, &mut bill);
    if matches!(ending, Ending::Disturbed(_)) {
        // Retry only once: the trial itself may be the reason why the system kills the worker.
        tracing::debug!(trial.problem, trial.start, trial.replicate, "begins again");
        worker = process.insert(spawn()?);
        bill = None;
        ending = worker.run(trial, pool.limits, pool.stop, &mut bill);
    }
    let row = match ending {
        Ending::Answered(row) => return Ok(Some(*row)),
        Ending::Unkept(why) => {
            let text = format!("{why} (rows already written stay valid; the same command resumes)");
            return Err(Error::Incomplete(text));
        }
        Ending::Died(why) | Ending::Disturbed(why) => failed(trial, Status::Crashed, why, bill),
        Ending::OutOfTime => {
            let limit = pool.limits.seconds;
            let text = format!("stopped after {limit} s, the suite's limit_seconds{}", worker.log_tail());
            failed(trial, Status::Timeout, text, bill)
        }
        Ending::OutOfMemory(bytes) => {
            let (taken, limit) = (bytes >> 20, pool.limits.memory_bytes >> 20);
            let text =
                format!("stopped at {taken} MiB, over the suite's limit_memory_mib of {limit}{}", worker.log_tail());
            failed(trial, Status::Crashed, text, bill)
        }
        Ending::Interrupted => {
            *process = None;
            return Ok(None);
        }
    };
    *process = None;
    Ok(Some(row))
}
