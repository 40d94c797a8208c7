//! What all replicates of one problem have in common, and the trials that follow from it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rand::seq::SliceRandom;

use crate::digest::Digest;
use crate::error::Error;
use crate::knob::Settings;
use crate::seed::Seeds;
use crate::trial::{Experiment, OwnData, Purpose, Trial, key};

/// Points that a trace keeps in a suite.
pub const TRACE_POINTS: usize = 200;

/// All that the replicates of one problem have in common.
pub struct Recipe {
    /// Domain.
    pub domain: String,
    /// Its version.
    pub version: u32,
    /// Problem.
    pub problem: String,
    /// The starts that are run.
    pub starts: Vec<String>,
    /// Work that every trial may spend.
    pub budget: f64,
    /// Points that a trace keeps.
    pub trace_points: usize,
    /// The file of best-known values, where the target needs one, and the digest of those of this problem.
    pub references: Option<(PathBuf, String)>,
    /// The user's own file, if the problem is one.
    pub own: Option<OwnData>,
    /// By start, of all that the problem takes; `None` where it has no knobs.
    pub knobs: Option<BTreeMap<String, Settings>>,
}

impl Recipe {
    /// The trials of one replicate, in an order of its own: no start is always the first, on a cold cache.
    pub fn group(&self, seed: u64, replicate: u64, out: Option<&Path>) -> Result<Vec<Trial>, Error> {
        let mut starts: Vec<&String> = self.starts.iter().collect();
        starts.shuffle(&mut Seeds::new(seed, &self.domain, &self.problem, replicate).order());
        starts.into_iter().map(|start| self.trial(seed, replicate, start, out)).collect()
    }

    /// The digest of all that the trials have in common.
    pub fn experiment(&self, seed: u64) -> Result<Digest, Error> {
        let experiment = Experiment {
            domain: &self.domain,
            version: self.version,
            problem: &self.problem,
            seed,
            budget: self.budget,
            trace_points: self.trace_points,
            references: self.references.as_ref().map(|(_, digest)| digest.as_str()),
            own: self.own.as_ref().map(|own| (own.digest.as_str(), &own.options)),
            knobs: self.knobs.as_ref(),
        };
        Ok(experiment.digest()?)
    }

    /// One trial.
    pub fn trial(&self, seed: u64, replicate: u64, start: &str, out: Option<&Path>) -> Result<Trial, Error> {
        let experiment = self.experiment(seed)?;
        let knobs = self.knobs.as_ref().and_then(|knobs| knobs.get(start)).cloned().unwrap_or_default();
        Ok(Trial {
            key: key(experiment, start, replicate, &knobs)?,
            experiment,
            domain: self.domain.clone(),
            problem: self.problem.clone(),
            start: start.to_owned(),
            replicate,
            seed,
            purpose: Purpose::Judged,
            knobs,
            budget: self.budget,
            trace_points: self.trace_points,
            references: self.references.as_ref().map(|(path, _)| path.clone()),
            own: self.own.clone(),
            files: out.filter(|_| replicate == 0).map(|out| out.join("files").join(&self.domain).join(&self.problem)),
        })
    }
}
