//! Makes the trials of a suite. All names are checked here, before the first trial.

use std::path::Path;

use crate::assignment;
use crate::reference;
use crate::suite::{Selection, Suite};
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::digest::{self, Digest};
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::names;
use headstart_domain::recipe::{Recipe, TRACE_POINTS};
use headstart_domain::trial::Trial;
use headstart_rows::Assignment;

/// The trials of a run in the order in which they start, one group for each replicate of a problem. A group stays on one
/// worker, so that the seconds of a pair come from one process and data shared by the starts are made once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) groups: Vec<Vec<Trial>>,
    /// Hyperparameters of the problems that have any.
    pub(crate) knobs: Vec<Assignment>,
}

/// The part of a suite that the command line selects, and the folders to use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut<'a> {
    pub(crate) domains: &'a [String],
    pub(crate) problems: &'a [String],
    pub(crate) starts: &'a [String],
    /// Index of this shard, from 1, and number of shards.
    pub(crate) shard: Option<(u64, u64)>,
    pub(crate) home: Option<&'a Path>,
    /// Hyperparameters that the command line sets for every start.
    pub(crate) knobs: &'a [(String, f64)],
    /// The run's folder, below which solver outputs are written.
    pub(crate) out: Option<&'a Path>,
}

impl Cut<'_> {
    /// Explains why there is nothing to run.
    fn leaves_nothing_of(&self, suite: &Suite) -> String {
        if suite.domain.is_empty() {
            return format!("suite `{}` includes no domain: add a table [domain.NAME] for each", suite.name);
        }
        let list = |kind: &str, names: &[String]| (!names.is_empty()).then(|| format!("{kind} {}", names.join(", ")));
        let chosen = [list("domain", self.domains), list("problem", self.problems), list("start", self.starts)];
        format!(
            "nothing to run: suite `{}` has no {}; select others, or take another suite (`full` has nearly all)",
            suite.name,
            chosen.into_iter().flatten().collect::<Vec<_>>().join(" with ")
        )
    }
}

impl Plan {
    pub(crate) fn new(suite: &Suite, entries: &[Entry], cut: &Cut) -> Result<Self, Error> {
        let infos: Vec<DomainInfo> = entries.iter().map(|entry| entry.0.info()).collect();
        for name in suite.domain.keys().chain(cut.domains) {
            names::check("domain", name, "", infos.iter().map(|info| info.name.as_str()))?;
        }
        if let Some(absent) = cut.domains.iter().find(|name| !suite.domain.contains_key(*name)) {
            return Err(Error::Usage(format!("suite `{}` does not include domain `{absent}`", suite.name)));
        }
        let chosen: Vec<(&DomainInfo, &Selection)> = infos
            .iter()
            .filter(|info| cut.domains.is_empty() || cut.domains.contains(&info.name))
            .filter_map(|info| Some((info, suite.domain.get(&info.name)?)))
            .collect();
        let names = |of: fn(&DomainInfo) -> Vec<&str>| chosen.iter().flat_map(|(info, _)| of(info)).collect::<Vec<_>>();
        for problem in cut.problems {
            names::check("problem", problem, "", names(problem_names))?;
        }
        for start in cut.starts {
            names::check("start", start, "", names(start_names))?;
        }
        assignment::check_given(cut.knobs, chosen.iter().map(|(info, _)| *info))?;
        let (mut recipes, mut plan) = (Vec::new(), Self::default());
        for (info, selection) in chosen {
            for (recipe, knobs) in recipes_of(info, selection, cut)? {
                let experiment = recipe.experiment(suite.seed)?;
                plan.knobs.extend(knobs.map(|knobs| Assignment { experiment, ..knobs }));
                let members = info.problem(&recipe.problem).and_then(|problem| problem.members);
                recipes.push((suite.replicates_on(&info.name, &recipe.problem, members), recipe));
            }
        }
        if recipes.is_empty() {
            return Err(Error::Usage(cut.leaves_nothing_of(suite)));
        }
        // Replicates in the outer loop, so that an interrupted run has some replicates of every problem.
        let most = recipes.iter().map(|(replicates, _)| *replicates).max().unwrap_or(0);
        let all =
            (0..most).flat_map(|replicate| recipes.iter().map(move |(count, recipe)| (replicate, *count, recipe)));
        let wanted = all.filter(|(replicate, count, _)| replicate < count);
        for (_, (replicate, _, recipe)) in (0..).zip(wanted).filter(|(index, _)| in_shard(*index, cut.shard)) {
            plan.groups.push(recipe.group(suite.seed, replicate, cut.out)?);
        }
        Ok(plan)
    }

