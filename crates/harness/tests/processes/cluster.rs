//! `submit`, with scripts in place of Slurm's programs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use crate::tests::Lab;

pub(crate) const ALL: &[(&str, fn())] = &[
    ("a_refused_submission_changes_nothing", a_refused_submission_changes_nothing),
    ("a_folder_that_slurm_does_not_accept_is_not_made", a_folder_that_slurm_does_not_accept_is_not_made),
];

/// Scripts in place of Slurm's programs. Jobs are numbered from 1; the file `queue` holds the queue.
const SLURM: [(&str, &str); 3] = [
    ("scontrol", "echo 'MaxArraySize            = 101'"),
    ("sbatch", "echo job >> \"${0%/*}/jobs\"; grep -c job \"${0%/*}/jobs\""),
    ("squeue", "cat \"${0%/*}/queue\""),
];

/// A lab with these scripts.
struct Cluster {
    lab: Lab,
}

impl Cluster {
    fn new() -> Self {
        let lab = Lab::new();
        fs::create_dir(lab.path().join("slurm")).unwrap();
        for (name, script) in SLURM {
            let path = lab.path().join("slurm").join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let cluster = Self { lab };
        cluster.write("slurm/queue", "");
        cluster
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.lab.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.lab.path().join(name)).unwrap()
    }

    /// A suite of six trials.
    fn suite(&self, seed: u64) {
        let head = format!("name = 'mine'\nseed = {seed}\nreplicates = 2\n");
        self.write("mine.toml", &format!("{head}[domain.hazard]\nproblems = ['calm']\n"));
    }

    fn submit(&self, out: &str) -> (i32, String, String) {
        let path = format!("{}:{}", self.lab.path().join("slurm").display(), std::env::var("PATH").unwrap());
        let mut command = self.lab.command(&format!("submit --suite mine.toml --shards 2 --out {out}"));
        let Output { status, stdout, stderr } = command.env("PATH", path).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap_or(-1), text(stdout), text(stderr))
    }
}

fn a_refused_submission_changes_nothing() {
    let cluster = Cluster::new();
    cluster.suite(5);
    let (code, out, err) = cluster.submit("all");
    assert!(code == 0 && out.contains("job 1 runs shards 1-2 of 2, job 2 merges them"), "{out}{err}");
    let files = || ["all/suite.toml", "all/submission.json", "all/task.sh"].map(|name| cluster.read(name));
    let submitted = files();
    assert_eq!(submitted[0], cluster.read("mine.toml"));
    // The same number of trials, but other ones.
    cluster.suite(6);
    let (code, out, err) = cluster.submit("all");
    assert!(code == 2 && err.contains("another choice of suite") && err.contains("take another --out"), "{out}{err}");
    assert_eq!(files(), submitted);
    cluster.suite(5);
    cluster.write("slurm/queue", "RUNNING\nPENDING\n");
    let (code, out, err) = cluster.submit("all");
    assert!(code == 2 && err.contains("are still queued or running"), "{out}{err}");
    assert_eq!(files(), submitted);
    cluster.write("slurm/queue", "");
    let (code, out, err) = cluster.submit("all");
    assert!(code == 0 && out.contains("job 3 runs shards 1-2 of 2, job 4 merges them"), "{out}{err}");
    assert_eq!(files()[0], submitted[0]);
}

fn a_folder_that_slurm_does_not_accept_is_not_made() {
    let cluster = Cluster::new();
    cluster.suite(5);
    for out in ["it's", "all%a"] {
        let (code, _, err) = cluster.submit(out);
        assert!(code == 2 && err.contains(out) && err.contains("take a folder without them"), "{err}");
        assert!(!cluster.lab.path().join(out).exists());
    }
}
