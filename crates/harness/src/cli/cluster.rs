//! `headstart submit`, `status`, `cancel` and `merge`: a suite in shards.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::run::{Choice, suite_copy};
use super::{Common, say};
use crate::cluster::{Job, Merged, Resources, Submission, merge_script, shards_done, slurm, task};
use crate::machine;
use headstart_domain::atomic_write;
use headstart_domain::digest;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;

#[derive(Args)]
pub(super) struct SubmitArgs {
    /// Scheduler that runs the tasks.
    #[arg(long, value_enum, default_value = "slurm")]
    engine: Engine,
    /// Number of tasks, each of which runs its share of the trials.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    shards: u64,
    /// Folder for the rows, on a file system shared by all nodes.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Number of workers per task, one core each.
    #[arg(long, value_name = "N", default_value_t = 1)]
    workers: usize,
    /// Slurm partition.
    #[arg(long, value_name = "NAME")]
    partition: Option<String>,
    /// Time limit of a task in Slurm's format: 30, 2:00:00, 1-0.
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Memory of a task in MiB.
    #[arg(long, value_name = "MIB")]
    memory: Option<u64>,
    /// Maximum number of tasks that run at the same time.
    #[arg(long, value_name = "N")]
    at_once: Option<u64>,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, ValueEnum)]
enum Engine {
    /// A Slurm job array and a merge job that waits for it.
    Slurm,
}

#[derive(Args)]
pub(super) struct FolderArgs {
    /// Folder that was given to `headstart submit` as --out.
    dir: PathBuf,
}

pub(super) fn submit(args: &SubmitArgs, entries: &[Entry]) -> Result<(), Error> {
    let Engine::Slurm = args.engine;
    check(args)?;
    let home = args.common.home();
    let entries = &args.choice.foreign.beside(entries)?;
    let trials = args.choice.plan(home.as_deref(), None, &args.out, entries)?.1.trials().count();
    let dir = folder(&args.out)?;
    let (arguments, suite) = args.choice.frozen(home.as_deref(), &dir)?;
    let new = Submission {
        program: std::env::current_exe().map_err(Error::io("find", "this program"))?,
        build: machine::build()?,
        suite: digest::of_bytes(suite.as_bytes()).to_string(),
        arguments,
        shards: args.shards,
        trials,
        jobs: Vec::new(),
    };
    let known = Submission::find(&dir)?;
    if let Some(known) = &known {
        same(known, &new, &dir)?;
    }
    let mut submission = known.unwrap_or(new);
    let done = shards_done(&dir, submission.shards);
    let left: Vec<u64> = (1..=submission.shards).filter(|shard| !done.contains(shard)).collect();
    if left.is_empty() {
        return say(&format!("all {} shards are done; next: headstart report {}\n", submission.shards, dir.display()));
    }
    let pending = jobs(&submission);
    if !pending.is_empty() && !slurm::states(&pending)?.is_empty() {
        return Err(Error::Usage(format!(
            "jobs of {} are still queued or running: wait for them (headstart status) or end them (headstart cancel)",
            dir.display()
        )));
    }
    let resources = Resources {
        partition: args.partition.clone(),
        time: args.time.clone(),
        memory_mib: args.memory,
        workers: args.workers,
        at_once: args.at_once,
    };
    // Written only after all checks: waiting tasks read this file.
    atomic_write::write(&suite_copy(&dir), suite.as_bytes())?;
    let shards = ranges(&left);
    let script = write(&dir, "task.sh", &task(&submission, &resources, &dir, &shards))?;
    // Recorded before anything runs: an interrupted submission can be repeated.
    submission.write(&dir)?;
    let array = slurm::submit(&script, None)?;
    let merge = write(&dir, "merge.sh", &merge_script(&submission, args.partition.as_deref(), &dir))?;
    let merge = slurm::submit(&merge, Some(&array))?;
    let line = format!("job {array} runs shards {shards} of {}, job {merge} merges them\n", submission.shards);
    submission.jobs.push(Job { array, merge, shards });
    submission.write(&dir)?;
    say(&line)?;
    say(&format!("{trials} trials; headstart status {0}, headstart cancel {0}\n", dir.display()))
}

/// Refuses numbers and a folder that Slurm does not accept.
fn check(args: &SubmitArgs) -> Result<(), Error> {
    if args.workers == 0 {
        return Err(Error::Usage("--workers 0: at least one is needed".into()));
    }
    check_out(&std::path::absolute(&args.out).map_err(Error::io("find", &args.out))?)?;
    let highest = slurm::highest_index()?;
    if args.shards > highest {
        return Err(Error::Usage(format!(
            "--shards {}: this Slurm takes indices up to {highest}; a shard may hold any number of trials",
            args.shards
        )));
    }
    Ok(())
}

/// Refuses a folder whose path cannot be written in Slurm's directive for the log: white space and `#` end the value there,
/// `\` and quotes are special, and `%` begins a placeholder.
fn check_out(dir: &Path) -> Result<(), Error> {
    let is_odd = |letter: char| letter.is_whitespace() || letter.is_control() || "'\"\\%#".contains(letter);
    match dir.to_str() {
        Some(text) if !text.contains(is_odd) => Ok(()),
        _ => Err(Error::Usage(format!(
            "--out {}: Slurm does not accept a path with white space, quotes, `\\`, `%` or `#`, nor one that is not UTF-8; \
             take a folder without them",
            dir.display()
        ))),
    }
}

