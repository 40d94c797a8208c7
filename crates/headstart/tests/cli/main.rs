//! Tests of the command line.

mod bfgs;
mod dmrg;
mod machine;
mod messages;
mod motif;
mod tables;
mod umap;
mod varinit;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program in a separate folder, with the project's suites and references (`HEADSTART_HOME`).
fn headstart(folder: &Path, args: &str) -> (i32, String, String) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_headstart"));
    command.args(args.split_whitespace()).current_dir(folder).env("HEADSTART_HOME", home);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

fn good(folder: &Path, args: &str) -> String {
    let (code, out, err) = headstart(folder, args);
    assert_eq!(code, 0, "{args}: {out}\n{err}");
    out
}

fn digests(rows: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(rows.join("rows.jsonl")).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let trials = rows.filter(|row| row["kind"] == "trial");
    trials.map(|row| (row["key"].to_string(), row["digest"].to_string())).collect()
}

#[test]
fn traces_do_not_depend_on_the_number_of_workers() {
    let dir = tempfile::tempdir().unwrap();
    for workers in [1, 2, 4] {
        let problems = "--problem quadratic-100-cond1e4 --problem lennard-jones-13 --problem logistic-winequality";
        good(dir.path(), &format!("run --suite smoke {problems} --workers {workers} --out {workers}"));
    }
    let one = digests(&dir.path().join("1"));
    assert_eq!(one.len(), 3 * 17 * 2);
    assert_eq!(one, digests(&dir.path().join("2")));
    assert_eq!(one, digests(&dir.path().join("4")));
}

#[test]
fn a_run_becomes_a_report() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("page.md"), "before\n<!-- headstart:results -->\n<!-- headstart:end -->\nafter\n")
        .unwrap();
    good(dir.path(), "run --suite smoke --out a");
    let out = good(dir.path(), "report a --out r --splice page.md");
    assert!(out.lines().count() < 45 && out.lines().all(|line| line.chars().count() <= 100), "one screen: {out}");
    for text in ["9 domains", "differs", "0 failed", "index.html"] {
        assert!(out.contains(text), "{text} is not in {out}");
    }
    let all = good(dir.path(), "report a --out r --tables");
    for text in ["bfgs / rosenbrock-100", "bfgs-1", "not judged", "All domains"] {
        assert!(all.contains(text), "{text} is not in the tables");
    }
    assert!(
        all.lines().all(|line| line.chars().count() <= 100 || !line.starts_with('│')),
        "100 columns without a terminal"
    );
    for file in ["README.md", "claims.md", "bfgs.md", "bfgs.csv", "figures/bfgs/rosenbrock-100.svg"] {
        assert!(dir.path().join("r").join(file).exists(), "{file}");
    }
    let help = good(dir.path(), "try --help");
    assert!(help.contains("curvature from a pilot run") && !help.contains("have in common"), "{help}");
    let page = fs::read_to_string(dir.path().join("page.md")).unwrap();
    assert!(page.starts_with("before") && page.contains("| bfgs | ") && page.ends_with("after\n"));
    assert!(good(dir.path(), "claims a").contains("bfgs-8"));
    let (code, _, err) = headstart(dir.path(), "report a --out r --splice a/rows.jsonl");
    assert!(code == 1 && err.contains("headstart:results"), "{err}");
}

#[test]
fn two_runs_are_compared() {
    let dir = tempfile::tempdir().unwrap();
    let args = "run --suite smoke --problem rosenbrock-100 --replicates 6";
    good(dir.path(), &format!("{args} --out old"));
    good(dir.path(), &format!("{args} --out new"));
    let text = good(dir.path(), "compare old new");
    assert!(text.contains("17 are identical"), "{text}");
    let changes: Value = serde_json::from_str(&good(dir.path(), "compare old new --json")).unwrap();
    assert_eq!(changes["cells"][0]["identical"], 6);
    let (code, _, err) = headstart(dir.path(), "compare old nowhere");
    assert!(code == 1 && err.contains("nowhere"), "{err}");
    good(dir.path(), "run --suite smoke --problem broyden-100 --replicates 6 --out other");
    let (code, _, err) = headstart(dir.path(), "compare old other");
    assert!(code == 1 && err.contains("no trial in common"), "{err}");
    let claims: Value = serde_json::from_str(&good(dir.path(), "claims old --json")).unwrap();
    assert_eq!(claims[0]["verdict"], "not-judged");
    assert!(good(dir.path(), "completions bash").contains("headstart"));
}

