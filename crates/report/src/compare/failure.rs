//! Trials that came to no sound end, with what they left behind.

use super::pairs::Cell;
use headstart_rows::Status;

/// So many of a start are kept; all are counted.
const KEPT: usize = 3;

/// A trial that came to no sound end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its replicate.
    pub replicate: u64,
    /// How it ended.
    pub status: Status,
    /// What went wrong, with the tail of its log.
    pub message: String,
}

/// The first failures of a start, different messages before repeated ones.
pub(super) fn failures(cell: &Cell) -> Vec<Failure> {
    let failed = cell.rows.values().filter(|row| !row.status.is_sound());
    let all: Vec<Failure> = failed
        .map(|row| Failure { replicate: row.replicate, status: row.status, message: row.message.clone() })
        .collect();
    let is_first = |index: usize| !all[..index].iter().any(|known| known.message == all[index].message);
    let (new, repeated): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|index| is_first(*index));
    new.into_iter().chain(repeated).take(KEPT).map(|index| all[index].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_rows::Row;
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
