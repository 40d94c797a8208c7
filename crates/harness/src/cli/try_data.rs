//! `headstart try`: a user's own data, through the same plan, rows and report as a suite.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use clap::{Arg, ArgAction, ArgMatches, Args};

use super::report_folder::{self, ReportFolder};
use super::session::RunSettings;
use super::{Workers, remark, run, say, try_file};
use crate::assignment;
use crate::plan::Plan;
use crate::suite::Suite;
use headstart_domain::digest;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::names;
use headstart_domain::options::Opt;
use headstart_domain::options::Options;
use headstart_domain::recipe::Recipe;
use headstart_domain::trial::OwnData;
use headstart_report::compare::compare;
use headstart_rows::Assignment;

/// Points that a trace keeps: the target is known only when all rows are there, and then it is looked up in them.
const TRACE_POINTS: usize = 20_000;

#[derive(Args)]
pub(super) struct TryArgs {
    // The domain is the subcommand, which `add_domains` puts in, with the domain's own options.
}

#[derive(Args)]
struct Own {
    /// File with the data.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Run only this start and the baseline (may be repeated).
    #[arg(long, value_name = "NAME")]
    start: Vec<String>,
    /// Number of paired replicates.
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    replicates: u64,
    /// Seed of all random streams.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Set a hyperparameter, instead of its default (may be repeated).
    #[arg(long, value_name = "NAME=VALUE", value_parser = crate::assignment::parse_given)]
    knob: Vec<(String, f64)>,
    /// Budget of a trial in work units, the same for every start [default: the domain's].
    #[arg(long, value_name = "WORK", allow_negative_numbers = true)]
    budget: Option<f64>,
    /// Time limit of a trial.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600.0, allow_negative_numbers = true)]
    limit_seconds: f64,
    /// Memory limit of a worker.
    #[arg(long, value_name = "MIB", default_value_t = 16384)]
    limit_memory_mib: u64,
    /// Folder for rows, tables and figures [default: runs/try-DOMAIN-FILE-DIGEST of data and options].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also write these settings to a file; `headstart try FILE.toml` repeats them.
    #[arg(long, value_name = "FILE.toml")]
    save: Option<PathBuf>,
    #[command(flatten)]
    workers: Workers,
    /// Print errors only.
    #[arg(long, short)]
    quiet: bool,
}

/// Seconds after which a user is told that the data are still being opened, and again after as many.
const LONG: f64 = 3.0;

