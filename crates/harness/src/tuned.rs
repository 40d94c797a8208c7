//! Tuned hyperparameters and their evidence, as `headstart tune` writes them to `benchmarks/tuned/DOMAIN.toml`.

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
use headstart_rows::{Aim, Tried, TunedProblem, TunedStart};

use crate::grid::Grid;

/// The tuned hyperparameters of one domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tuned {
    /// Results by problem.
    #[serde(default)]
    pub(crate) problem: BTreeMap<String, TunedProblem>,
}

const HEAD: &str = "\
# Written by `headstart tune`; do not edit. Every start is tried with the same settings on the same replicates, which no
# judged trial uses. The criterion (`picked_for`) follows the claims. For success: most trials at their target (or in
# which the metric is 1), then least median work to target, then best median end, then first in the order of the grid.
# Otherwise, and if `picked_for` is missing: least median work to target (or the quantity by which the problem ranks
# starts), then most trials at their target, then as above. If a pick lies on the edge of its grid, the grid is widened
# for all starts (`widened`: how many times). See docs/METHODOLOGY.md, Tuning.
";

impl Tuned {
    /// Returns the path of a domain's file.
    pub(crate) fn path(home: &Path, domain: &str) -> PathBuf {
        home.join("benchmarks/tuned").join(format!("{domain}.toml"))
    }

    /// Reads a file; `None` if it does not exist.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Error> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read tuned hyperparameters from", path)(error)),
        };
        let parsed = toml::from_str(&text);
        parsed.map(Some).map_err(|error| Error::BadFile { path: path.to_owned(), message: error.to_string() })
    }

    /// Writes the file with one line for each setting (the TOML library would use five).
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
            let TunedProblem { version, seed, replicates, budget, picked_for, grid, widened, start } = problem;
            let _ = write!(
                text,
                "\n[problem.{name:?}]\nversion = {version}\nseed = {seed}\nreplicates = {replicates}\nbudget = {}\n",
                inline(budget)?
            );
            // Older files lack these keys and stay as they are.
            if let Some(aim) = picked_for {
                let _ = writeln!(text, "picked_for = {}", inline(aim)?);
            }
            let _ = writeln!(text, "grid = {}", inline(grid)?);
            if *widened > 0 {
                let _ = writeln!(text, "widened = {widened}");
            }
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

/// A value as one line of TOML.
fn inline(value: &impl Serialize) -> Result<String, toml::ser::Error> {
    Ok(toml::Value::try_from(value)?.to_string())
}

/// Refuses results that do not fit the current domain, or whose starts were not all tried with the same settings.
pub(crate) fn check(tuned: &TunedProblem, info: &DomainInfo, problem: &ProblemInfo) -> Result<(), String> {
    let place = format!("problem `{}`", problem.name);
    let grids = check_grids(tuned, &place, &info.knobs_of(&problem.name))?;
    let points = points(&grids);
    for (name, start) in tuned.start.iter().filter(|(name, _)| problem.starts.contains(name)) {
        let place = format!("{place}, start `{name}`");
        for (knob, value) in start.knobs.iter() {
            let Some(known) = grids.iter().find(|known| known.name == knob) else {
                return Err(format!("{place}: hyperparameter `{knob}` is unknown (known: {})", list(&tuned.grid)));
            };
            if !known.values.contains(&value) {
                let allowed = &known.values;
                return Err(format!("{place}: {knob} is {value}, which is not on its grid {allowed:?}"));
            }
        }
        let tried: Vec<&Settings> = start.tried.iter().map(|one| &one.knobs).collect();
        if tried != points.iter().collect::<Vec<_>>() || start.tried.iter().any(|one| one.n != tuned.replicates) {
            return Err(format!(
                "{place} was not tried with all {} settings on all {} replicates, as the other starts were",
                points.len(),
                tuned.replicates
            ));
        }
        // By the criterion of the file: claims that were added since do not change a pick.
        let best = best(&start.tried, info, problem, aim_of(tuned)).map(|best| &best.knobs);
        if best != Some(&start.knobs) {
            let best = best.map_or_else(String::new, Settings::to_string);
            return Err(format!("{place}: the pick is {}, but the evidence favours {best}", start.knobs));
        }
    }
    Ok(())
}