/// Makes the folder of a submission with its subfolders; returns its canonical path.
fn folder(out: &Path) -> Result<PathBuf, Error> {
    for folder in ["logs", "shards"] {
        let folder = out.join(folder);
        fs::create_dir_all(&folder).map_err(Error::io("make the folder", folder))?;
    }
    let dir = fs::canonicalize(out).map_err(Error::io("find", out))?;
    // A symbolic link may lead to a path that Slurm does not accept.
    check_out(&dir)?;
    Ok(dir)
}

fn same(known: &Submission, new: &Submission, dir: &Path) -> Result<(), Error> {
    let refuse =
        |what: &str| Err(Error::Usage(format!("{} was submitted with {what}: take another --out", dir.display())));
    if known.shards != new.shards {
        return refuse(&format!("{} shards, not {}", known.shards, new.shards));
    }
    if known.build != new.build {
        return refuse("another build of this program");
    }
    // After an edit, a suite may have the same number of trials but be another experiment.
    if known.arguments != new.arguments || known.trials != new.trials || known.suite != new.suite {
        return refuse("another choice of suite, problems or starts");
    }
    Ok(())
}

fn write(dir: &Path, name: &str, text: &str) -> Result<PathBuf, Error> {
    let path = dir.join(name);
    fs::write(&path, text).map_err(Error::io("write", &path))?;
    Ok(path)
}

fn jobs(submission: &Submission) -> Vec<String> {
    submission.jobs.iter().flat_map(|job| [job.array.clone(), job.merge.clone()]).collect()
}

/// Formats 1, 2, 3, 5 as `1-3,5`.
fn ranges(numbers: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let text = |(first, last): (u64, u64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    runs.into_iter().map(text).collect::<Vec<_>>().join(",")
}

pub(super) fn status(args: &FolderArgs) -> Result<(), Error> {
    let submission = Submission::read(&args.dir)?;
    let done = shards_done(&args.dir, submission.shards).len();
    // `None` before the first row is written.
    let rows = Merged::of(&args.dir).ok();
    let (there, failed) = rows.as_ref().map_or((0, 0), |rows| (rows.trials(), rows.failed()));
    let mut text = format!(
        "{done} of {} shards are done; {there} of {} trials have rows, {failed} of them failed\n",
        submission.shards, submission.trials
    );
    match slurm::states(&jobs(&submission)) {
        Ok(states) if states.is_empty() => text.push_str("no task of this run is queued or running\n"),
        Ok(states) => {
            let states: Vec<String> = states.into_iter().map(|(state, count)| format!("{count} {state}")).collect();
            let _ = writeln!(text, "tasks in Slurm: {}", states.join(", "));
        }
        Err(error) => {
            let _ = writeln!(text, "the state of the tasks is unknown: {error}");
        }
    }
    say(&text)
}

pub(super) fn cancel(args: &FolderArgs) -> Result<(), Error> {
    let jobs = jobs(&Submission::read(&args.dir)?);
    if !jobs.is_empty() {
        slurm::cancel(&jobs)?;
    }
    say("cancelled; rows already written are kept, and the same `headstart submit` resumes\n")
}

pub(super) fn merge(args: &FolderArgs) -> Result<(), Error> {
    // Shards that were run by hand have no submission.
    let submission = Submission::find(&args.dir)?;
    let merged = Merged::of(&args.dir)?;
    if merged.builds.len() > 1 {
        return Err(Error::Incomplete(format!(
            "the rows under {} are of {} builds of this program ({}): run all shards with one build",
            args.dir.display(),
            merged.builds.len(),
            merged.builds.join(", ")
        )));
    }
    if merged.trials() == 0 {
        return Err(Error::Incomplete(format!(
            "no trial can be read under {}: have its shards been run (`headstart status`)?",
            args.dir.display()
        )));
    }
    merged.write(&args.dir)?;
    let Merged { doubled, damaged, .. } = merged;
    let (there, failed) = (merged.trials(), merged.failed());
    say(&format!(
        "{there} trials, {failed} of them failed; left out {doubled} duplicate rows and {damaged} damaged lines\n"
    ))?;
    match submission {
        Some(submission) if there < submission.trials => Err(Error::Incomplete(format!(
            "{} of {} trials are missing: the same `headstart submit` runs them",
            submission.trials - there,
            submission.trials
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_slurm_does_not_accept_is_refused() {
        assert!(check_out(Path::new("/scratch/me/full-2.1_b+c")).is_ok());
        for odd in ["/a b", "/a\tb", "/a\nb", "/it's", "/a\"b", "/a\\b", "/a%j", "/a#b"] {
            let error = check_out(Path::new(odd)).unwrap_err().to_string();
            assert!(error.contains(&format!("--out {odd}: ")) && error.contains("take a folder"), "{error}");
        }
    }

    #[test]
    fn shards_are_written_as_ranges() {
        assert_eq!(ranges(&[1, 2, 3, 5, 8, 9]), "1-3,5,8-9");
        assert_eq!(ranges(&[4]), "4");
    }
}