/// Opens the data within the time limit of a trial, and says so if it takes long.
fn open(entry: Entry, own: &OwnData, args: &Own) -> Result<(), String> {
    let (send, answer) = std::sync::mpsc::channel();
    let (copy, seed, begin) = (own.clone(), args.seed, Instant::now());
    // Another limit is refused below, with all settings.
    let limit = if args.limit_seconds > 0.0 { args.limit_seconds.max(1.0) } else { f64::INFINITY };
    std::thread::spawn(move || {
        // The receiver is gone only after the time limit.
        let _ = send.send(entry.0.open(&copy, seed).map_err(|error| error.to_string()));
    });
    loop {
        match answer.recv_timeout(Duration::from_secs_f64(LONG.min(limit))) {
            Ok(opened) => return opened,
            Err(RecvTimeoutError::Disconnected) => return Err("opening it failed without a message".into()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let spent = begin.elapsed().as_secs_f64();
        if spent > limit {
            return Err(format!(
                "opening the data took more than {limit} s, the limit of a trial; raise --limit-seconds or reduce the data"
            ));
        }
        if !args.quiet {
            remark(&format!("opening {}: {spent:.0} s so far", args.data.display()));
        }
    }
}

/// Gives `try` a subcommand for every domain, with its options.
pub(super) fn add_domains(command: clap::Command, entries: &[Entry]) -> clap::Command {
    command.mut_subcommand("try", |parent| {
        let parent =
            parent.subcommand_required(true).subcommand_value_name("DOMAIN").subcommand_help_heading("Domains");
        // A file that `--save` wrote takes the place of a domain and its options.
        let parent = parent.after_help(
            "`headstart try FILE.toml` repeats a call that was saved with --save FILE.toml; options after the file \
             replace or extend it.",
        );
        entries.iter().fold(parent, |parent, entry| {
            let info = entry.0.info();
            // The options that `Own` flattens bring a description, which must not replace the domain's.
            let mut own = Own::augment_args(clap::Command::new(info.name)).about(info.about);
            for option in info.options {
                own = own.arg(argument(option));
            }
            parent.subcommand(own)
        })
    })
}

fn argument(option: Opt) -> Arg {
    let argument = Arg::new(option.name.clone()).long(option.name).help(option.about);
    if option.value.is_empty() {
        return argument.action(ArgAction::SetTrue);
    }
    let argument = argument.value_name(option.value).allow_negative_numbers(true);
    match option.default {
        Some(default) => argument.default_value(default),
        None => argument,
    }
}

pub(super) fn try_data(_: &TryArgs, matches: &ArgMatches, entries: &[Entry]) -> Result<(), Error> {
    let chosen = matches.subcommand_matches("try").and_then(ArgMatches::subcommand);
    let Some((domain, matches)) = chosen else { return Err(Error::Usage("try: which domain?".into())) };
    let Some(entry) = entries.iter().find(|entry| entry.0.info().name == domain) else {
        return Err(Error::Usage(format!("try: there is no domain `{domain}`")));
    };
    let info = entry.0.info();
    let args =
        <Own as clap::FromArgMatches>::from_arg_matches(matches).map_err(|error| Error::Usage(error.to_string()))?;
    for start in &args.start {
        names::check("start", start, &format!(" in domain {domain}"), info.own_starts().map(|start| &*start.name))?;
    }
    refuse_pipe(&args.data)?;
    let own = own_data(&args, &info, matches)?;
    // An unreadable file is one error here instead of one in every row.
    open(*entry, &own, &args).map_err(|error| refusal(&args.data, &info, &error))?;

    let budget = args.budget.unwrap_or(info.budget);
    if !(budget > 0.0 && budget.is_finite()) {
        return Err(Error::Usage(format!("--budget {budget}: it must be positive and finite")));
    }
    let name = problem_name(&args.data);
    assignment::check_given(&args.knob, [&info])?;
    let starts = starts(&info, &args.start);
    let all: Vec<String> = info.own_starts().map(|start| start.name.to_string()).collect();
    let knobs = assignment::own(&info, &name, &all, &args.knob);
    let wanted: BTreeSet<String> = starts.iter().cloned().collect();
    let recipe = Recipe {
        domain: domain.to_owned(),
        version: info.version,
        problem: name.clone(),
        starts,
        budget,
        trace_points: TRACE_POINTS,
        references: None,
        own: Some(own),
        knobs: knobs.as_ref().map(|knobs| knobs.starts.clone()),
    };
    // Data, options, seed and budget define the experiment; rows of another one are never mixed with it.
    let digest = recipe.experiment(args.seed)?;
    let experiment = digest.to_string();
    let suite = Suite {
        name: format!("try {domain} {name} {}", &experiment[..12]),
        seed: args.seed,
        replicates: args.replicates,
        limit_seconds: args.limit_seconds,
        limit_memory_mib: args.limit_memory_mib,
        domain: BTreeMap::new(),
    };
    suite.check().map_err(|message| Error::Usage(as_option(&message)))?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("try-{domain}-{name}-{}", &experiment[..6])));
    refuse_other_data(&out, &suite.name)?;
    let report = out.join("report");
    let cure = "take another --out, or move that folder away";
    ReportFolder { out: &report, domains: vec![domain.to_owned()], keeps_rows: false, cure }.check()?;
    let groups = (0..args.replicates).map(|replicate| recipe.group(args.seed, replicate, Some(&out)));
    let knobs = knobs.into_iter().map(|knobs| Assignment { experiment: digest, ..knobs }).collect();
    if let Some(file) = &args.save {
        try_file::check(file, &args.data)?;
        let command = add_domains(super::command(), entries);
        let own = command.find_subcommand("try").and_then(|command| command.find_subcommand(domain));
        own.map_or(Ok(()), |own| try_file::save(file, domain, own, matches))?;
    }
    let plan = Plan { groups: groups.collect::<Result<_, _>>()?, knobs };
    let settings = RunSettings { suite: &suite, entries, workers: &args.workers, quiet: args.quiet, home: None };
    run::execute(plan, settings, &out, &[])?;

    let rows = headstart_rows::read(std::slice::from_ref(&out))?;
    let held = rows.rows.iter().map(|row| row.replicate + 1).max().unwrap_or(0);
    if held > args.replicates && !args.quiet {
        remark(&format!("note: {} holds {held} replicates; all of them are used", out.display()));
    }
    let asked = |row: &headstart_rows::Row| wanted.contains(&*row.start);
    if !rows.rows.iter().all(asked) && !args.quiet {
        remark(&format!("note: {} holds other starts as well; all of them are shown", out.display()));
    }
    let comparison = compare(rows);
    report_folder::write(&comparison, None, &report)?;
    if args.quiet {
        return Ok(());
    }
    let folder = out.join("files").join(domain).join(&name);
    say(&headstart_report::try_result(&comparison, |start| files_of(&folder, start)))?;
    say(&format!("\npage  {}\n", report.join("index.html").display()))?;
    let starts = || comparison.domains.iter().flat_map(|domain| &domain.problems).flat_map(|problem| &problem.starts);
    if starts().all(|start| start.unsound.values().sum::<usize>() == start.n) {
        return Err(Error::Incomplete(
            "every trial failed; remove the cause, then add --retry to the same command".into(),
        ));
    }
    Ok(())
}

