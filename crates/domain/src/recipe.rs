//! The common settings of all replicates of a problem, and the trials made from them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rand::seq::SliceRandom;

use crate::digest::Digest;
use crate::error::Error;
use crate::knob::Settings;
use crate::seed::Seeds;
use crate::trial::{Experiment, OwnData, Purpose, Trial, key};

/// Maximum number of points in a trace of a suite.
pub const TRACE_POINTS: usize = 200;

/// The common settings of all replicates of a problem.
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
    /// Maximum number of points in a trace.
    pub trace_points: usize,
    /// The file of best-known values and the digest of this problem's values, if the target needs them.
    pub references: Option<(PathBuf, String)>,
    /// The user's own file, if the problem is one.
    pub own: Option<OwnData>,
    /// Hyperparameters of every start that the problem takes; `None` if it has no hyperparameters.
    pub knobs: Option<BTreeMap<String, Settings>>,
}

impl Recipe {
    /// Returns the trials of one replicate in a random order, so that no start always runs first on a cold cache.
    pub fn group(&self, seed: u64, replicate: u64, out: Option<&Path>) -> Result<Vec<Trial>, Error> {
        let mut starts: Vec<&String> = self.starts.iter().collect();
        starts.shuffle(&mut Seeds::new(seed, &self.domain, &self.problem, replicate).order());
        starts.into_iter().map(|start| self.trial(seed, replicate, start, out)).collect()
    }

    /// Returns the digest of the trials' common settings.
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

    /// Returns one trial.
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
