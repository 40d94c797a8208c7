//! The description of one trial: everything that a worker needs to run it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::digest::{self, Digest};
use crate::knob::Settings;
use crate::options::Options;

/// One trial of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Digest of the experiment, start, replicate and hyperparameters; identifies the trial.
    pub key: Digest,
    /// Digest of the [`Experiment`]; only trials with the same digest are compared.
    pub experiment: Digest,
    /// Domain.
    pub domain: String,
    /// Problem.
    pub problem: String,
    /// Start.
    pub start: String,
    /// Replicate, from 0.
    pub replicate: u64,
    /// Seed of the suite.
    pub seed: u64,
    /// Why it is run.
    pub purpose: Purpose,
    /// The values of the problem's hyperparameters.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub knobs: Settings,
    /// Work that the trial may spend.
    pub budget: f64,
    /// Maximum number of points in the trace.
    pub trace_points: usize,
    /// The file of best-known values, if the target needs it.
    pub references: Option<PathBuf>,
    /// The user's own file, if the trial is about one.
    pub own: Option<OwnData>,
    /// Folder for the solver's output files, if this trial keeps them.
    pub files: Option<PathBuf>,
}

/// Why a trial is run; this decides its random streams and its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To be compared with other trials.
    #[default]
    Judged,
    /// A long run that searches for a best-known value, with the number of the attempt. It has no target.
    Reference(u64),
    /// To tune a hyperparameter, on an instance that no judged trial uses. It has no target if that would be a
    /// reference value.
    Tuning,
}

/// A user's own file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnData {
    /// The file or folder.
    pub path: PathBuf,
    /// Digest of its bytes.
    pub digest: String,
    /// The options that the user gave.
    pub options: Options,
}

/// The data that an experiment's digest covers: all that its trials have in common, by content, never paths, times or
/// places. Trials of different experiments are never paired.
#[derive(Serialize)]
pub struct Experiment<'a> {
    /// Domain.
    pub domain: &'a str,
    /// Its version.
    pub version: u32,
    /// Problem.
    pub problem: &'a str,
    /// Seed of the suite.
    pub seed: u64,
    /// Work that a trial may spend.
    pub budget: f64,
    /// Maximum number of points in a trace.
    pub trace_points: usize,
    /// Digest of the problem's best-known values, since they set the target.
    pub references: Option<&'a str>,
    /// Digest of own data, and its options.
    pub own: Option<(&'a str, &'a Options)>,
    /// The hyperparameters of all starts of the problem, if it has any. This field is the last, and skipped if empty,
    /// so that digests of problems without hyperparameters do not change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knobs: Option<&'a BTreeMap<String, Settings>>,
}

impl Experiment<'_> {
    /// Returns the digest.
    pub fn digest(&self) -> crate::Result<Digest> {
        digest::of_value(self)
    }
}

/// Returns the key of one trial of an experiment.
pub fn key(experiment: Digest, start: &str, replicate: u64, knobs: &Settings) -> crate::Result<Digest> {
    if knobs.is_empty() {
        return digest::of_value(&(experiment, start, replicate));
    }
    digest::of_value(&(experiment, start, replicate, knobs))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// If these values change, past runs cannot be resumed.
    #[test]
    fn knobs_count_and_without_knobs_keys_are_stable() {
        let experiment = |knobs| Experiment {
            domain: "d",
            version: 1,
            problem: "p",
            seed: 7,
            budget: 10.0,
            trace_points: 200,
            references: None,
            own: None,
            knobs,
        };
        let plain = experiment(None).digest().unwrap();
        let before = ("d", 1_u32, "p", 7_u64, 10.0, 200_usize, None::<&str>, None::<&str>);
        assert_eq!(plain, digest::of_value(&before).unwrap());
        let plain_key = key(plain, "s", 3, &Settings::default()).unwrap();
        assert_eq!(
            (plain.to_string(), plain_key.to_string()),
            ("329dbd857e00a645643dba3a7efb92cc".to_owned(), "fd3c0498e18f2d3988691455d269fda0".to_owned())
        );
        let of = |value: f64| BTreeMap::from([("s".to_owned(), Settings::default().with("rate", value))]);
        let (low, high) = (of(0.1), of(1.0));
        let digests = [None, Some(&low), Some(&high)].map(|knobs| experiment(knobs).digest().unwrap());
        assert!(digests[0] != digests[1] && digests[1] != digests[2]);
        let keys = [&low["s"], &high["s"], &Settings::default()].map(|knobs| key(plain, "s", 3, knobs).unwrap());
        assert!(keys[0] != keys[1] && keys[1] != keys[2]);
    }
}
