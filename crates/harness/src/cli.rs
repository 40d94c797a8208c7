//! The command line. Parsing is here; each command is a file of its own.

mod amend;
mod check;
mod cluster;
mod compare;
mod doctor;
mod list;
mod new;
mod progress;
mod reference;
mod report;
mod report_folder;
mod run;
mod session;
mod try_data;
mod try_file;
mod tune;
mod until_decided;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::exec;
use crate::external;
use crate::suite::Suite;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;

/// How much is a starting point worth? Runs every start on the same problems with the same random numbers, charges each
/// for its own cost, and reports which one wins, by how much, and which claims hold.
#[derive(Parser)]
#[command(name = "headstart", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List domains, problems, starts and claims.
    List(list::ListArgs),
    /// Run a suite; the same command resumes it.
    Run(run::RunArgs),
    /// Write page, tables and figures of one or more runs.
    Report(report::ReportArgs),
    /// Print the claims with their verdicts.
    Claims(report::ClaimsArgs),
    /// Compare two runs of the same trials.
    Compare(compare::CompareArgs),
    /// Find the best start for your own data.
    Try(try_data::TryArgs),
    /// Compute the reference values that some targets need.
    Reference(reference::ReferenceArgs),
    /// Tune hyperparameters for all starts on held-out replicates.
    Tune(tune::TuneArgs),
    /// Run a suite as jobs of a cluster.
    Submit(cluster::SubmitArgs),
    /// Show the progress of a submitted suite.
    Status(cluster::FolderArgs),
    /// Cancel the jobs of a submitted suite.
    Cancel(cluster::FolderArgs),
    /// Merge the rows of all shards, each trial once.
    Merge(cluster::FolderArgs),
    /// Create a domain crate that builds and passes the contract.
    New(new::NewArgs),
    /// Show version, machine, paths and expected run times.
    Doctor(doctor::DoctorArgs),
    /// Print completions for a shell.
    Completions {
        /// Shell.
        shell: clap_complete::Shell,
    },
    /// Check that an external domain keeps the contract.
    Check(check::CheckArgs),
    /// Answer trials on standard input; the supervisor starts this.
    #[command(hide = true)]
    Worker(Foreign),
}

/// Options that `run`, `reference` and `tune` share.
#[derive(Args, Clone)]
struct Common {
    /// Project folder, with benchmarks/suites, references and tuned [default: nearest, here or above].
    #[arg(long, value_name = "DIR", env = "HEADSTART_HOME", hide_env_values = true)]
    home: Option<PathBuf>,
    /// Print errors only.
    #[arg(long, short)]
    quiet: bool,
}

impl Common {
    fn home(&self) -> Option<PathBuf> {
        self.home.clone().or_else(crate::suite::find_home)
    }
}

/// External domains.
#[derive(Args, Clone)]
struct Foreign {
    /// File that describes an external domain, docs/EXTERNAL.md (may be repeated).
    #[arg(long, value_name = "FILE")]
    external: Vec<PathBuf>,
}

impl Foreign {
    /// Returns the domains of this program and the external ones.
    fn beside(&self, entries: &[Entry]) -> Result<Vec<Entry>, Error> {
        let mut all = entries.to_vec();
        for file in &self.external {
            let entry = external::load(file)?;
            let name = entry.0.info().name;
            if all.iter().any(|known| known.0.info().name == name) {
                return Err(Error::Usage(format!(
                    "{}: a domain `{name}` exists already; change the name in the file",
                    file.display()
                )));
            }
            all.push(entry);
        }
        Ok(all)
    }

    /// If there are external domains, selects them alone. The suite's seed, replicates and settings apply to them.
    fn take(&self, entries: &[Entry], suite: &mut Suite) {
        if self.external.is_empty() {
            return;
        }
        let ours = entries.iter().filter(|entry| !entry.0.arguments().is_empty()).map(|entry| entry.0.info().name);
        suite.domain = ours
            .map(|name| {
                let known = suite.domain.remove(&name).unwrap_or_default();
                (name, known)
            })
            .collect();
    }
}

/// How worker processes are run.
#[derive(Args, Clone)]
struct Workers {
    /// Number of trials in parallel [default: number of cores].
    #[arg(id = "workers", long, value_name = "N")]
    count: Option<usize>,
    /// Exit with code 1 if a trial failed.
    #[arg(long)]
    strict: bool,
    /// Run failed trials again (also those that crashed or timed out).
    #[arg(long)]
    retry: bool,
    /// Treatment of rows in --out that another build made.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    other_build: OtherBuild,
}

#[derive(Clone, Copy, ValueEnum)]
enum OtherBuild {
    /// Stop with an error.
    Refuse,
    /// Move the old rows aside and run everything again.
    Archive,
    /// Keep them and resume.
    Keep,
}

impl Workers {
    fn number(&self) -> Result<usize, Error> {
        number_of_workers(self.count)
    }
}

fn number_of_workers(asked: Option<usize>) -> Result<usize, Error> {
    match asked {
        Some(0) => Err(Error::Usage("--workers 0: must be at least 1".into())),
        Some(count) => Ok(count),
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
    }
}

