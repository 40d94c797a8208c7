//! `headstart tune`: tunes the hyperparameters of all starts on held-out replicates.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::progress::Progress;
use super::session::{by_domain, interrupt};
use super::{Common, number_of_workers, remark, say};
use crate::calibration::Forecast;
use crate::exec::{Launch, Limits, Pool, pool};
use crate::plan::Plan;
use crate::suite::Suite;
use crate::tuned::Tuned;
use crate::tuning::{Evidence, Tuning};
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::names;
use headstart_rows::TunedProblem;

#[derive(Args)]
pub(super) struct TuneArgs {
    /// Domains to tune [default: all that have hyperparameters].
    domain: Vec<String>,
    /// Suite that gives problems, budgets, limits and seed.
    #[arg(long, value_name = "SUITE", default_value = "full")]
    suite: String,
    /// Tune only this problem (may be repeated).
    #[arg(long, value_name = "NAME")]
    problem: Vec<String>,
    /// Number of trials of every start with every setting.
    #[arg(long, value_name = "N", default_value_t = 10)]
    replicates: u64,
    /// Seed, instead of the suite's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Tune again the problems that are tuned already.
    #[arg(long)]
    again: bool,
    /// Number of trials in parallel [default: number of cores].
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn tune(args: &TuneArgs, entries: &[Entry]) -> Result<(), Error> {
    let home = args.common.home().ok_or_else(|| {
        Error::Usage("no folder benchmarks/suites here or above: give the project's folder with --home DIR".into())
    })?;
    let mut suite = Suite::load(&args.suite, Some(&home))?;
    suite.seed = args.seed.unwrap_or(suite.seed);
    if args.replicates == 0 {
        return Err(Error::Usage("--replicates 0: at least 1 is needed, and 10 for a meaningful median".into()));
    }
    let workers = number_of_workers(args.workers)?;
    let infos: Vec<DomainInfo> = entries.iter().map(|entry| entry.0.info()).collect();
    for name in &args.domain {
        names::check("domain", name, "", infos.iter().map(|info| info.name.as_str()))?;
    }
    let chosen: Vec<&DomainInfo> =
        infos.iter().filter(|info| args.domain.is_empty() || args.domain.contains(&info.name)).collect();
    let problems = chosen.iter().flat_map(|info| &info.problems).map(|problem| &*problem.name);
    let problems: Vec<&str> = problems.collect();
    args.problem.iter().try_for_each(|name| names::check("problem", name, "", problems.iter().copied()))?;
    for info in chosen {
        if info.knobs.is_empty() {
            if args.domain.contains(&info.name) {
                say(&format!("{}: it has no hyperparameters\n", info.name))?;
            }
            continue;
        }
        DomainTuning { args, suite: &suite, info, path: Tuned::path(&home, &info.name), workers }.tune()?;
    }
    Ok(())
}

/// The tuning of one domain.
struct DomainTuning<'a> {
    args: &'a TuneArgs,
    suite: &'a Suite,
    info: &'a DomainInfo,
    path: PathBuf,
    workers: usize,
}

