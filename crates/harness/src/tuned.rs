//! Knobs as `headstart tune` picked them, with the evidence: `benchmarks/tuned/DOMAIN.toml`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::info::{DomainInfo, KnobInfo, ProblemInfo};
use crate::knob::Settings;
use crate::tune;
use crate::whole;

/// What is known of one domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tuned {
    /// By problem.
    #[serde(default)]
    pub(crate) problem: BTreeMap<String, TunedProblem>,
}

/// The tuning of one problem: every start over the same grid, on the same replicates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TunedProblem {
    /// Version of the domain.
    pub version: u32,
    /// Seed from which the tuning's own streams come.
    pub seed: u64,
    /// Trials of every setting.
    pub replicates: u64,
    /// Work that every trial might spend.
    pub budget: f64,
    /// The values of each knob.
    pub grid: BTreeMap<String, Vec<f64>>,
    /// By start.
    pub start: BTreeMap<String, TunedStart>,
}

/// What was picked for one start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TunedStart {
    /// The best setting.
    pub knobs: Settings,
    /// The knobs whose value is the first or the last of their grid: a better one may lie beyond.
    pub at_edge: Vec<String>,
    /// Work that tuning this start has taken, charges included.
    pub cost: f64,
    /// Every setting, in the order of the grid.
    pub tried: Vec<Tried>,
}

/// What the trials of one setting say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The setting.
    pub knobs: Settings,
    /// Trials.
    pub n: u64,
    /// Those that reached their target.
    pub reached: u64,
    /// Those that came to no sound end.
    pub failed: u64,
    /// Median work to target, charged unless the problem's headline is not; none where the median trial did not reach it.
    #[serde(default)]
    pub work: Option<f64>,
    /// Median of what the end is judged by; none where the median trial failed.
    #[serde(default)]
    pub end: Option<f64>,
    /// What the problem ranks starts by, where that is no work: the median of a metric, or a rate.
    #[serde(default)]
    pub headline: Option<f64>,
}

const HEAD: &str = "\
# Written by `headstart tune`, never by hand. Every start is tried with the same settings on the same replicates, which no
# judged trial sees. Picked: the least median work to target (or what the problem ranks starts by), then the most trials at
# their target, then the best median end, then the first in the order of the grid. docs/METHODOLOGY.md, Tuning.
";

impl Tuned {
    /// Where the knobs of a domain are kept.
    pub(crate) fn path(home: &Path, domain: &str) -> PathBuf {
        home.join("benchmarks/tuned").join(format!("{domain}.toml"))
    }

    /// Reads a file; `None` where there is none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Error> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read tuned knobs from", path)(error)),
        };
        let parsed = toml::from_str(&text);
        parsed.map(Some).map_err(|error| Error::BadFile { path: path.to_owned(), message: error.to_string() })
    }

    /// Writes the file: a line for each setting, where the library would take five.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Error> {
        let text = self.text().map_err(|error| Error::Domain(error.into()))?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
        }
        whole::write(path, text.as_bytes())
    }

    fn text(&self) -> Result<String, toml::ser::Error> {
        let mut text = HEAD.to_owned();
        for (name, problem) in &self.problem {
            let TunedProblem { version, seed, replicates, budget, grid, start } = problem;
            let _ = write!(
                text,
                "\n[problem.{name:?}]\nversion = {version}\nseed = {seed}\nreplicates = {replicates}\nbudget = {}\ngrid = {}\n",
                inline(budget)?,
                inline(grid)?
            );
            for (start, TunedStart { knobs, at_edge, cost, tried }) in start {
                let _ = write!(
                    text,
                    "\n[problem.{name:?}.start.{start:?}]\nknobs = {}\nat_edge = {}\ncost = {}\ntried = [\n",
                    inline(knobs)?,
                    inline(at_edge)?,
                    inline(cost)?
                );
                for one in tried {
                    let _ = writeln!(text, "    {},", inline(one)?);
                }
                text += "]\n";
            }
        }
        Ok(text)
    }
}

/// A value in one line.
fn inline(value: &impl Serialize) -> Result<String, toml::ser::Error> {
    Ok(toml::Value::try_from(value)?.to_string())
}

impl TunedProblem {
    /// Number of settings that each start was tried with.
    pub fn points(&self) -> usize {
        self.grid.values().map(Vec::len).product()
    }

    /// Refuses what does not fit the domain as it is, or treats its starts unlike.
    pub(crate) fn check(&self, info: &DomainInfo, problem: &ProblemInfo) -> Result<(), String> {
        let place = format!("problem `{}`", problem.name);
        let knobs = info.knobs_of(&problem.name);
        self.check_grid(&place, &knobs)?;
        let points = tune::points(&knobs);
        for (name, start) in self.start.iter().filter(|(name, _)| problem.starts.contains(name)) {
            let place = format!("{place}, start `{name}`");
            for (knob, value) in start.knobs.iter() {
                let Some(known) = knobs.iter().find(|known| known.name == knob) else {
                    return Err(format!("{place}: there is no knob `{knob}` (known: {})", list(&self.grid)));
                };
                if !known.grid.contains(&value) {
                    let allowed = &known.grid;
                    return Err(format!("{place}: {knob} is {value}, which is not on its grid {allowed:?}"));
                }
            }
            let tried: Vec<&Settings> = start.tried.iter().map(|one| &one.knobs).collect();
            if tried != points.iter().collect::<Vec<_>>() || start.tried.iter().any(|one| one.n != self.replicates) {
                return Err(format!(
                    "{place} was not tried with all {} settings on all {} replicates, as its rivals were",
                    points.len(),
                    self.replicates
                ));
            }
            let best = tune::best(&start.tried, info, problem).map(|best| &best.knobs);
            if best != Some(&start.knobs) {
                let best = best.map_or_else(String::new, Settings::to_string);
                return Err(format!("{place}: it says {}, but its evidence is for {best}", start.knobs));
            }
        }
        Ok(())
    }

    fn check_grid(&self, place: &str, knobs: &[&KnobInfo]) -> Result<(), String> {
        let names = || knobs.iter().map(|knob| knob.name.as_str()).collect::<Vec<_>>().join(", ");
        for (name, grid) in &self.grid {
            let Some(knob) = knobs.iter().find(|knob| knob.name == *name) else {
                return Err(format!("{place}: there is no knob `{name}` (known: {})", names()));
            };
            if let Some(value) = grid.iter().find(|value| !knob.grid.contains(value)) {
                return Err(format!("{place}: {name} is {value}, which is not on its grid {:?}", knob.grid));
            }
            if *grid != knob.grid {
                return Err(format!("{place}: {name} was tuned over {grid:?}, its grid is {:?} now", knob.grid));
            }
        }
        match knobs.iter().find(|knob| !self.grid.contains_key(&knob.name)) {
            Some(knob) => Err(format!("{place}: the knob `{}` was not tuned", knob.name)),
            None => Ok(()),
        }
    }
}

fn list(grid: &BTreeMap<String, Vec<f64>>) -> String {
    grid.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}