/// A message about a key of a suite, as one about the option of the same name.
fn as_option(message: &str) -> String {
    let (key, rest) = message.split_once(' ').unwrap_or((message, ""));
    format!("--{} {rest}", key.replace('_', "-"))
}

/// Refuses a pipe: every worker reads the data for itself.
fn refuse_pipe(data: &Path) -> Result<(), Error> {
    let kind = std::fs::metadata(data).map_err(Error::io("read", data))?;
    // `/dev/stdin` may be a file here, but it is another one in a worker.
    let of_process = data.starts_with("/dev") || data.starts_with("/proc");
    if !of_process && (kind.is_file() || kind.is_dir()) {
        return Ok(());
    }
    Err(Error::Usage(format!("--data {}: must be a file; write the data to a file first", data.display())))
}

/// The output files of the first replicate of a start: `NAME-START.EXT`.
fn files_of(folder: &Path, start: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let is_of = |path: &PathBuf| {
        path.file_stem().is_some_and(|stem| {
            // A start's name may end another one's: `scan` and `top-scan`.
            stem.to_string_lossy().split_once('-').is_some_and(|(_, rest)| rest == start)
        })
    };
    let mut files: Vec<PathBuf> = entries.filter(is_of).collect();
    files.sort();
    files
}

/// Returns a usage error if the message begins with an option, as those of `Options::parse` do, else an error of the file.
fn refusal(data: &Path, info: &DomainInfo, message: &str) -> Error {
    let named = message.strip_prefix("--").and_then(|rest| rest.split([' ', ':']).next());
    if named.is_some_and(|named| info.options.iter().any(|option| option.name == named)) {
        return Error::Usage(message.to_owned());
    }
    let message = message.strip_prefix(&format!("{}: ", data.display())).unwrap_or(message);
    Error::BadFile { path: data.to_owned(), message: message.to_owned() }
}

fn starts(info: &DomainInfo, chosen: &[String]) -> Vec<String> {
    let wanted = |name: &String| chosen.is_empty() || name == info.baseline() || chosen.contains(name);
    info.own_starts().map(|start| start.name.to_string()).filter(wanted).collect()
}

fn own_data(args: &Own, info: &DomainInfo, matches: &ArgMatches) -> Result<OwnData, Error> {
    let digest = digest::of_path(&args.data).map_err(Error::io("read", &args.data))?;
    let path = std::path::absolute(&args.data).map_err(Error::io("find", &args.data))?;
    let given = info.options.iter().filter_map(|option| {
        let value = if option.value.is_empty() {
            matches.get_flag(&option.name).then(|| "yes".to_owned())?
        } else {
            matches.get_one::<String>(&option.name)?.clone()
        };
        Some((option.name.to_string(), value))
    });
    Ok(OwnData { path, digest: digest.to_string(), options: Options(given.collect()) })
}

/// Returns the file's name as the name of the problem.
fn problem_name(path: &Path) -> String {
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().to_lowercase());
    let plain: String = stem.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    if plain.is_empty() { "own-data".into() } else { plain }
}

/// Refuses a folder with rows of other data, because the report would compare them with these.
fn refuse_other_data(out: &Path, suite: &str) -> Result<(), Error> {
    if !headstart_rows::rows_path(out).exists() {
        return Ok(());
    }
    let known = headstart_rows::read(&[out.to_owned()])?;
    match known.headers.iter().find(|header| header.suite != suite) {
        None => Ok(()),
        Some(other) => Err(Error::Incomplete(format!(
            "{} holds rows of `{}`, this is `{suite}` (other data, options, seed or budget): take another --out, or remove it",
            out.display(),
            other.suite
        ))),
    }
}

#[cfg(test)]
mod tests {
    use headstart_domain::options::RESERVED;

    use super::*;

    /// `conformance` refuses a domain's option of the same name, without this crate.
    #[test]
    fn the_reserved_names_are_the_options_of_try() {
        let command = Own::augment_args(clap::Command::new("any"));
        let known: BTreeSet<&str> = command.get_arguments().filter_map(Arg::get_long).chain(["help"]).collect();
        assert_eq!(RESERVED.iter().copied().collect::<BTreeSet<_>>(), known);
    }
}
