//! The program as its users see it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program in a folder of its own; the project's suites and references are found with `HEADSTART_HOME`.
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
    assert_eq!(one.len(), 3 * 13 * 3);
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
    for text in ["bfgs / rosenbrock-100", "bfgs-1", "not judged", "All domains"] {
        assert!(out.contains(text), "{text} is not in the report");
    }
    for file in ["README.md", "claims.md", "bfgs.md", "bfgs.csv", "figures/bfgs/rosenbrock-100.svg"] {
        assert!(dir.path().join("r").join(file).exists(), "{file}");
    }
    let page = fs::read_to_string(dir.path().join("page.md")).unwrap();
    assert!(page.starts_with("before") && page.contains("| nocedal-wright |") && page.ends_with("after\n"));
    assert!(good(dir.path(), "claims a").contains("bfgs-8"));
    let (code, _, err) = headstart(dir.path(), "report a --out r --splice a/rows.jsonl");
    assert!(code == 1 && err.contains("headstart:results"), "{err}");
}

/// A table whose target depends on two of its columns.
fn table(target: impl Fn(f64, f64, f64) -> String) -> String {
    let mut text = String::from("height,weight,constant,kind\n");
    for row in 0..60 {
        let at = |step: f64| (f64::from(row) * step).sin() * 3.0;
        let (height, weight) = (at(0.7), at(1.3) + 0.5 * at(0.7));
        let _ = writeln!(text, "{height},{weight},4,{}", target(height, weight, at(2.9)));
    }
    text
}

#[test]
fn own_data_are_tried() {
    let dir = tempfile::tempdir().unwrap();
    let class = |height: f64, weight: f64, noise: f64| {
        if height - 0.5 * weight + 0.4 * noise > 0.0 { "yes" } else { "no" }.to_owned()
    };
    fs::write(dir.path().join("Flowers.csv"), table(class)).unwrap();
    let out = good(dir.path(), "try bfgs --data Flowers.csv --target kind --replicates 8 --out t");
    assert!(out.contains("bfgs / flowers") && out.contains("flowers: "), "{out}");
    let coefficients = fs::read_to_string(dir.path().join("t/files/bfgs/flowers/coefficients-identity.csv")).unwrap();
    let names: Vec<&str> = coefficients.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["column", "height", "weight", "intercept"], "the constant column is left out");
    assert!(dir.path().join("t/report/figures/bfgs/flowers.svg").exists());
    let rows = digests(&dir.path().join("t"));
    // The same command has nothing left to do; more replicates add to it.
    good(dir.path(), "try bfgs --data Flowers.csv --target kind --replicates 9 --out t");
    assert_eq!(digests(&dir.path().join("t")).len(), rows.len() + 13);

    let number = |height: f64, weight: f64, noise: f64| (2.0 * height + weight + noise).to_string();
    fs::write(dir.path().join("Flowers.csv"), table(number)).unwrap();
    let (code, _, err) = headstart(dir.path(), "try bfgs --data Flowers.csv --replicates 8 --out t");
    assert!(code == 1 && err.contains("take another --out"), "other data are not mixed in: {err}");
    good(dir.path(), "try bfgs --data Flowers.csv --replicates 8 --start pilot-full --out u");
    assert_eq!(digests(&dir.path().join("u")).len(), 16);
}

#[test]
fn what_is_wrong_with_own_data_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        ("good.csv", "a,b\n1,0\n2,1\n3,0\n"),
        ("ragged.csv", "a,b\n1,0\n2\n"),
        ("word.csv", "a,b\nx,0\n2,1\n"),
        ("nan.csv", "a,b\nNaN,0\n2,1\n"),
        ("empty.csv", ""),
    ];
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    for (args, code, meant) in [
        ("try bfgs --data none.csv", 1, "none.csv"),
        ("try bfgs --data ragged.csv", 1, "ragged.csv"),
        ("try bfgs --data word.csv", 1, "x"),
        ("try bfgs --data nan.csv", 1, "NaN"),
        ("try bfgs --data empty.csv", 1, "empty.csv"),
        ("try bfgs --data good.csv --target c", 1, "a, b"),
        ("try bfgs --data good.csv --ridge lots", 1, "--ridge lots"),
        ("try bfgs --data good.csv --start pilot-ful", 2, "did you mean `pilot-full`?"),
        ("try bfgs --data good.csv --replicates 0", 2, "replicates is 0"),
        ("try bfgs --data good.csv --budget 0", 2, "--budget"),
        ("try bfgz --data good.csv", 2, "bfgs"),
        ("try", 2, "DOMAIN"),
    ] {
        let (found, out, err) = headstart(dir.path(), args);
        assert_eq!(found, code, "{args}: {out}{err}");
        assert!(err.contains(meant), "{args}: {err}");
        assert!(!err.contains("panicked"), "{args}: {err}");
    }
}

/// Three clusters in three dimensions, and which each point belongs to.
fn clusters() -> Vec<([f64; 3], char)> {
    let point = |i: usize| {
        let (cluster, at) = (i % 3, |step: f64| (i as f64 * step).sin());
        let centre = |axis| if axis == cluster { 8.0 } else { 0.0 };
        ([centre(0) + at(0.7), centre(1) + at(1.3), centre(2) + at(2.1)], ['a', 'b', 'c'][cluster])
    };
    (0..60).map(point).collect()
}

