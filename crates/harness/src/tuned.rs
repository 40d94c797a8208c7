//! Knobs as `headstart tune` picked them, with the evidence: `benchmarks/tuned/DOMAIN.toml`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use headstart_domain::atomic_write;
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::{Estimand, Quantity};
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::knob::Knob;
use headstart_domain::knob::Settings;
use headstart_rows::{Tried, TunedProblem, TunedStart};

/// What is known of one domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tuned {
    /// By problem.
    #[serde(default)]
    pub(crate) problem: BTreeMap<String, TunedProblem>,
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
        atomic_write::write(path, text.as_bytes())
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

/// Refuses what does not fit the domain as it is, or treats its starts unlike.
pub(crate) fn check(tuned: &TunedProblem, info: &DomainInfo, problem: &ProblemInfo) -> Result<(), String> {
    let place = format!("problem `{}`", problem.name);
    let knobs = info.knobs_of(&problem.name);
    check_grid(tuned, &place, &knobs)?;
    let points = points(&knobs);
    for (name, start) in tuned.start.iter().filter(|(name, _)| problem.starts.contains(name)) {
        let place = format!("{place}, start `{name}`");
        for (knob, value) in start.knobs.iter() {
            let Some(known) = knobs.iter().find(|known| known.name == knob) else {
                return Err(format!("{place}: there is no knob `{knob}` (known: {})", list(&tuned.grid)));
            };
            if !known.grid.contains(&value) {
                let allowed = &known.grid;
                return Err(format!("{place}: {knob} is {value}, which is not on its grid {allowed:?}"));
            }
        }
        let tried: Vec<&Settings> = start.tried.iter().map(|one| &one.knobs).collect();
        if tried != points.iter().collect::<Vec<_>>() || start.tried.iter().any(|one| one.n != tuned.replicates) {
            return Err(format!(
                "{place} was not tried with all {} settings on all {} replicates, as its rivals were",
                points.len(),
                tuned.replicates
            ));
        }
        let best = best(&start.tried, info, problem).map(|best| &best.knobs);
        if best != Some(&start.knobs) {
            let best = best.map_or_else(String::new, Settings::to_string);
            return Err(format!("{place}: it says {}, but its evidence is for {best}", start.knobs));
        }
    }
    Ok(())
}

fn check_grid(tuned: &TunedProblem, place: &str, knobs: &[&Knob]) -> Result<(), String> {
    let names = || knobs.iter().map(|knob| &*knob.name).collect::<Vec<_>>().join(", ");
    for (name, grid) in &tuned.grid {
        let Some(knob) = knobs.iter().find(|knob| knob.name == *name) else {
            return Err(format!("{place}: there is no knob `{name}` (known: {})", names()));
        };
        if let Some(value) = grid.iter().find(|value| !knob.grid.contains(value)) {
            return Err(format!("{place}: {name} is {value}, which is not on its grid {:?}", knob.grid));
        }
        if *grid != *knob.grid {
            return Err(format!("{place}: {name} was tuned over {grid:?}, its grid is {:?} now", knob.grid));
        }
    }
    match knobs.iter().find(|knob| !tuned.grid.contains_key(&*knob.name)) {
        Some(knob) => Err(format!("{place}: the knob `{}` was not tuned", knob.name)),
        None => Ok(()),
    }
}

fn list(grid: &BTreeMap<String, Vec<f64>>) -> String {
    grid.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Every setting: the product of the grids, the last knob turning fastest.
pub(crate) fn points(knobs: &[&Knob]) -> Vec<Settings> {
    knobs.iter().fold(vec![Settings::default()], |points, knob| {
        let with = |point: &Settings| knob.grid.iter().map(|value| point.clone().with(&knob.name, *value)).collect();
        points.iter().flat_map(|point| -> Vec<Settings> { with(point) }).collect()
    })
}

/// The best of what was tried: by the problem's headline, then by median work, trials at their target, the end, then the first.
pub(crate) fn best<'a>(tried: &'a [Tried], info: &DomainInfo, problem: &ProblemInfo) -> Option<&'a Tried> {
    let smaller = |a: &[f64; 4], b: &[f64; 4]| a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
    tried
        .iter()
        .map(|one| (cost(one, info, problem), one))
        .reduce(|best, next| if smaller(&next.0, &best.0).is_some_and(std::cmp::Ordering::is_lt) { next } else { best })
        .map(|(_, one)| one)
}

/// What makes a setting worse than another, the weightiest first.
fn cost(tried: &Tried, info: &DomainInfo, problem: &ProblemInfo) -> [f64; 4] {
    let worst = f64::INFINITY;
    let of = |quantity: &Quantity, value: Option<f64>| match (info.direction_of(quantity), value) {
        (Some(direction), Some(value)) => direction.cost(value),
        _ => worst,
    };
    let missed = (tried.n - tried.reached.min(tried.n)) as f64;
    let (work, end) = (tried.work.unwrap_or(worst), of(&problem.judged_by, tried.end));
    match &problem.headline {
        Estimand::Work { .. } => [work, missed, end, 0.0],
        Estimand::Success => [missed, work, end, 0.0],
        Estimand::Final(metric) | Estimand::FinalRatio(metric) => [of(metric, tried.headline), work, missed, end],
        Estimand::Rate(_) => [-tried.headline.unwrap_or(0.0), work, missed, end],
    }
}
