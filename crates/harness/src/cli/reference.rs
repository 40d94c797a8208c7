//! `headstart reference`: computes best-known values by long runs on separate random streams.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;

use super::session::interrupt;
use super::{Common, Foreign, number_of_workers, remark, say};
use crate::assignment;
use crate::exec::{Launch, Limits, Pool, pool};
use crate::plan::Plan;
use crate::reference;
use crate::suite::Suite;
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::direction::Direction;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::knob::Settings;
use headstart_domain::names;
use headstart_domain::recipe::{Recipe, TRACE_POINTS};
use headstart_domain::reference::{Reference, References};
use headstart_domain::trial::{Purpose, Trial};

#[derive(Args)]
pub(super) struct ReferenceArgs {
    /// Domains [default: all that need references].
    domain: Vec<String>,
    /// Suite whose instances need values.
    #[arg(long, value_name = "SUITE", default_value = "full")]
    suite: String,
    /// Replicates, instead of the suite's.
    #[arg(long, value_name = "N")]
    replicates: Option<u64>,
    /// Seed, instead of the suite's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of long runs from each start.
    #[arg(long, value_name = "N", default_value_t = 3)]
    attempts: u64,
    /// Run only from this start (may be repeated) [default: from all].
    #[arg(long, value_name = "NAME")]
    start: Vec<String>,
    /// Budget of a long run, as a multiple of a trial's.
    #[arg(long, value_name = "X", default_value_t = 10.0, allow_negative_numbers = true)]
    longer: f64,
    /// Compute known values again, and keep the better ones.
    #[arg(long)]
    again: bool,
    /// Compute nothing; exit with code 1 if a value is missing.
    #[arg(long, conflicts_with = "again")]
    check: bool,
    /// Number of runs in parallel [default: number of cores].
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    #[command(flatten)]
    foreign: Foreign,
    #[command(flatten)]
    common: Common,
}

