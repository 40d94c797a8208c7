//! What the program says, as snapshots: a change of words is seen in review (`INSTA_UPDATE=always cargo test` accepts it).

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::headstart;

/// Exit code and output of each command line, without the paths of this machine.
fn transcript(folder: &Path, lines: &[&str]) -> String {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let mut text = String::new();
    for line in lines {
        let (code, out, err) = headstart(folder, line);
        let _ = writeln!(text, "$ headstart {line}\n{out}{err}exit code {code}\n");
    }
    text.replace(&*folder.canonicalize().unwrap().to_string_lossy(), "HERE")
        .replace(&*folder.to_string_lossy(), "HERE")
        .replace(&*home.to_string_lossy(), "HOME")
}

#[test]
fn help() {
    let dir = tempfile::tempdir().unwrap();
    let commands = [
        "",
        "--help",
        "try --help",
        "try kmeans --help",
        "run --help",
        "report --help",
        "list --help",
        "list",
        "doctor --help",
        "claims --help",
        "compare --help",
        "reference --help",
        "tune --help",
        "submit --help",
        "status --help",
        "cancel --help",
        "merge --help",
        "new --help",
        "completions --help",
        "check --help",
    ];
    insta::assert_snapshot!(transcript(dir.path(), &commands));
}

#[test]
fn errors_of_usage() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("empty.csv"), "").unwrap();
    fs::write(dir.path().join("one.csv"), "a,b\n1,2\n").unwrap();
    fs::write(dir.path().join("words.csv"), "a,b\n1,x\n2,y\n3,z\n").unwrap();
    let commands = [
        "rnu",
        "try kmean --data one.csv",
        "try kmeans",
        "try kmeans --data none.csv",
        "try kmeans --data empty.csv",
        "try kmeans --data one.csv --start kmeans",
        "try kmeans --data one.csv --budget -1",
        "try kmeans --data one.csv --replicates 0",
        "try kmeans --data one.csv --clusters x",
        "try bfgs --data words.csv --label c",
        "try none.toml",
        "run --suite none --out a",
        "run --suite smoke",
        "run --suite smoke --out a --domain kmean",
        "run --suite smoke --out a --problem none",
        "run --suite smoke --out a --start none",
        "run --suite smoke --out a --shard 3/2",
        "run --suite smoke --out a --workers 0",
        "run --suite smoke --out a --knob x=1",
        "report none",
        "compare none other",
        "claims none",
        "list none",
        "reference --longer 0",
        "tune none",
        "status none",
        "merge none",
        "new Bad_Name",
        "check none.toml",
        "completions none",
    ];
    insta::assert_snapshot!(transcript(dir.path(), &commands));
}