    /// All trials, in order.
    pub(crate) fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.groups.iter().flatten()
    }

    /// Removes the trials that are done.
    pub(crate) fn without(mut self, done: &std::collections::HashSet<Digest>) -> Self {
        for group in &mut self.groups {
            group.retain(|trial| !done.contains(&trial.key));
        }
        self.groups.retain(|group| !group.is_empty());
        self
    }
}

fn problem_names(info: &DomainInfo) -> Vec<&str> {
    info.problems.iter().map(|problem| &*problem.name).collect()
}

fn start_names(info: &DomainInfo) -> Vec<&str> {
    info.starts.iter().map(|start| &*start.name).collect()
}

/// Adjacent groups go to different shards, so that all shards have replicates of every problem and take equally long.
fn in_shard(group: u64, shard: Option<(u64, u64)>) -> bool {
    shard.is_none_or(|(index, count)| group % count == index - 1)
}

impl Selection {
    /// Refuses names that the domain does not have.
    pub(crate) fn check(&self, info: &DomainInfo) -> Result<(), Error> {
        let place = format!(" in domain {}", info.name);
        for problem in self.problems.iter().chain(self.budget.keys()).chain(self.replicates_on.keys()) {
            names::check("problem", problem, &place, problem_names(info))?;
        }
        self.starts.iter().try_for_each(|start| names::check("start", start, &place, start_names(info)))
    }

    /// Whether the problem is included; an empty list includes all.
    pub(crate) fn takes(&self, problem: &str) -> bool {
        self.problems.is_empty() || self.problems.iter().any(|name| name == problem)
    }

    /// Work that a start may spend on a trial: the suite's budget, else the problem's, else the domain's.
    pub(crate) fn budget_of(&self, info: &DomainInfo, problem: &ProblemInfo) -> f64 {
        self.budget.get(&*problem.name).copied().or(problem.budget).unwrap_or(info.budget)
    }
}

fn recipes_of(info: &DomainInfo, selection: &Selection, cut: &Cut) -> Result<Vec<(Recipe, Option<Assignment>)>, Error> {
    selection.check(info)?;
    let wanted = |list: &[String], name: &str| list.is_empty() || list.iter().any(|one| one == name);
    let problems: Vec<&ProblemInfo> = info
        .problems
        .iter()
        .filter(|problem| selection.takes(&problem.name) && wanted(cut.problems, &problem.name))
        .collect();
    let mut recipes = Vec::new();
    for problem in problems {
        let starts: Vec<String> = problem
            .starts
            .iter()
            .filter(|start| {
                start.as_str() == info.baseline() || wanted(&selection.starts, start) && wanted(cut.starts, start)
            })
            .cloned()
            .collect();
        let budget = selection.budget_of(info, problem);
        let knobs = assignment::listed(info, problem, budget, cut.home, cut.knobs)?;
        let recipe = Recipe {
            domain: info.name.clone(),
            version: info.version,
            problem: problem.name.to_string(),
            starts,
            budget,
            trace_points: TRACE_POINTS,
            references: reference_file(info, problem, cut.home)?,
            own: None,
            knobs: knobs.as_ref().map(|knobs| knobs.starts.clone()),
        };
        recipes.push((recipe, knobs));
    }
    Ok(recipes)
}

/// Returns the file of best-known values and the digest of the values of one problem; `None` if it does not use them.
fn reference_file(
    info: &DomainInfo,
    problem: &ProblemInfo,
    home: Option<&Path>,
) -> Result<Option<(std::path::PathBuf, String)>, Error> {
    if problem.within.is_none() {
        return Ok(None);
    }
    let Some(home) = home else {
        return Err(Error::Usage(format!(
            "domain {} needs benchmarks/references for its targets, which was not found here or above: give the project's \
             folder with --home DIR",
            info.name
        )));
    };
    let path = std::path::absolute(reference::path(home, &info.name)).map_err(Error::io("find", home))?;
    let mut known = reference::read(&path)?;
    known.instance.retain(|_, reference| reference.problem == problem.name);
    Ok(Some((path, digest::of_value(&known)?.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Selection;
    use headstart_domain::toy;

    #[test]
    fn a_domain_may_override_the_replicates() {
        let suite = |own| Suite {
            name: "test".into(),
            seed: 1,
            replicates: 5,
            limit_seconds: 60.0,
            limit_memory_mib: 1024,
            domain: [("toy".to_owned(), Selection { replicates: own, ..Selection::default() })].into(),
        };
        let groups = |own| Plan::new(&suite(own), &[toy::entry()], &Cut::default()).unwrap().groups.len();
        assert_eq!((groups(None), groups(Some(2)), groups(Some(8))), (5, 2, 8));
    }
}