/// Runs the command line with these domains; a `main` calls it. The exit code is 0 if the plan is complete, 1 for a
/// failure, 2 for wrong usage.
pub fn main(entries: &[Entry]) -> ExitCode {
    trace_as_asked();
    let mut command = try_data::add_domains(command(), entries);
    let outcome = arguments(&command).map(|arguments| command.try_get_matches_from_mut(arguments));
    let outcome = match outcome {
        Ok(Ok(matches)) => Cli::from_arg_matches(&matches)
            .map_err(|error| Error::Usage(error.to_string()))
            .and_then(|cli| dispatch(cli, &matches, entries)),
        Ok(Err(error)) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Broken pipe: the reader closed our output.
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            remark(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// The commands that most people need; the help lists them first.
const FIRST: [&str; 5] = ["try", "run", "report", "list", "doctor"];

/// The command line without the domains' own options.
fn command() -> clap::Command {
    let command = Cli::command();
    let section = |title: &str, first: bool| {
        let shown = command.get_subcommands().filter(|one| !one.is_hide_set());
        let mut chosen: Vec<_> = shown.filter(|one| FIRST.contains(&one.get_name()) == first).collect();
        chosen.sort_by_key(|one| FIRST.iter().position(|name| *name == one.get_name()));
        let lines = chosen.into_iter().map(|one| {
            let about = one.get_about().map(ToString::to_string).unwrap_or_default();
            format!("  {:<11}  {about}\n", one.get_name())
        });
        format!("{title}:\n{}", lines.collect::<String>())
    };
    let commands = format!("{}\n{}", section("Commands", true), section("More commands", false));
    command
        .help_template("{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}Options:\n{options}{after-help}")
        .before_help(commands)
        .after_help("`headstart COMMAND --help` shows the options of a command.")
}

/// The arguments of this process; `try FILE.toml` is replaced by what that file holds.
fn arguments(command: &clap::Command) -> Result<Vec<std::ffi::OsString>, Error> {
    let mut given: Vec<_> = std::env::args_os().collect();
    let is_try = given.get(1).is_some_and(|word| word == "try");
    let Some(own) = command.find_subcommand("try").filter(|_| is_try) else { return Ok(given) };
    let Some(file) = given.get(2).map(PathBuf::from) else { return Ok(given) };
    if file.extension().is_some_and(|kind| kind == "toml") {
        let saved = try_file::arguments(&file, own, given.get(3..).unwrap_or_default())?;
        given.splice(2..3, saved);
    } else if file.is_file() && !own.get_subcommands().any(|domain| file.as_os_str() == domain.get_name()) {
        let domains: Vec<&str> = own.get_subcommands().map(clap::Command::get_name).collect();
        return Err(Error::Usage(format!(
            "`{0}` is a file; name a domain first: headstart try DOMAIN --data {0}. Domains: {1}",
            file.display(),
            domains.join(", ")
        )));
    }
    Ok(given)
}

fn dispatch(cli: Cli, matches: &clap::ArgMatches, entries: &[Entry]) -> Result<(), Error> {
    match cli.command {
        Command::List(args) => list::list(&args, entries),
        Command::Run(args) => run::run(&args, entries),
        Command::Report(args) => report::report(&args, entries),
        Command::Claims(args) => report::claims(&args, entries),
        Command::Compare(args) => compare::compare(&args, entries),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut try_data::add_domains(command(), entries), "headstart", &mut script);
            say(&String::from_utf8_lossy(&script))
        }
        Command::Try(args) => try_data::try_data(&args, matches, entries),
        Command::Reference(args) => reference::reference(&args, entries),
        Command::Tune(args) => tune::tune(&args, entries),
        Command::Submit(args) => cluster::submit(&args, entries),
        Command::Status(args) => cluster::status(&args),
        Command::Cancel(args) => cluster::cancel(&args),
        Command::Merge(args) => cluster::merge(&args),
        Command::New(args) => new::new(&args),
        Command::Doctor(args) => doctor::doctor(&args, entries),
        Command::Check(args) => check::check(&args),
        Command::Worker(foreign) => {
            exec::serve(&foreign.beside(entries)?).map_err(|error| Error::Incomplete(format!("worker: {error}")))
        }
    }
}

/// Writes a value as JSON to standard output.
fn json(value: &impl serde::Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::Domain(error.into()))?;
    say(&format!("{text}\n"))
}

/// Enables the log messages that `RUST_LOG` selects (`RUST_LOG=headstart_harness=debug`); by default it selects none.
fn trace_as_asked() {
    use tracing_subscriber::filter::Targets;
    use tracing_subscriber::prelude::*;
    let asked = std::env::var("RUST_LOG").unwrap_or_default();
    let filter = asked.parse().unwrap_or_else(|error| {
        remark(&format!("RUST_LOG={asked} is ignored ({error}): write TARGET=LEVEL, as in headstart_harness=debug"));
        Targets::new()
    });
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // A second call, from a test, changes nothing.
    let _ = tracing_subscriber::registry().with(log).with(filter).try_init();
}

/// Writes a line to standard error. A closed pipe must not end a run.
fn remark(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Writes to standard output. A broken pipe is an error, not a panic.
fn say(text: &str) -> Result<(), Error> {
    use std::io::Write;
    std::io::stdout().write_all(text.as_bytes()).map_err(Error::io("write to", "standard output"))
}
