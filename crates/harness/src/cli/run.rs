//! `headstart run`: suite -> plan -> rows.

use std::path::{Path, PathBuf};

use clap::Args;

use super::session::{RunSettings, Session};
use super::{Common, Foreign, Workers, remark, say, until_decided};
use crate::plan::{Cut, Plan};
use crate::suite::Suite;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_report::compare::compare;
use headstart_rows::Header;

#[derive(Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    choice: Choice,
    /// Run shard I of N; all starts of a replicate stay together.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(u64, u64)>,
    /// Folder for the rows.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Skip trials whose rows are in this folder (or a folder in it).
    #[arg(long, value_name = "DIR")]
    known: Option<PathBuf>,
    /// Add replicates until every claim is decided, by tests that allow repeated looks (docs/STOPPING.md). Problems without
    /// claims are left out.
    #[arg(long, conflicts_with_all = ["shard", "replicates"])]
    until_decided: bool,
    /// Number of replicates after which an undecided claim is given up.
    #[arg(long, value_name = "N", requires = "until_decided", default_value_t = 100)]
    max_replicates: u64,
    #[command(flatten)]
    workers: Workers,
    #[command(flatten)]
    common: Common,
}

/// Selects the trials.
#[derive(Args, Clone)]
pub(super) struct Choice {
    /// Suite: smoke, standard, full, or a file that ends in .toml.
    #[arg(long, value_name = "SUITE", default_value = "standard")]
    suite: String,
    /// Run only this domain (may be repeated).
    #[arg(long, value_name = "NAME")]
    domain: Vec<String>,
    /// Run only this problem (may be repeated).
    #[arg(long, value_name = "NAME")]
    problem: Vec<String>,
    /// Run only this start and the baseline (may be repeated).
    #[arg(long, value_name = "NAME")]
    start: Vec<String>,
    /// Replicates, instead of the suite's.
    #[arg(long, value_name = "N")]
    replicates: Option<u64>,
    /// Seed, instead of the suite's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Set a hyperparameter for every start, instead of the tuned value (may be repeated).
    #[arg(long, value_name = "NAME=VALUE", value_parser = crate::assignment::parse_given)]
    knob: Vec<(String, f64)>,
    #[command(flatten)]
    pub(super) foreign: Foreign,
}

impl Choice {
    /// Returns the suite and the plan of the selected trials.
    pub(super) fn plan(
        &self,
        home: Option<&Path>,
        shard: Option<(u64, u64)>,
        out: &Path,
        entries: &[Entry],
    ) -> Result<(Suite, Plan), Error> {
        let mut suite = Suite::load(&self.suite, home)?;
        self.foreign.take(entries, &mut suite);
        suite.override_replicates(self.replicates);
        suite.seed = self.seed.unwrap_or(suite.seed);
        suite.check().map_err(Error::Usage)?;
        let cut = Cut {
            domains: &self.domain,
            problems: &self.problem,
            starts: &self.start,
            shard,
            home,
            knobs: &self.knob,
            out: Some(out),
        };
        let plan = Plan::new(&suite, entries, &cut)?;
        Ok((suite, plan))
    }

    /// Returns the selection as arguments of `run`, and the text of the suite. The arguments name a copy of the suite in
    /// `dir`, so that an edit of the suite's file does not change tasks that wait.
    pub(super) fn frozen(&self, home: Option<&Path>, dir: &Path) -> Result<(Vec<String>, String), Error> {
        let text = Suite::text(&self.suite, home)?;
        let mut arguments = vec!["--suite".to_owned(), suite_copy(dir).display().to_string()];
        let mut give = |name: &str, value: String| arguments.extend([format!("--{name}"), value]);
        for (name, values) in [("domain", &self.domain), ("problem", &self.problem), ("start", &self.start)] {
            for value in values {
                give(name, value.clone());
            }
        }
        self.replicates.iter().for_each(|number| give("replicates", number.to_string()));
        self.seed.iter().for_each(|seed| give("seed", seed.to_string()));
        self.knob.iter().for_each(|(name, value)| give("knob", format!("{name}={value}")));
        for file in &self.foreign.external {
            let file = std::fs::canonicalize(file).map_err(Error::io("find", file))?;
            give("external", file.display().to_string());
        }
        if let Some(home) = home {
            let home = std::fs::canonicalize(home).map_err(Error::io("find", home))?;
            give("home", home.display().to_string());
        }
        Ok((arguments, text))
    }
}

/// Returns the path of the copy of the suite that waiting tasks run.
pub(super) fn suite_copy(dir: &Path) -> PathBuf {
    dir.join("suite.toml")
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
    match parts {
        Some((index, count)) if (1..=count).contains(&index) => Ok((index, count)),
        _ => Err("must be I/N with 1 <= I <= N, for example 2/8".into()),
    }
}

pub(super) fn run(args: &RunArgs, entries: &[Entry]) -> Result<(), Error> {
    let entries = &args.choice.foreign.beside(entries)?;
    let mut earlier = args.known.as_deref().map_or(Ok(Vec::new()), headstart_rows::row_files)?;
    earlier.retain(|path| *path != headstart_rows::rows_path(&args.out));
    let home = args.common.home();
    let most = args.until_decided.then_some(args.max_replicates);
    let choice = Choice { replicates: most.or(args.choice.replicates), ..args.choice.clone() };
    let (suite, plan) = choice.plan(home.as_deref(), args.shard, &args.out, entries)?;
    let settings =
        RunSettings { suite: &suite, entries, workers: &args.workers, quiet: args.common.quiet, home: home.as_deref() };
    if args.until_decided {
        return until_decided::run(plan, settings, &args.out, &earlier);
    }
    execute(plan, settings, &args.out, &earlier)?;
    if args.common.quiet || args.shard.is_some() {
        return Ok(());
    }
    let rows = headstart_rows::read(std::slice::from_ref(&args.out))?;
    say(&format!("\n{}", headstart_report::overview(&compare(rows))))?;
    say(&format!("\npage and tables  headstart report {}\n", args.out.display()))
}

/// Runs the trials that are neither in `out` nor in `earlier` row files, and prints how many failed.
pub(super) fn execute(plan: Plan, settings: RunSettings, out: &Path, earlier: &[PathBuf]) -> Result<(), Error> {
    let knobs = plan.knobs.clone();
    let mut session = Session::open(settings, out, earlier, |header| Header { knobs, ..header })?;
    if !settings.quiet {
        let (total, left) = (plan.trials().count(), session.left(&plan));
        let workers = session.workers();
        remark(&format!("{total} trials, {} done before, {workers} workers, rows in {}", total - left, out.display()));
    }
    session.run(plan, |_| {})?;
    session.end()
}
