//! Starts: functions of the windows and a random generator that return matrices for EM to climb from.
//!
//! A start is a list of matrices. [`Em::fit`](crate::Em::fit) climbs from each and keeps the best result; the
//! iterations of all climbs count. A start reports its cost as the number of scored windows, which converts to
//! iterations.

mod gibbs;
mod kmer;
mod projection;
mod random;
mod scan;

pub use gibbs::gibbs;
pub use kmer::{enriched_kmer, enriched_kmers, top_kmer, top_kmer_of_shuffled};
pub use projection::projection;
pub use random::{random_pwm, random_pwms, random_subsequence};
pub use scan::scan;
use serde::Serialize;

use crate::{Pwm, Windows};

/// Matrices to climb from, and their cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Start {
    /// The matrices: at least one, each with the width of the windows.
    pub seeds: Vec<Pwm>,
    /// Number of windows that were scored to make them.
    pub windows_scored: u64,
}

impl Start {
    /// Makes a start without cost: your own matrices, or the planted one.
    pub fn given(seeds: Vec<Pwm>) -> Self {
        Self { seeds, windows_scored: 0 }
    }

    /// Returns the cost of the start in EM iterations on these windows.
    pub fn iterations(&self, windows: &Windows) -> f64 {
        self.windows_scored as f64 / windows.len() as f64
    }
}
