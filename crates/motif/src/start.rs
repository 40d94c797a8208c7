//! Starts: matrices for EM to climb from, each a plain function of the windows and a random generator.
//!
//! A start is a list of matrices; [`Em::fit`](crate::Em::fit) climbs from each and keeps the best end, and all its
//! iterations count. What making a start cost is told in windows scored, so that it can be charged in iterations.

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

/// Matrices to climb from, and what making them cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Start {
    /// At least one matrix, each as wide as the windows.
    pub seeds: Vec<Pwm>,
    /// Windows that were scored to make them.
    pub windows_scored: u64,
}

impl Start {
    /// A start that cost nothing: matrices of one's own, or the planted one.
    pub fn given(seeds: Vec<Pwm>) -> Self {
        Self { seeds, windows_scored: 0 }
    }

    /// What it cost, in iterations of EM on these windows.
    pub fn iterations(&self, windows: &Windows) -> f64 {
        self.windows_scored as f64 / windows.len() as f64
    }
}
