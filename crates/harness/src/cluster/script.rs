//! The scripts for the scheduler.

use std::fmt::Write;
use std::path::Path;

use super::Submission;

/// Resources that a task requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resources {
    pub(crate) partition: Option<String>,
    /// Time limit in the scheduler's format: `2:00:00`.
    pub(crate) time: Option<String>,
    pub(crate) memory_mib: Option<u64>,
    /// Workers of a task.
    pub(crate) workers: usize,
    /// Tasks that may run at the same time.
    pub(crate) at_once: Option<u64>,
}

/// Returns the script of every task. It works with other schedulers too, since it needs only two numbers: shard and attempt,
/// from `HEADSTART_SHARD` and `HEADSTART_ATTEMPT` or from Slurm's variables.
pub(crate) fn task(submission: &Submission, resources: &Resources, dir: &Path, shards: &str) -> String {
    let mut script = String::from("#!/bin/bash\n");
    let mut option = |text: &str| {
        let _ = writeln!(script, "#SBATCH {text}");
    };
    option("--job-name=headstart");
    let at_once = resources.at_once.map_or(String::new(), |count| format!("%{count}"));
    option(&format!("--array={shards}{at_once}"));
    option(&format!("--output={}", in_quotes(&dir.join("logs/%A_%a.log"))));
    // A restarted task appends to the same log, and skips the trials that are done.
    option("--open-mode=append");
    option("--requeue");
    option("--ntasks=1");
    option(&format!("--cpus-per-task={}", resources.workers));
    if let Some(partition) = &resources.partition {
        option(&format!("--partition={partition}"));
    }
    if let Some(time) = &resources.time {
        option(&format!("--time={time}"));
    }
    if let Some(memory) = resources.memory_mib {
        option(&format!("--mem={memory}"));
    }
    let arguments: Vec<String> = submission.arguments.iter().map(|text| quoted(text)).collect();
    let (program, shards, workers) =
        (quoted(&submission.program.to_string_lossy()), submission.shards, resources.workers);
    let _ = write!(
        script,
        "set -u\n\
         shard=${{HEADSTART_SHARD:-${{SLURM_ARRAY_TASK_ID:?give HEADSTART_SHARD}}}}\n\
         attempt=${{HEADSTART_ATTEMPT:-${{SLURM_ARRAY_JOB_ID:-0}}.${{SLURM_RESTART_COUNT:-0}}}}\n\
         place={}/shards/$shard\n\
         mkdir -p \"$place\" || exit 1\n\
         {program} run {} --shard \"$shard/{shards}\" --workers {workers} --quiet --known \"$place\" --out \"$place/$attempt\" \
         || exit $?\n\
         : > \"$place/done\"\n",
        quoted(&dir.to_string_lossy()),
        arguments.join(" ")
    );
    script
}

/// Returns the script that merges the rows when the tasks have ended.
pub(crate) fn merge_script(submission: &Submission, partition: Option<&str>, dir: &Path) -> String {
    let partition = partition.map_or(String::new(), |name| format!("#SBATCH --partition={name}\n"));
    format!(
        "#!/bin/bash\n\
         #SBATCH --job-name=headstart-merge\n\
         #SBATCH --output={}\n\
         #SBATCH --ntasks=1\n\
         {partition}exec {} merge {}\n",
        in_quotes(&dir.join("logs/merge-%j.log")),
        quoted(&submission.program.to_string_lossy()),
        quoted(&dir.to_string_lossy())
    )
}

/// Quotes a path for a Slurm directive, which is split at blanks and in which quotation marks and backslashes are special.
fn in_quotes(path: &Path) -> String {
    format!("\"{}\"", path.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\""))
}

/// Quotes a text as one word of the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(program: &str) -> Submission {
        let arguments = vec!["--suite".into(), "it's mine.toml".into()];
        let (build, suite) = ("b".into(), "s".into());
        Submission { program: program.into(), build, suite, arguments, shards: 8, trials: 1, jobs: vec![] }
    }

    #[test]
    fn a_task_names_its_shard_and_its_attempt() {
        let submission = submission("/bin/x");
        let resources = Resources { workers: 2, time: Some("10".into()), at_once: Some(3), ..Resources::default() };
        let script = task(&submission, &resources, Path::new("/d"), "1-8");
        for line in ["#SBATCH --array=1-8%3", "#SBATCH --time=10", "#SBATCH --cpus-per-task=2", "'it'\\''s mine.toml'"]
        {
            assert!(script.contains(line), "{line} is not in\n{script}");
        }
        assert!(script.contains("--shard \"$shard/8\"") && script.contains("--out \"$place/$attempt\""));
        assert!(!script.contains("--partition") && !script.contains("--mem"));
    }

    #[test]
    fn program_and_folder_of_a_merge_are_quoted() {
        let script = merge_script(&submission("/it's/x"), None, Path::new("/d"));
        assert!(script.ends_with("#SBATCH --ntasks=1\nexec '/it'\\''s/x' merge '/d'\n"), "{script}");
        assert!(script.contains("#SBATCH --output=\"/d/logs/merge-%j.log\"\n"), "{script}");
        let script = merge_script(&submission("/x"), Some("short"), Path::new("/d"));
        assert!(script.contains("\n#SBATCH --partition=short\nexec '/x' merge '/d'\n"), "{script}");
    }
}
