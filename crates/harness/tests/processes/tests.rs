//! Rows, exit codes and messages after failures of trials, workers and the supervisor.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::hazard;

pub(crate) const ALL: &[(&str, fn())] = &[
    ("every_failure_becomes_a_row", every_failure_becomes_a_row),
    ("digests_do_not_depend_on_the_number_of_workers", digests_do_not_depend_on_the_number_of_workers),
    ("shards_merge_to_the_whole", shards_merge_to_the_whole),
    ("a_killed_supervisor_loses_only_what_was_in_flight", a_killed_supervisor_loses_only_what_was_in_flight),
    ("an_interrupt_says_how_to_resume", an_interrupt_says_how_to_resume),
    ("workers_die_with_their_supervisor", workers_die_with_their_supervisor),
    ("rows_of_another_build_are_refused_or_set_aside", rows_of_another_build_are_refused_or_set_aside),
    ("rows_of_others_are_never_set_aside", rows_of_others_are_never_set_aside),
    ("a_start_is_charged_even_if_the_trial_fails", a_start_is_charged_even_if_the_trial_fails),
    ("another_seed_in_the_same_folder_is_never_paired", another_seed_in_the_same_folder_is_never_paired),
    ("failed_trials_are_run_again_on_request", failed_trials_are_run_again_on_request),
    ("a_closed_standard_error_does_not_end_a_run", a_closed_standard_error_does_not_end_a_run),
    ("usage_errors_say_what_is_meant", usage_errors_say_what_is_meant),
    ("references_are_computed_stored_and_used", references_are_computed_stored_and_used),
    ("references_survive_runs_that_die", references_survive_runs_that_die),
];

/// Time limit for expected events. It ends a failing test and does not delay a passing one.
const PATIENCE: Duration = Duration::from_mins(2);

/// A folder with suites, and runs of this program in it.
pub(crate) struct Lab {
    dir: TempDir,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let suites = dir.path().join("benchmarks/suites");
        fs::create_dir_all(&suites).unwrap();
        // The limit is short only for suites whose trials hang.
        for (name, problem, limit) in
            [("quiet", "calm", 60), ("wild", "storm", 3), ("blind", "unknown", 60), ("reef", "reef", 3)]
        {
            let head = format!("seed = 5\nreplicates = 6\nlimit_seconds = {limit}\nlimit_memory_mib = 150\n");
            let text = format!("name = '{name}'\n{head}[domain.hazard]\nproblems = ['{problem}']\n");
            fs::write(suites.join(format!("{name}.toml")), text).unwrap();
        }
        Self { dir }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn command(&self, args: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(args.split_whitespace()).current_dir(self.path()).env_remove("HEADSTART_HOME");
        command
    }

    /// Runs to the end; returns exit code, output and errors.
    pub(crate) fn run(&self, args: &str) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap_or(-1), text(stdout), text(stderr))
    }

    pub(crate) fn good(&self, args: &str) -> String {
        let (code, out, err) = self.run(args);
        assert_eq!(code, 0, "{args}: {out}\n{err}");
        out
    }

    pub(crate) fn lines(&self, dir: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.path().join(dir).join("rows.jsonl")).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    pub(crate) fn trials(&self, dir: &str) -> Vec<Value> {
        self.lines(dir).into_iter().filter(|line| line["kind"] == "trial").collect()
    }

    pub(crate) fn digests(&self, dir: &str) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.trials(dir).iter().map(|row| (text(&row["key"]), text(&row["digest"]))).collect()
    }
}