impl DomainTuning<'_> {
    /// Tunes the problems that are not tuned yet. Writes each result as soon as it is found.
    fn tune(&self) -> Result<(), Error> {
        let info = self.info;
        let Some(selection) = self.suite.domain.get(&info.name) else {
            return self.say(&format!("{}: suite `{}` does not include it\n", info.name, self.suite.name));
        };
        selection.check(info)?;
        let mut tuned = Tuned::read(&self.path)?.unwrap_or_default();
        // Drop problems that the domain does not have, or that have no hyperparameters.
        tuned.problem.retain(|name, _| !info.knobs_of(name).is_empty());
        let wanted = &self.args.problem;
        let takes = |name: &str| selection.takes(name) && (wanted.is_empty() || wanted.iter().any(|one| one == name));
        let has_knobs = |problem: &&ProblemInfo| takes(&problem.name) && !info.knobs_of(&problem.name).is_empty();
        let mut count = (0, 0);
        for problem in info.problems.iter().filter(has_knobs) {
            count.1 += 1;
            let budget = selection.budget_of(info, problem);
            let (seed, replicates) = (self.suite.seed, self.args.replicates);
            let tuning = Tuning { info, problem, seed, replicates, budget };
            if !self.args.again && tuned.problem.get(&*problem.name).is_some_and(|known| tuning.is_done(known)) {
                continue;
            }
            let found = self.search(&tuning)?;
            self.say(&told(problem, &found, &info.work_unit))?;
            tuned.problem.insert(problem.name.to_string(), found);
            tuned.write(&self.path)?;
            count.0 += 1;
        }
        self.say(&format!("{}: {} problems tuned, {} tuned before\n", info.name, count.0, count.1 - count.0))
    }

    fn say(&self, text: &str) -> Result<(), Error> {
        if self.args.common.quiet { Ok(()) } else { say(text) }
    }

    /// Runs every start with every setting in worker processes, in rounds as grids are widened.
    fn search(&self, tuning: &Tuning) -> Result<TunedProblem, Error> {
        let mut failed = BTreeSet::new();
        let found = tuning.search(|plan, evidence| self.round(tuning, plan, evidence, &mut failed))?;
        found.ok_or_else(|| {
            let place = place(tuning);
            Error::Incomplete(format!("interrupted while tuning {place}; the same command resumes with this problem"))
        })
    }

    fn round(
        &self,
        tuning: &Tuning,
        plan: Plan,
        evidence: &mut Evidence,
        failed: &mut BTreeSet<(Arc<str>, String)>,
    ) -> Result<(), Error> {
        let left = plan.trials().count();
        let place = place(tuning);
        let quiet = self.args.common.quiet;
        if !quiet {
            let wider = match evidence.widened() {
                0 => String::new(),
                _ => format!(" more, because a pick lies on the edge of its grid: {}", evidence.grids()),
            };
            remark(&format!("{place}: {left} trials{wider}, {} workers", self.workers));
        }
        let launch = Launch::this_program(&[]).map_err(Error::io("find", "this program"))?;
        let limits = Limits { seconds: self.suite.limit_seconds, memory_bytes: self.suite.limit_memory_mib << 20 };
        let pool_of = Pool { launch: &launch, workers: self.workers.min(left), limits, stop: interrupt()? };
        let count = by_domain(&plan);
        let mut progress = Progress::new(left as u64, quiet, Forecast::new(None, "", &count, self.workers));
        let outcome = pool(plan, &pool_of, |row| {
            progress.one(&row.domain, row.status.is_sound());
            // One warning per start and setting: a rate that is too high for one trial usually is for all.
            if !row.status.is_sound() && failed.insert((row.start.clone(), row.knobs.to_string())) {
                remark(&format!("warning: {place} from {} with {}: {}", row.start, row.knobs, row.message));
            }
            evidence.take(row);
            Ok(())
        });
        progress.finish();
        outcome
    }
}

fn place(tuning: &Tuning) -> String {
    format!("{} {}", tuning.info.name, tuning.problem.name)
}

/// Formats the pick for every start.
fn told(problem: &ProblemInfo, found: &TunedProblem, unit: &str) -> String {
    let width = found.start.keys().map(String::len).max().unwrap_or(0);
    let mut text = format!("{}\n", problem.name);
    for (name, start) in &found.start {
        let edge = match (start.at_edge.is_empty(), found.widened) {
            (true, _) => String::new(),
            (false, 0) => ", at the edge of its grid".into(),
            (false, times) => format!(", at the edge of its grid, which was widened {times} times"),
        };
        let _ = writeln!(text, "  {name:width$}  {}{edge}; tuning took {} {unit}s", start.knobs, start.cost);
    }
    text
}
