//! `doctor`, the level of vector instructions, and unreadable files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::{digests, good};

fn with(folder: &Path, variables: &[(&str, &str)], args: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headstart"));
    command.args(args.split_whitespace()).current_dir(folder).env_remove("HEADSTART_HOME");
    command.envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

#[test]
fn a_level_that_does_not_exist_is_refused_and_an_empty_one_is_unset() {
    let dir = tempfile::tempdir().unwrap();
    let (code, _, err) = with(dir.path(), &[("HEADSTART_SIMD", "sse9")], "list");
    assert!(code == 2 && err.contains("\"sse9\"") && err.contains("scalar"), "{code}: {err}");
    assert_eq!(with(dir.path(), &[("HEADSTART_SIMD", "")], "list").0, 0);
}

#[test]
fn every_level_gives_the_same_digests() {
    let dir = tempfile::tempdir().unwrap();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let doctor: Value = serde_json::from_str(&good(dir.path(), "doctor --json")).unwrap();
    let levels: Vec<&str> = doctor["levels"].as_array().unwrap().iter().map(|level| level.as_str().unwrap()).collect();
    // Problems that are cheap at every level, of `bfgs`, `dmrg`, `kmeans` and `varinit`.
    let problems =
        "--problem quadratic-100-cond1e4 --problem majumdar-ghosh-32 --problem apart-20 --problem low-variance-sgd";
    for level in &levels {
        let run = format!("run --suite smoke {problems} --replicates 1 --out {level}");
        let variables = [("HEADSTART_SIMD", *level), ("HEADSTART_HOME", home.to_str().unwrap())];
        let (code, _, err) = with(dir.path(), &variables, &run);
        assert_eq!(code, 0, "{err}");
        let found = digests(&dir.path().join(level));
        assert!(found.len() > 20, "{} trials at {level}", found.len());
        assert_eq!(found, digests(&dir.path().join(levels[0])), "{level} and {}", levels[0]);
    }
}

#[test]
fn doctor_reports_what_it_cannot_find_out() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, _) = with(dir.path(), &[], "doctor");
    assert!(code == 0 && out.contains("headstart") && out.contains("not found"), "{out}");
    let (code, out, _) = with(dir.path(), &[], "doctor --home nowhere");
    assert!(code == 0 && out.contains("nowhere holds no folder benchmarks/suites"), "{out}");
    // With a damaged calibration, only the forecast is missing.
    fs::create_dir_all(dir.path().join("benchmarks/suites")).unwrap();
    fs::write(dir.path().join("benchmarks/calibration.toml"), "machine = 3 [[[").unwrap();
    fs::write(
        dir.path().join("benchmarks/suites/mine.toml"),
        "name = 'mine'\nseed = 1\nreplicates = 1\n[domain.kmeans]\nproblems = ['iris']\n",
    )
    .unwrap();
    let (code, out, _) = with(dir.path(), &[], "doctor");
    assert!(code == 0 && out.contains("processor") && out.contains("calibration.toml"), "{out}");
    let (_, _, err) = with(dir.path(), &[], "run --suite mine --out rows");
    assert!(err.contains("warning: no forecast of the time") && err.contains("calibration.toml"), "{err}");
    assert!(fs::read_to_string(dir.path().join("rows/rows.jsonl")).unwrap().lines().count() > 1);
}

#[test]
fn compare_reports_unreadable_lines_and_headers() {
    let dir = tempfile::tempdir().unwrap();
    good(dir.path(), "run --suite smoke --domain kmeans --problem iris --out a");
    let text = fs::read_to_string(dir.path().join("a/rows.jsonl")).unwrap();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let compare = |name: &str, text: &str| {
        fs::write(dir.path().join(name), text).unwrap();
        with(dir.path(), &[("HEADSTART_HOME", home.to_str().unwrap())], &format!("compare a {name}"))
    };
    let (code, out, err) = compare("cut.jsonl", &text[..text.len() - 200]);
    assert!(code == 0 && out.contains("kmeans") && err.contains("warning: cut.jsonl: "), "{code}: {out}\n{err}");
    let (code, _, err) = compare("headless.jsonl", &text.lines().skip(1).collect::<Vec<_>>().join("\n"));
    assert!(code == 1 && err.contains("headless.jsonl: no header could be read"), "{code}: {err}");
}