/// An array in the format of `numpy.save`.
fn npy(rows: &[([f64; 3], char)]) -> Vec<u8> {
    let mut head = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, 3), }}", rows.len());
    while (head.len() + 11) % 64 != 0 {
        head.push(' ');
    }
    head.push('\n');
    let length = u16::try_from(head.len()).unwrap().to_le_bytes();
    let numbers = rows.iter().flat_map(|(row, _)| row).flat_map(|x| x.to_le_bytes());
    b"\x93NUMPY\x01\x00".iter().copied().chain(length).chain(head.into_bytes()).chain(numbers).collect()
}

#[test]
fn own_tables_are_laid_out() {
    let dir = tempfile::tempdir().unwrap();
    let rows = clusters();
    let mut text = "x,y,z,kind\n".to_owned();
    for ([x, y, z], kind) in &rows {
        let _ = writeln!(text, "{x},{y},{z},{kind}");
    }
    fs::write(dir.path().join("Points.csv"), text).unwrap();
    fs::write(dir.path().join("points.npy"), npy(&rows)).unwrap();
    let few = "--replicates 2 --budget 40 --start pca --start random";
    let out = good(dir.path(), &format!("try umap --data Points.csv --label kind --neighbours 8 {few} --out t"));
    for text in
        ["umap / points", "gain in spearman", "trustworthiness", "procrustes", "points: 2 replicates are too few"]
    {
        assert!(out.contains(text), "{text} is not in {out}");
    }
    assert!(out.contains("the graph falls into parts"), "the health of the start is told: {out}");
    let layout = fs::read_to_string(dir.path().join("t/files/umap/points/layout-pca.csv")).unwrap();
    let mut lines = layout.lines();
    assert_eq!(lines.next(), Some("x,y,label"));
    let labels: Vec<char> = lines.map(|line| line.chars().last().unwrap()).collect();
    assert_eq!(labels, rows.iter().map(|row| row.1).collect::<Vec<_>>());
    let figure = fs::read_to_string(dir.path().join("t/report/figures/umap/points.found.svg")).unwrap();
    for text in [">spectral<", ">pca<", ">random<", ">a<", ">c<"] {
        assert!(figure.contains(text), "{text} is not in the figure");
    }
    good(dir.path(), &format!("try umap --data points.npy --metric cosine --standardise yes {few} --out n"));
    assert!(dir.path().join("n/files/umap/points/layout-random.csv").exists());

    fs::write(dir.path().join("same.csv"), "a,b\n1,2\n".to_owned() + &"1,2\n".repeat(30)).unwrap();
    fs::write(dir.path().join("ragged.csv"), "a,b\n1,2\n3\n").unwrap();
    for (args, meant) in [
        ("--data Points.csv", "a column that is no feature is named with --label"),
        ("--data Points.csv --label knd", "did you mean \"kind\"?"),
        ("--data Points.csv --label kind --neighbours 60", "60 neighbours are wanted of 60 points"),
        ("--data Points.csv --label kind --neighbours many", "--neighbours many"),
        ("--data Points.csv --label kind --metric manhattan", "it is euclidean or cosine"),
        ("--data Points.csv --label kind --min-dist 7", "min_dist"),
        ("--data points.npy --label kind", "a number from 1 to 3"),
        ("--data ragged.csv", "line 3 has 1 cells"),
        ("--data same.csv", "all rows are the same"),
        ("--data none.npy", "none.npy"),
    ] {
        let (code, _, err) = headstart(dir.path(), &format!("try umap {args} --replicates 1"));
        assert!(code == 1 && err.contains(meant) && !err.contains("panicked"), "{args}: {err}");
    }
}

#[test]
fn two_runs_are_compared() {
    let dir = tempfile::tempdir().unwrap();
    let args = "run --suite smoke --problem rosenbrock-100 --replicates 6";
    good(dir.path(), &format!("{args} --out old"));
    good(dir.path(), &format!("{args} --out new"));
    let text = good(dir.path(), "compare old new");
    assert!(text.contains("13 are bit for bit"), "{text}");
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
fn the_list_says_what_there_is() {
    let dir = tempfile::tempdir().unwrap();
    let text = good(dir.path(), "list bfgs");
    assert!(text.contains("pilot-scalar") && text.contains("lennard-jones-13") && text.contains("bfgs-8"));
    let list: Value = serde_json::from_str(&good(dir.path(), "list --json")).unwrap();
    let domain = &list[0];
    for key in ["name", "about", "work_unit", "problems", "starts", "claims", "options"] {
        assert!(!domain[key].is_null(), "{key}");
    }
    assert_eq!(domain["starts"][0]["name"], "identity");
    assert_eq!(domain["claims"].as_array().unwrap().len(), 8);
    for key in ["id", "statement", "source", "start", "rival", "margin", "problems", "rule"] {
        assert!(!domain["claims"][0][key].is_null(), "{key}");
    }
}
