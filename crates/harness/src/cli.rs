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

/// How much is a starting point worth? Runs every start on the same problems with the same random numbers, charges
/// each for its own cost, and says which wins, by how much, and which claims hold.
#[derive(Parser)]
#[command(name = "headstart", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Domains, problems, starts and claims.
    List(list::ListArgs),
    /// Run a suite; running it again with the same --out resumes.
    Run(run::RunArgs),
    /// Tables and figures from the rows of one or more runs.
    Report(report::ReportArgs),
    /// The ledger of claims with their verdicts.
    Claims(report::ClaimsArgs),
    /// Two runs of the same trials: what changed, beyond noise.
    Compare(compare::CompareArgs),
    /// Which start is best for your own data?
    Try(try_data::TryArgs),
    /// Compute the best-known values that some targets need.
    Reference(reference::ReferenceArgs),
    /// Pick the knobs of every start, alike, on replicates of their own.
    Tune(tune::TuneArgs),
    /// Run a suite as jobs of a cluster.
    Submit(cluster::SubmitArgs),
    /// How a submitted suite stands.
    Status(cluster::FolderArgs),
    /// End the jobs of a submitted suite.
    Cancel(cluster::FolderArgs),
    /// Bring the rows of all shards together, each trial once.
    Merge(cluster::FolderArgs),
    /// A new domain crate that builds and keeps the contract.
    New(new::NewArgs),
    /// What this program is, where its files are, and how long suites take on this machine.
    Doctor(doctor::DoctorArgs),
    /// Completions for a shell, on standard output.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Does a domain keep the contract? For programs of your own.
    Check(check::CheckArgs),
    /// Answer trials on standard input: what the supervisor starts.
    #[command(hide = true)]
    Worker(Foreign),
}

/// What `run`, `try`, `reference` and `tune` have in common.
#[derive(Args, Clone)]
struct Common {
    /// Project folder, which holds benchmarks/suites, references and tuned [default: nearest, here or above].
    #[arg(long, value_name = "DIR", env = "HEADSTART_HOME")]
    home: Option<PathBuf>,
    /// Say nothing but errors.
    #[arg(long, short)]
    quiet: bool,
}

impl Common {
    fn home(&self) -> Option<PathBuf> {
        self.home.clone().or_else(crate::suite::find_home)
    }
}

/// Domains that are programs of their own.
#[derive(Args, Clone)]
struct Foreign {
    /// A file that names a program in any language: docs/EXTERNAL.md (may be repeated).
    #[arg(long, value_name = "FILE")]
    external: Vec<PathBuf>,
}

impl Foreign {
    /// The domains of this program and those.
    fn beside(&self, entries: &[Entry]) -> Result<Vec<Entry>, Error> {
        let mut all = entries.to_vec();
        for file in &self.external {
            let entry = external::load(file)?;
            let name = entry.0.info().name;
            if all.iter().any(|known| known.0.info().name == name) {
                return Err(Error::Usage(format!("{}: there is a domain `{name}` already", file.display())));
            }
            all.push(entry);
        }
        Ok(all)
    }

    /// Where there are such, they alone are run, with the suite's seed and replicates, and whatever it says of them.
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
    /// Trials that run side by side [default: number of cores].
    #[arg(id = "workers", long, value_name = "N")]
    count: Option<usize>,
    /// Make a failed trial an error (exit code 1).
    #[arg(long)]
    strict: bool,
    /// Run trials again that failed, crashed or took too long.
    #[arg(long)]
    retry: bool,
    /// What to do with rows of another build in --out.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    other_build: OtherBuild,
}

#[derive(Clone, Copy, ValueEnum)]
enum OtherBuild {
    /// Stop and say so.
    Refuse,
    /// Set the old rows aside and begin anew.
    Archive,
    /// Keep them, and resume as if they were of this build.
    Keep,
}

impl Workers {
    fn number(&self) -> Result<usize, Error> {
        number_of_workers(self.count)
    }
}

fn number_of_workers(asked: Option<usize>) -> Result<usize, Error> {
    match asked {
        Some(0) => Err(Error::Usage("--workers 0: at least one is needed".into())),
        Some(count) => Ok(count),
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
    }
}

/// The program: what a `main` hands its domains to. Exit code 0 where the plan is complete, 1 for a failure, 2 for
/// usage.
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
        // Whoever reads our output has had enough.
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
    let file = given.get(2).map(PathBuf::from).filter(|path| path.extension().is_some_and(|kind| kind == "toml"));
    if let (true, Some(file), Some(own)) = (is_try, file, command.find_subcommand("try")) {
        given.splice(2..3, try_file::arguments(&file, own)?);
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

/// Messages of the program's parts, as `RUST_LOG` asks for them (`RUST_LOG=headstart_harness=debug`); none by default.
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

/// Writes to standard output; a reader that has gone away is an error, not a panic.
fn say(text: &str) -> Result<(), Error> {
    use std::io::Write;
    std::io::stdout().write_all(text.as_bytes()).map_err(Error::io("write to", "standard output"))
}
