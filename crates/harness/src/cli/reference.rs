//! `headstart reference`: best-known values by long runs on streams of their own.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use clap::Args;

use super::{Common, remark, say};
use crate::entry::{Bench, Entry};
use crate::error::Error;
use crate::info::{DomainInfo, ProblemInfo};
use crate::names;
use crate::plan::{Recipe, TRACE_POINTS};
use crate::reference::{Reference, References};
use crate::suite::Suite;
use crate::trial::Trial;

#[derive(Args)]
pub(super) struct ReferenceArgs {
    /// Domains [default: all that need references].
    domain: Vec<String>,
    /// The suite whose instances need values.
    #[arg(long, value_name = "SUITE", default_value = "full")]
    suite: String,
    /// Replicates, instead of the suite's.
    #[arg(long, value_name = "N")]
    replicates: Option<u64>,
    /// Seed, instead of the suite's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Long runs from each start.
    #[arg(long, value_name = "N", default_value_t = 3)]
    attempts: u64,
    /// Budget of a long run, as a multiple of a trial's.
    #[arg(long, value_name = "X", default_value_t = 10.0)]
    longer: f64,
    /// Compute known values again, and keep the better ones.
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) fn reference(args: &ReferenceArgs, entries: &[Entry]) -> Result<(), Error> {
    let home = args.common.home().ok_or_else(|| {
        Error::Usage("no folder benchmarks/suites here or above: say where the project is with --home DIR".into())
    })?;
    let mut suite = Suite::load(&args.suite, Some(&home))?;
    suite.replicates = args.replicates.unwrap_or(suite.replicates);
    suite.seed = args.seed.unwrap_or(suite.seed);
    suite.check().map_err(Error::Usage)?;
    if args.attempts == 0 || !(args.longer >= 1.0) {
        return Err(Error::Usage("--attempts must be at least 1 and --longer at least 1".into()));
    }
    let infos: Vec<DomainInfo> = entries.iter().map(|entry| entry.0.info()).collect();
    for name in &args.domain {
        names::check("domain", name, "", infos.iter().map(|info| info.name.as_str()))?;
    }
    for (entry, info) in entries.iter().zip(&infos) {
        if args.domain.is_empty() || args.domain.contains(&info.name) {
            let path = References::path(&home, &info.name);
            let mut known = References::read(&path)?;
            let mut improved = 0;
            let Some(selection) = suite.domain.get(&info.name) else { continue };
            let takes = |name: &String| selection.problems.is_empty() || selection.problems.contains(name);
            for problem in info.problems.iter().filter(|problem| problem.within.is_some() && takes(&problem.name)) {
                let usual = selection.budget.get(&problem.name).copied().or(problem.budget).unwrap_or(info.budget);
                let budget = args.longer * usual;
                let search = Search { args, suite: &suite, entry: *entry, info, problem, budget };
                improved += search.improve(&mut known, &path)?;
            }
            say(&format!("{}: {improved} new values, {} in all\n", info.name, known.instance.len()))?;
        }
    }
    Ok(())
}

struct Search<'a> {
    args: &'a ReferenceArgs,
    suite: &'a Suite,
    entry: Entry,
    info: &'a DomainInfo,
    problem: &'a ProblemInfo,
    /// Work of one long run.
    budget: f64,
}

impl Search<'_> {
    /// Searches every instance of the suite once and writes what is new or better at once: a search that is cut off
    /// keeps what it found. Tells how many values that were.
    fn improve(&self, known: &mut References, path: &Path) -> Result<usize, Error> {
        let budget = self.budget;
        let mut searched = BTreeSet::new();
        let mut improved = 0;
        for replicate in 0..self.suite.replicates {
            let instance = self.entry.0.identify(&self.trial(replicate, self.info.baseline(), budget)?)?;
            let is_known = !self.args.again && known.instance.contains_key(&instance);
            // Replicates often share an instance: its digest leaves out what does not change the optimum.
            if is_known || !searched.insert(instance.clone()) {
                continue;
            }
            if let Some((value, runs)) = self.best(replicate, budget)? {
                let found = Reference { problem: self.problem.name.clone(), value, runs, budget };
                if known.improve(instance, found, self.info.direction) {
                    known.write(path)?;
                    improved += 1;
                }
            }
        }
        Ok(improved)
    }

    /// The best value over all starts and attempts, and the number of runs that found one.
    fn best(&self, replicate: u64, budget: f64) -> Result<Option<(f64, u64)>, Error> {
        let mut best: Option<(f64, u64)> = None;
        for attempt in 0..self.args.attempts {
            let mut bench = Bench::default();
            for start in &self.problem.starts {
                let trial = self.trial(replicate, start, budget)?;
                let explored = catch_unwind(AssertUnwindSafe(|| self.entry.0.explore(&trial, attempt, &mut bench)));
                // A run that fails or panics finds nothing; the others may.
                match explored {
                    Ok(Ok(Some(value))) => {
                        let cost = |value| self.info.direction.cost(value);
                        let (known, runs) = best.unwrap_or((value, 0));
                        best = Some((if cost(value) < cost(known) { value } else { known }, runs + 1));
                    }
                    Ok(Ok(None)) => {}
                    Ok(Err(error)) => remark(&format!("warning: {} from {start}: {error}", self.problem.name)),
                    Err(_) => {
                        remark(&format!("warning: {} from {start} panicked", self.problem.name));
                        bench.clear();
                    }
                }
            }
        }
        Ok(best)
    }

    fn trial(&self, replicate: u64, start: &str, budget: f64) -> Result<Trial, Error> {
        let recipe = Recipe {
            domain: self.info.name.clone(),
            version: self.info.version,
            problem: self.problem.name.clone(),
            starts: Vec::new(),
            budget,
            trace_points: TRACE_POINTS,
            references: None,
            own: None,
        };
        recipe.trial(self.suite.seed, replicate, start, None)
    }
}