fn every_failure_becomes_a_row() {
    let lab = Lab::new();
    let out = lab.good("run --suite wild --replicates 1 --out a");
    let rows = lab.trials("a");
    assert_eq!(rows.len(), hazard::fatal().len() + 1);
    let row = |start: &str| rows.iter().find(|row| row["start"] == start).unwrap();
    assert_eq!(row("calm")["status"], "reached");
    for (start, status, message) in [
        ("panic", "crashed", "a panic that was asked for"),
        ("abort", "crashed", "signal: 6"),
        ("overflow", "crashed", "stack"),
        ("hoard", "crashed", "limit_memory_mib of 150"),
        ("hang", "timeout", "limit_seconds"),
        ("chatter", "timeout", "on and on"),
        ("nan", "failed", "the value is NaN"),
        ("backwards", "failed", "work went back from 2 to 1"),
        ("silent", "failed", "without an observation"),
        ("error", "failed", "no wind"),
        ("exit", "crashed", "exit status: 0"),
        ("kill", "crashed", "signal: 9"),
    ] {
        if !hazard::fatal().contains(&start) {
            continue;
        }
        let row = row(start);
        assert_eq!(row["status"], status, "{start}: {row}");
        assert!(row["message"].as_str().unwrap().contains(message), "{start}: {row}");
        assert!(row["work_to_target"].is_null());
        assert!(out.contains(&format!("hazard storm {start}: 1 {status}")), "{start} is not in the summary: {out}");
    }
    assert!(row("abort")["message"].as_str().unwrap().contains("about to meet its fate"), "the log's tail is kept");
    assert_eq!(lab.run("run --suite wild --replicates 1 --strict --out a").0, 1);
    let (_, report, _) = lab.run("report a --out r");
    assert!(report.contains("Failed trials\n  hazard storm panic: 1 of 1, crashed"), "{report}");
}

fn digests_do_not_depend_on_the_number_of_workers() {
    let lab = Lab::new();
    for workers in [1, 2, 4] {
        lab.good(&format!("run --suite quiet --workers {workers} --out w{workers}"));
    }
    let one = lab.digests("w1");
    assert_eq!(one.len(), 18);
    assert_eq!(one, lab.digests("w2"));
    assert_eq!(one, lab.digests("w4"));
    lab.good("run --suite quiet --seed 6 --out other");
    assert!(lab.digests("other").values().all(|digest| !one.values().any(|known| known == digest)));
}

fn shards_merge_to_the_whole() {
    let lab = Lab::new();
    lab.good("run --suite quiet --out whole");
    let mut merged = String::new();
    for shard in ["1/3", "2/3", "3/3"] {
        lab.good(&format!("run --suite quiet --shard {shard} --out {}", shard.replace('/', "-")));
        merged += &fs::read_to_string(lab.path().join(shard.replace('/', "-")).join("rows.jsonl")).unwrap();
    }
    fs::create_dir(lab.path().join("merged")).unwrap();
    fs::write(lab.path().join("merged/rows.jsonl"), merged).unwrap();
    assert_eq!(lab.digests("whole"), lab.digests("merged"));
    let (_, out, err) = lab.run("run --suite quiet --out merged");
    assert!(err.contains("18 trials, 18 done before"), "{out}{err}");
}