#[test]
fn list_shows_problems_starts_and_claims() {
    let dir = tempfile::tempdir().unwrap();
    let text = good(dir.path(), "list bfgs");
    assert!(text.contains("pilot-scalar") && text.contains("lennard-jones-13") && text.contains("bfgs-8"));
    let list: Value = serde_json::from_str(&good(dir.path(), "list --json")).unwrap();
    let domain = &list[0];
    for key in ["name", "about", "work_unit", "problems", "starts", "claims", "options"] {
        assert!(!domain[key].is_null(), "{key}");
    }
    assert_eq!(domain["starts"][0]["name"], "identity");
    assert_eq!(domain["claims"].as_array().unwrap().len(), 15);
    for key in ["id", "statement", "source", "start", "rival", "margin", "problems", "rule"] {
        assert!(!domain["claims"][0][key].is_null(), "{key}");
    }
}

/// A target of the suites that depends on a reference value has it: otherwise its trials fail.
#[test]
fn no_reference_value_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    good(dir.path(), "reference --check --suite full --replicates 2");
    let (code, _, err) = headstart(dir.path(), "reference kmeans --check --suite smoke --seed 7");
    assert!(code == 1 && err.contains("reference values are missing (kmeans "), "{err}");
}

/// A saved call gives the same rows.
#[test]
fn a_saved_try_is_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let line = |index: usize| format!("{},{},{}\n", index % 7, (index * index) % 5, index % 3);
    fs::write(dir.path().join("points.csv"), "a,b,c\n".to_owned() + &(0..60).map(line).collect::<String>()).unwrap();
    fs::create_dir(dir.path().join("saved")).unwrap();
    let few = "--replicates 2 --seed 5 --clusters 3 --start plus-plus --save saved/again.toml";
    good(dir.path(), &format!("try kmeans --data points.csv {few} --out one"));
    let saved = fs::read_to_string(dir.path().join("saved/again.toml")).unwrap();
    assert!(saved.contains("clusters = \"3\"") && saved.contains("seed = \"5\""), "{saved}");
    good(dir.path(), "try saved/again.toml --out two");
    assert_eq!(digests(&dir.path().join("one")), digests(&dir.path().join("two")));
    let more = good(dir.path(), "try saved/again.toml --out two --replicates 3 --start parallel");
    assert!(more.contains("parallel") && more.contains("/3 "), "options after the file replace or extend it: {more}");
    fs::write(dir.path().join("wrong.toml"), "domain = \"kmeans\"\n[options]\ncluster = 3\n").unwrap();
    let (code, _, err) = headstart(dir.path(), "try wrong.toml");
    assert!(code == 1 && err.contains("`kmeans` has no option `cluster`"), "{err}");
    let (code, _, err) = headstart(dir.path(), "try none.toml");
    assert!(code == 1 && err.contains("none.toml"), "{err}");
}

/// Neither data nor rows nor other files are overwritten, and nothing is recommended without a sound trial.
#[test]
fn try_refuses_what_would_lose_data() {
    let dir = tempfile::tempdir().unwrap();
    let data = "a,b\n1,2\n3,4\n5,6\n7,9\n";
    fs::write(dir.path().join("b.csv"), data).unwrap();
    fs::write(dir.path().join("own.toml"), "x = 1\n").unwrap();
    fs::write(dir.path().join("bad.toml"), "domain = \"kmeans\"\n[options]\ndata = \"b.csv\"\nsave = \"b.csv\"\n")
        .unwrap();
    let few = "try kmeans --data b.csv --clusters 2 --replicates 1";
    for (args, code, meant) in [
        (format!("{few} --save b.csv"), 2, "must be a file name that ends in .toml"),
        (format!("{few} --save own.toml"), 2, "is not a saved call"),
        ("try bad.toml".to_owned(), 1, "`save` cannot be saved"),
        ("try b.csv".to_owned(), 2, "name a domain first"),
        ("try kmeans --data /dev/null".to_owned(), 2, "must be a file"),
        ("try kmeans --data b.csv --clusters 2 --replicates 99999999999".to_owned(), 2, "at most 100000"),
        (format!("{few} --limit-seconds 0.0001"), 1, "every trial failed"),
    ] {
        let (found, _, err) = headstart(dir.path(), &args);
        assert!(found == code && err.contains(meant) && !err.contains("panicked"), "{args}: {found} {err}");
    }
    assert_eq!(fs::read_to_string(dir.path().join("b.csv")).unwrap(), data);
    assert_eq!(fs::read_to_string(dir.path().join("own.toml")).unwrap(), "x = 1\n");
}
