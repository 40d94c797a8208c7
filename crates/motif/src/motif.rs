//! A found motif, in the form that is written to files.

use serde::Serialize;

use crate::{Fit, FoundSite, Model, Pwm, Significance, Windows, sites};

/// A motif and its sites.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Motif {
    /// The most probable letter of every column.
    pub consensus: String,
    /// The matrix.
    pub pwm: Pwm,
    /// Relative entropy of every column to the background's letters, in bits.
    pub information: Vec<f64>,
    /// Log-likelihood ratio in nats.
    pub llr: f64,
    /// Share of the sequences (ZOOPS) or windows (TCM) with a site; 1 for OOPS.
    pub fraction: f64,
    /// The sites.
    pub sites: Vec<FoundSite>,
    /// Comparison with controls; `None` without controls.
    pub significance: Option<Significance>,
    /// EM iterations at this width, over all matrices of the start.
    pub iterations: u64,
    /// Cost of the start, in iterations.
    pub start_iterations: f64,
}

impl Motif {
    /// Makes a motif from a fit and determines its sites.
    pub fn new(windows: &Windows, model: Model, fit: &Fit) -> Self {
        Self {
            consensus: fit.pwm.consensus(),
            pwm: fit.pwm.clone(),
            information: fit.pwm.information(windows.background().letters()),
            llr: fit.llr,
            fraction: fit.fraction,
            sites: sites(windows, model, fit),
            significance: None,
            iterations: fit.iterations,
            start_iterations: 0.0,
        }
    }

    /// Returns the number of columns.
    pub fn width(&self) -> usize {
        self.pwm.width()
    }

    /// Returns the sites as a tab-separated table: name of the sequence, first letter (counted from 1), strand,
    /// probability, letters. `names` are the names of the sequences.
    pub fn sites_table(&self, names: &[&str]) -> String {
        let mut table = String::from("sequence\tstart\tstrand\tprobability\tletters\n");
        for found in &self.sites {
            let name = names.get(found.site.sequence).copied().unwrap_or("?");
            let strand = if found.site.reverse { '-' } else { '+' };
            let line =
                format!("{name}\t{}\t{strand}\t{:.4}\t{}\n", found.site.at + 1, found.probability, found.letters);
            table.push_str(&line);
        }
        table
    }
}