pub(super) fn reference(args: &ReferenceArgs, entries: &[Entry]) -> Result<(), Error> {
    let home = args.common.home().ok_or_else(|| {
        Error::Usage("no folder benchmarks/suites here or above: give the project's folder with --home DIR".into())
    })?;
    let entries = &args.foreign.beside(entries)?;
    let mut suite = Suite::load(&args.suite, Some(&home))?;
    args.foreign.take(entries, &mut suite);
    suite.override_replicates(args.replicates);
    suite.seed = args.seed.unwrap_or(suite.seed);
    suite.check().map_err(Error::Usage)?;
    if args.attempts == 0 {
        return Err(Error::Usage("--attempts 0: at least 1 is needed".into()));
    }
    if !(args.longer >= 1.0 && args.longer.is_finite()) {
        return Err(Error::Usage(format!(
            "--longer {}: must be a finite number of at least 1, the budget of a trial",
            args.longer
        )));
    }
    let workers = number_of_workers(args.workers)?;
    let infos: Vec<DomainInfo> = entries.iter().map(|entry| entry.0.info()).collect();
    for name in &args.domain {
        names::check("domain", name, "", infos.iter().map(|info| info.name.as_str()))?;
    }
    let is_chosen = |info: &&DomainInfo| args.domain.is_empty() || args.domain.contains(&info.name);
    for start in &args.start {
        let known = infos.iter().filter(is_chosen).flat_map(|info| &info.starts).map(|start| &*start.name);
        names::check("start", start, "", known)?;
    }
    let mut missing = Vec::new();
    for (entry, info) in entries.iter().zip(&infos) {
        if is_chosen(&info) {
            let path = reference::path(&home, &info.name);
            let mut known = reference::read(&path)?;
            let mut improved = 0;
            let Some(selection) = suite.domain.get(&info.name) else { continue };
            selection.check(info)?;
            let sought = |problem: &&ProblemInfo| problem.within.is_some() && selection.takes(&problem.name);
            for problem in info.problems.iter().filter(sought) {
                let usual = selection.budget_of(info, problem);
                let budget = args.longer * usual;
                let knobs = assignment::listed(info, problem, usual, Some(&home), &[])?.map(|knobs| knobs.starts);
                let search = Search { args, suite: &suite, entry: *entry, info, problem, budget, knobs, workers };
                if args.check {
                    let count = search.plan(&known)?.1.len();
                    missing.extend((count > 0).then(|| format!("{} {}: {count}", info.name, problem.name)));
                    continue;
                }
                improved += search.improve(&mut known, &path)?;
            }
            if !args.common.quiet && !args.check {
                say(&format!("{}: {improved} new values, {} in all\n", info.name, known.instance.len()))?;
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::Incomplete(format!(
        "reference values are missing ({}); `headstart reference` computes them",
        missing.join(", ")
    )))
}

struct Search<'a> {
    args: &'a ReferenceArgs,
    suite: &'a Suite,
    entry: Entry,
    info: &'a DomainInfo,
    problem: &'a ProblemInfo,
    /// Work of one long run.
    budget: f64,
    /// Hyperparameters, the same as in judged trials.
    knobs: Option<BTreeMap<String, Settings>>,
    workers: usize,
}

impl Search<'_> {
    /// Searches every instance of the suite once, in worker processes. Writes a new or better value as soon as the last
    /// run of its instance has ended, so an interrupted search keeps its results. Returns the number of values written.
    fn improve(&self, known: &mut References, path: &Path) -> Result<usize, Error> {
        let (plan, mut hunts) = self.plan(known)?;
        let left = plan.trials().count();
        if left == 0 {
            return Ok(0);
        }
        let launch = Launch::this_program(&[self.entry]).map_err(Error::io("find", "this program"))?;
        let limits = Limits {
            seconds: self.args.longer * self.suite.limit_seconds,
            memory_bytes: self.suite.limit_memory_mib << 20,
        };
        let workers = self.workers.min(left);
        let (mut improved, mut ended) = (0, 0);
        pool(plan, &Pool { launch: &launch, workers, limits, stop: interrupt()? }, |row| {
            ended += 1;
            if !row.status.is_sound() {
                remark(&format!("warning: {} from {}: {}", row.problem, row.start, row.message));
            }
            let Some(hunt) = hunts.get_mut(&row.replicate) else { return Ok(()) };
            hunt.take(row.best(self.info.direction), self.info.direction);
            if let (0, Some(value)) = (hunt.left, hunt.best) {
                let (problem, budget) = (self.problem.name.to_string(), self.budget);
                let found = Reference { problem, value, runs: hunt.runs, budget };
                if known.improve(hunt.instance.clone(), found, self.info.direction) {
                    reference::write(known, path)?;
                    improved += 1;
                }
            }
            Ok(())
        })?;
        if ended < left {
            return Err(Error::Incomplete(format!(
                "interrupted: {} of {left} runs are left; the same command resumes with the instances that have no value",
                left - ended
            )));
        }
        Ok(improved)
    }

    /// Returns the runs of all instances that need a value, and the search of each replicate.
    fn plan(&self, known: &References) -> Result<(Plan, BTreeMap<u64, Hunt>), Error> {
        let (mut plan, mut hunts) = (Plan::default(), BTreeMap::new());
        let mut searched = BTreeSet::new();
        for replicate in 0..self.suite.replicates_on(&self.info.name, &self.problem.name, self.problem.members) {
            let instance = self.entry.0.identify(&self.trial(replicate, self.info.baseline(), 0)?)?;
            let is_known = !self.args.again && known.instance.contains_key(&instance);
            // Replicates often share an instance: its digest ignores data that do not affect the optimum.
            if is_known || !searched.insert(instance.clone()) {
                continue;
            }
            let left = self.args.attempts as usize * self.starts().count();
            hunts.insert(replicate, Hunt { instance, left, runs: 0, best: None });
            for attempt in 0..self.args.attempts {
                let starts = self.starts();
                plan.groups.push(starts.map(|start| self.trial(replicate, start, attempt)).collect::<Result<_, _>>()?);
            }
        }
        Ok((plan, hunts))
    }

    /// Returns the starts to run from.
    fn starts(&self) -> impl Iterator<Item = &String> {
        self.problem.starts.iter().filter(|start| self.args.start.is_empty() || self.args.start.contains(start))
    }

    fn trial(&self, replicate: u64, start: &str, attempt: u64) -> Result<Trial, Error> {
        let recipe = Recipe {
            domain: self.info.name.clone(),
            version: self.info.version,
            problem: self.problem.name.to_string(),
            starts: Vec::new(),
            budget: self.budget,
            trace_points: TRACE_POINTS,
            references: None,
            own: None,
            knobs: self.knobs.clone(),
        };
        Ok(Trial { purpose: Purpose::Reference(attempt), ..recipe.trial(self.suite.seed, replicate, start, None)? })
    }
}

/// The search for the best value of one instance.
struct Hunt {
    instance: String,
    /// Runs that have not ended.
    left: usize,
    /// Runs that found a value. Runs that fail or crash are not counted.
    runs: u64,
    best: Option<f64>,
}

impl Hunt {
    fn take(&mut self, found: Option<f64>, direction: Direction) {
        self.left -= 1;
        let Some(found) = found else { return };
        self.runs += 1;
        if self.best.is_none_or(|best| direction.cost(found) < direction.cost(best)) {
            self.best = Some(found);
        }
    }
}
