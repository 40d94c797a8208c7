//! Counts of faults and their outcomes.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::fault::{Fault, WEIGHTS};

#[derive(Default)]
pub(crate) struct Ledger {
    tried: BTreeMap<Fault, (usize, usize)>,
    lost: Vec<String>,
}

impl Ledger {
    pub(crate) fn note(&mut self, fault: Fault, outcome: Result<bool, String>) {
        let (tried, lost) = self.tried.entry(fault).or_default();
        *tried += 1;
        if let Err(why) = outcome {
            *lost += 1;
            self.lost.push(format!("{}: {why}", fault.about()));
        }
    }

    pub(crate) fn tried(&self) -> usize {
        self.tried.values().map(|(tried, _)| tried).sum()
    }

    /// The table of docs/CLUSTER.md.
    pub(crate) fn table(&self) -> String {
        let mut text = "| fault | tried | survived | lost |\n|---|---|---|---|\n".to_owned();
        let mut sum = (0, 0);
        for (fault, _) in WEIGHTS {
            let (tried, lost) = self.tried.get(&fault).copied().unwrap_or_default();
            sum = (sum.0 + tried, sum.1 + lost);
            let _ = writeln!(text, "| {} | {tried} | {} | {lost} |", fault.about(), tried - lost);
        }
        text + &format!("| all | {} | {} | {} |\n", sum.0, sum.0 - sum.1, sum.1)
    }

    pub(crate) fn lost(&self) -> &[String] {
        &self.lost
    }
}
