//! Failed trials, with their messages.

use std::collections::HashSet;

use super::pairs::Cell;
use headstart_rows::{Row, Status};

/// Maximum number of failures that are kept for each start; all are counted.
const KEPT: usize = 3;

/// A failed trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Replicate of the trial.
    pub replicate: u64,
    /// Status at the end: failed, crashed or timed out.
    pub status: Status,
    /// Error message, with the tail of the log.
    pub message: String,
}

/// Returns the first failures of a start; failures with new messages come before repeated ones.
pub(super) fn failures(cell: &Cell) -> Vec<Failure> {
    let mut seen = HashSet::new();
    let failed = cell.rows.values().filter(|row| !row.status.is_sound());
    let (new, repeated): (Vec<&Row>, Vec<&Row>) = failed.partition(|row| seen.insert(row.message.as_str()));
    let kept = new.into_iter().chain(repeated).take(KEPT);
    kept.map(|row| Failure { replicate: row.replicate, status: row.status, message: row.message.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_rows::sample::row;

    #[test]
    fn other_messages_come_first_and_few_are_kept() {
        let mut cell = Cell::default();
        for (replicate, message) in (0..6).zip(["a", "a", "", "a", "b", "b"]) {
            let status = if message.is_empty() { Status::Budget } else { Status::Crashed };
            cell.rows.insert(replicate, Row { status, message: message.into(), ..row("x", replicate, None) });
        }
        let kept: Vec<(u64, String)> = failures(&cell).into_iter().map(|one| (one.replicate, one.message)).collect();
        assert_eq!(kept, [(0, "a".into()), (4, "b".into()), (1, "a".into())]);
    }
}
