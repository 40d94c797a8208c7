//! What names one trial: all that a worker needs to run it again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::digest::{self, Digest};
use crate::knob::Settings;
use crate::options::Options;

/// One cell of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Digest of all that names it.
    pub key: Digest,
    /// Digest of all that it has in common with the trials it may be compared with.
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
    /// Seed of the suite.
    pub seed: u64,
    /// What it is for.
    pub purpose: Purpose,
    /// The values of the problem's knobs.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub knobs: Settings,
    /// Work that it may spend.
    pub budget: f64,
    /// Points that its trace keeps.
    pub trace_points: usize,
    /// The file of known best values, where the target needs one.
    pub references: Option<PathBuf>,
    /// The user's own file, if it is about one.
    pub own: Option<OwnData>,
    /// Where outputs of the solver go, if this trial keeps them.
    pub files: Option<PathBuf>,
}

/// What a trial is for: from this come its random streams and its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// It is compared with others.
    #[default]
    Judged,
    /// It is a long run that searches for a best-known value, the one of this number: it has no target.
    Reference(u64),
    /// It helps to pick a knob, on an instance that no judged trial sees. It has no target where that is a reference.
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

/// What an experiment's digest is made of: all that its trials have in common, by content, never paths, times or
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
    /// Points that a trace keeps.
    pub trace_points: usize,
    /// Digest of the problem's best-known values: another best value is another target.
    pub references: Option<&'a str>,
    /// Digest of own data, and its options.
    pub own: Option<(&'a str, &'a Options)>,
    /// The knobs of all starts of the problem, where it has any. The last field, since the digests of problems without
    /// knobs must stay what they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knobs: Option<&'a BTreeMap<String, Settings>>,
}

impl Experiment<'_> {
    /// The digest.
    pub fn digest(&self) -> crate::Result<Digest> {
        digest::of_value(self)
    }
}

/// The key of one trial of an experiment.
pub fn key(experiment: Digest, start: &str, replicate: u64, knobs: &Settings) -> crate::Result<Digest> {
    if knobs.is_empty() {
        return digest::of_value(&(experiment, start, replicate));
    }
    digest::of_value(&(experiment, start, replicate, knobs))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of past runs can only be resumed while these stay as they are.
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