/// Starts a run and waits until it has written a few rows.
fn started(lab: &Lab, dir: &str) -> std::process::Child {
    let args = format!("run --suite quiet --start slow --replicates 30 --workers 2 --out {dir}");
    let child = lab.command(&args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now();
    while lab.trials(dir).len() < 4 {
        assert!(patience.elapsed() < PATIENCE, "no rows after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

fn resumed_like_undisturbed(lab: &Lab, dir: &str) {
    let args = "run --suite quiet --start slow --replicates 30";
    let (code, _, err) = lab.run(&format!("{args} --out {dir}"));
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains(" 0 done before"), "{err}");
    lab.good(&format!("{args} --out undisturbed"));
    assert_eq!(lab.digests(dir), lab.digests("undisturbed"));
    assert_eq!(lab.trials(dir).len(), 60, "nothing was run twice");
}

fn a_killed_supervisor_loses_only_what_was_in_flight() {
    let lab = Lab::new();
    let mut child = started(&lab, "a");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(lab.trials("a").len() < 60, "it was killed too late for this test");
    // The file is cut in the middle of a line.
    let path = lab.path().join("a/rows.jsonl");
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text[..text.len() - 9]).unwrap();
    resumed_like_undisturbed(&lab, "a");
}

fn an_interrupt_says_how_to_resume() {
    let lab = Lab::new();
    let child = started(&lab, "a");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let err = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{err}");
    assert!(err.contains("interrupted") && err.contains("the same command resumes"), "{err}");
    resumed_like_undisturbed(&lab, "a");
}

fn workers_die_with_their_supervisor() {
    let lab = Lab::new();
    let mut child = lab
        .command("run --suite wild --start hang --replicates 1 --workers 1 --out a")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let workers = || {
        let output = Command::new("pgrep").args(["-P", &child.id().to_string()]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.split_whitespace().next()?.parse::<i32>().ok()
    };
    let patience = Instant::now();
    let worker = loop {
        if let Some(worker) = workers() {
            break worker;
        }
        if patience.elapsed() > PATIENCE {
            // Without pgrep, workers cannot be found; the supervisor's limits are tested elsewhere.
            assert!(Command::new("pgrep").arg("--version").output().is_err(), "no worker was seen");
            child.kill().unwrap();
            child.wait().unwrap();
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    let patience = Instant::now();
    while rustix::process::test_kill_process(rustix::process::Pid::from_raw(worker).unwrap()).is_ok() {
        assert!(patience.elapsed() < PATIENCE, "worker {worker} outlived its supervisor");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn rows_of_another_build_are_refused_or_set_aside() {
    let lab = Lab::new();
    lab.good("run --suite quiet --replicates 2 --out a");
    let path = lab.path().join("a/rows.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let header: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let build = header["build"].as_str().unwrap();
    let sum = header["sum"].as_str().unwrap();
    let edited = text.replace(build, "0123456789abcdef");
    fs::write(&path, &edited).unwrap();
    let (_, _, err) = lab.run("run --suite quiet --replicates 2 --out a");
    assert!(
        err.contains("a/rows.jsonl:1: ") && err.contains("checksum `sum` does not match"),
        "an edited header is refused: {err}"
    );
    fs::write(&path, edited.replace(&format!(",\"sum\":\"{sum}\""), "")).unwrap();
    let (code, _, err) = lab.run("run --suite quiet --replicates 2 --out a");
    assert_eq!(code, 1);
    assert!(err.contains("another build") && err.contains("--other-build archive"), "{err}");
    lab.good("run --suite quiet --replicates 3 --other-build keep --out a");
    assert_eq!(lab.trials("a").len(), 9);
    lab.good("run --suite quiet --replicates 2 --other-build archive --out a");
    assert_eq!(lab.trials("a").len(), 6);
    assert!(lab.path().join("a/rows-0123456789ab.jsonl").exists());
}

/// Replaces the build in the header of a folder by another one.
fn disguise(lab: &Lab, dir: &str) {
    let path = lab.path().join(dir).join("rows.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let header: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let (build, sum) = (header["build"].as_str().unwrap(), header["sum"].as_str().unwrap());
    let text = text.replace(build, "0123456789abcdef").replace(&format!(",\"sum\":\"{sum}\""), "");
    fs::write(&path, text).unwrap();
}

fn rows_of_others_are_never_set_aside() {
    let lab = Lab::new();
    lab.good("run --suite quiet --replicates 2 --out known");
    lab.good("run --suite quiet --replicates 2 --out a");
    let (theirs, ours) = (lab.trials("known"), lab.trials("a"));
    disguise(&lab, "known");
    for what in ["refuse", "archive"] {
        let args = format!("run --suite quiet --replicates 3 --known known --other-build {what} --out a");
        let (code, _, err) = lab.run(&args);
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("known holds rows of another build (0123456789abcdef;"), "{err}");
        assert_eq!((lab.trials("known"), lab.trials("a")), (theirs.clone(), ours.clone()));
    }
    let (_, _, err) = lab.run("run --suite quiet --replicates 3 --known known --other-build keep --out b");
    assert!(err.contains("9 trials, 6 done before"), "{err}");
    // Setting the folder's own rows aside keeps the rows of other folders.
    disguise(&lab, "b");
    let (_, _, err) = lab.run("run --suite quiet --replicates 3 --known a --other-build archive --out b");
    assert!(err.contains("9 trials, 6 done before"), "{err}");
    assert!(lab.path().join("b/rows-0123456789ab.jsonl").exists() && lab.trials("b").len() == 3);
}

fn a_start_is_charged_even_if_the_trial_fails() {
    let lab = Lab::new();
    lab.good("run --suite wild --replicates 1 --start panic --start abort --start hang --out a");
    for row in lab.trials("a") {
        let expected = if row["start"] == "calm" { 0.0 } else { 7.0 };
        assert_eq!(row["start_work"], expected, "{row}");
    }
}

fn another_seed_in_the_same_folder_is_never_paired() {
    let lab = Lab::new();
    lab.good("run --suite quiet --out a");
    lab.good("run --suite quiet --seed 9 --start calmer --out a");
    assert_eq!(lab.trials("a").len(), 18 + 12);
    let screen = lab.good("report a --out r");
    assert!(screen.contains("18 rows of other runs (another seed,"), "{screen}");
    let report = lab.good("report a --out r --tables");
    assert!(
        report.contains("18 rows of other runs (another seed, budget, version, data or hyperparameters) are left out"),
        "{report}"
    );
    assert!(!report.contains("slow"), "the start that only the other seed has is not compared");
}

fn failed_trials_are_run_again_on_request() {
    let lab = Lab::new();
    let args = "run --suite wild --replicates 1 --start nan --out a";
    lab.good(args);
    let (_, _, err) = lab.run(args);
    assert!(err.contains("2 trials, 2 done before"), "{err}");
    let (_, out, err) = lab.run(&format!("{args} --retry"));
    assert!(err.contains("2 trials, 1 done before"), "{err}");
    assert!(out.contains("1 trials completed, 1 failed"), "{out}");
}

fn a_closed_standard_error_does_not_end_a_run() {
    let lab = Lab::new();
    let mut child =
        lab.command("run --suite quiet --out a").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(lab.trials("a").len(), 18);
}

fn usage_errors_say_what_is_meant() {
    let lab = Lab::new();
    for (args, meant) in [
        ("run --suite quite --out a", "did you mean `quiet`?"),
        ("run --suite quiet --problem clam --out a", "did you mean `calm`?"),
        ("run --suite quiet --start calmr --out a", "did you mean `calmer`?"),
        ("run --suite quiet --domain hazzard --out a", "did you mean `hazard`?"),
        ("run --suite quiet --replicates 0 --out a", "replicates is 0"),
        ("run --suite quiet --workers 0 --out a", "--workers 0"),
        ("run --suite quiet --shard 4/3 --out a", "1 <= I <= N"),
        ("run --suite quiet --replicate 3 --out a", "--replicates"),
        ("run --suite quiet", "--out"),
        ("list hazardous", "did you mean `hazard`?"),
    ] {
        let (code, out, err) = lab.run(args);
        assert_eq!(code, 2, "{args}: {out}{err}");
        assert!(err.contains(meant), "{args}: {err}");
    }
    fs::write(lab.path().join("bad.toml"), "name = 'x'\nseed = 1\nreplicate = 2").unwrap();
    let (code, _, err) = lab.run("run --suite bad.toml --out a");
    assert_eq!(code, 1);
    assert!(err.contains("bad.toml: a suite has no key `replicate`; did you mean `replicates`?"), "{err}");
    let (code, _, err) = lab.run("report nowhere");
    assert_eq!((code, err.contains("nowhere")), (1, true), "{err}");
    assert!(!lab.path().join("a").exists(), "names are checked before a folder is made");
}

fn references_are_computed_stored_and_used() {
    let lab = Lab::new();
    lab.good("run --suite blind --out before");
    let rows = lab.trials("before");
    assert!(rows.iter().all(|row| row["status"] == "failed"), "an unknown target cannot be reached");
    assert!(rows[0]["message"].as_str().unwrap().contains("`headstart reference hazard`"), "{}", rows[0]);
    let out = lab.good("reference hazard --suite blind");
    assert!(out.contains("1 new values, 1 in all"), "replicates share this instance: {out}");
    assert!(lab.good("reference hazard --suite blind").contains("0 new values"));
    lab.good("run --suite blind --out before");
    let rows = lab.trials("before");
    assert_eq!(rows.iter().filter(|row| row["status"] == "reached").count(), 12, "another reference is another key");
}

fn references_survive_runs_that_die() {
    let lab = Lab::new();
    let (code, out, err) = lab.run("reference hazard --suite reef --attempts 1 --longer 1");
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("1 new values, 1 in all"), "{out}");
    assert!(err.contains("reef from abort: ") && err.contains("signal: 6") && err.contains("limit_seconds"), "{err}");
    let stored = fs::read_to_string(lab.path().join("benchmarks/references/hazard.toml")).unwrap();
    assert!(stored.contains("runs = 1\n"), "one run of three completed: {stored}");
    assert_eq!(lab.run("reference hazard --suite reef --workers 0").0, 2);
}