/// Returns the grids that were tried. Each must be the declared grid or a widening of it.
fn check_grids(tuned: &TunedProblem, place: &str, knobs: &[&Knob]) -> Result<Vec<Grid>, String> {
    let names = || knobs.iter().map(|knob| &*knob.name).collect::<Vec<_>>().join(", ");
    if let Some(name) = tuned.grid.keys().find(|name| !knobs.iter().any(|knob| knob.name == **name)) {
        return Err(format!("{place}: hyperparameter `{name}` is unknown (known: {})", names()));
    }
    let grid = |knob: &&Knob| {
        let name = &knob.name;
        let Some(values) = tuned.grid.get(&**name) else {
            return Err(format!("{place}: the hyperparameter `{name}` was not tuned"));
        };
        Grid::widened(knob, values).ok_or_else(|| {
            format!(
                "{place}: {name} was tuned over {values:?}, which is neither the declared grid {:?} nor a widening of it",
                knob.grid
            )
        })
    };
    knobs.iter().map(grid).collect()
}

fn list(grid: &BTreeMap<String, Vec<f64>>) -> String {
    grid.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Returns all settings: the product of the grids, in which the last hyperparameter varies fastest.
pub(crate) fn points(grids: &[Grid]) -> Vec<Settings> {
    grids.iter().fold(vec![Settings::default()], |points, grid| {
        let with = |point: &Settings| grid.values.iter().map(|value| point.clone().with(&grid.name, *value)).collect();
        points.iter().flat_map(|point| -> Vec<Settings> { with(point) }).collect()
    })
}

/// Returns the criterion for picking the settings of a problem: success if a claim about success names the problem, also
/// a claim about an order of starts; else the quantity by which the problem ranks starts. Success at the target takes
/// precedence over success by a metric.
pub(crate) fn aim(info: &DomainInfo, problem: &ProblemInfo) -> Aim {
    let claims = info.claims.iter().filter(|claim| claim.problems.iter().any(|name| *name == problem.name));
    let mut aim = Aim::Headline;
    for estimand in claims.flat_map(|claim| claim.kind.estimands()) {
        match (estimand, &aim) {
            (Estimand::Success, _) => return Aim::Success,
            (Estimand::Rate(metric), Aim::Headline) => aim = Aim::Rate(metric.to_string()),
            _ => {}
        }
    }
    aim
}

/// Returns the criterion by which the settings of a file were picked.
pub(crate) fn aim_of(tuned: &TunedProblem) -> &Aim {
    tuned.picked_for.as_ref().unwrap_or(&Aim::Headline)
}

/// Returns the best setting tried. The criterion follows the claims.
///
/// - For success (`Aim::Success`, `Aim::Rate`): most trials at the target (or in which the metric is 1), then least median
///   work to target, then best median end. Least median work alone would prefer 816 units with 4 of 5 successes to 888
///   units with 5 of 5.
/// - Otherwise: the problem's headline (least median work, a final metric, a rate), then median work, trials at the
///   target, and the end.
///
/// If all of these are equal, the first in the order of the grid.
pub(crate) fn best<'a>(tried: &'a [Tried], info: &DomainInfo, problem: &ProblemInfo, aim: &Aim) -> Option<&'a Tried> {
    tried.iter().reduce(|best, next| if is_better(next, best, info, problem, aim) { next } else { best })
}

/// Whether the first of two settings is better.
fn is_better(one: &Tried, other: &Tried, info: &DomainInfo, problem: &ProblemInfo, aim: &Aim) -> bool {
    let (one, other) = (cost(one, info, problem, aim), cost(other, info, problem, aim));
    let order = one.iter().zip(&other).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
    order.is_some_and(std::cmp::Ordering::is_lt)
}

/// Costs by which settings are ranked, most important first.
fn cost(tried: &Tried, info: &DomainInfo, problem: &ProblemInfo, aim: &Aim) -> [f64; 4] {
    let worst = f64::INFINITY;
    let of = |quantity: &Quantity, value: Option<f64>| match (info.direction_of(quantity), value) {
        (Some(direction), Some(value)) => direction.cost(value),
        _ => worst,
    };
    let without = |count: u64| (tried.n - count.min(tried.n)) as f64;
    let missed = without(tried.reached);
    let (work, end) = (tried.work.unwrap_or(worst), of(&problem.judged_by, tried.end));
    match (aim, &problem.headline) {
        (Aim::Success, _) | (Aim::Headline, Estimand::Success) => [missed, work, end, 0.0],
        (Aim::Rate(_), _) => [without(tried.succeeded.unwrap_or(0)), work, missed, end],
        (Aim::Headline, Estimand::Work { .. }) => [work, missed, end, 0.0],
        (Aim::Headline, Estimand::Final(metric) | Estimand::FinalRatio(metric)) => {
            [of(metric, tried.headline), work, missed, end]
        }
        (Aim::Headline, Estimand::Rate(_)) => [-tried.headline.unwrap_or(0.0), work, missed, end],
    }
}
