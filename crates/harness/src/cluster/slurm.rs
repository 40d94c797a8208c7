//! Calls to Slurm's programs, which must be on the path.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use headstart_domain::error::Error;

/// Submits a script, to run after a job if one is given; returns the job's number.
pub(crate) fn submit(script: &Path, after: Option<&str>) -> Result<String, Error> {
    let mut command = Command::new("sbatch");
    command.arg("--parsable");
    if let Some(job) = after {
        // Also after a failed job: the merge reports missing trials.
        command.arg(format!("--dependency=afterany:{job}"));
    }
    let answer = ask(command.arg(script))?;
    // With several clusters, the cluster's name follows after a semicolon.
    let job = answer.trim().split(';').next().unwrap_or_default().to_owned();
    if job.is_empty() || !job.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::Incomplete(format!("sbatch answered {answer:?}; expected a job number")));
    }
    Ok(job)
}

/// Counts the tasks of these jobs by state. Jobs that Slurm does not know any more are not counted.
pub(crate) fn states(jobs: &[String]) -> Result<BTreeMap<String, usize>, Error> {
    let mut states = BTreeMap::new();
    for job in jobs {
        // squeue reports an error for a finished job; here it counts as an empty list.
        let answer = match ask(Command::new("squeue").args(["--noheader", "--array", "--format=%T", "--jobs", job])) {
            Err(Error::Incomplete(text)) if text.contains("Invalid job id") => String::new(),
            other => other?,
        };
        for state in answer.split_whitespace() {
            *states.entry(state.to_lowercase()).or_insert(0) += 1;
        }
    }
    Ok(states)
}

pub(crate) fn cancel(jobs: &[String]) -> Result<(), Error> {
    ask(Command::new("scancel").args(jobs)).map(|_| ())
}

/// Returns the largest index that an array may have: one less than `MaxArraySize`.
pub(crate) fn highest_index() -> Result<u64, Error> {
    let answer = ask(Command::new("scontrol").args(["show", "config"]))?;
    let line = answer.lines().find_map(|line| line.strip_prefix("MaxArraySize")).unwrap_or_default();
    let size: u64 = line.trim_start_matches([' ', '=']).trim().parse().map_err(|_| {
        Error::Incomplete("`scontrol show config` does not print MaxArraySize: is this Slurm's scontrol?".into())
    })?;
    Ok(size.saturating_sub(1))
}

fn ask(command: &mut Command) -> Result<String, Error> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        Error::Incomplete(format!(
            "cannot run {name} ({error}): Slurm's programs must be on the path; to shard a run without Slurm, \
             see docs/CLUSTER.md"
        ))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Incomplete(format!("{name}: {}", said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
