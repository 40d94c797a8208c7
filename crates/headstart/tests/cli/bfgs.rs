//! `try bfgs` with a user's own tables.

use std::fmt::Write as _;
use std::fs;

use super::{digests, good, headstart};

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
    let out = good(dir.path(), "try bfgs --data Flowers.csv --label kind --replicates 8 --out t");
    assert!(out.contains("Recommendation for flowers") && out.contains("accuracy"), "{out}");
    let report = fs::read_to_string(dir.path().join("t/report/bfgs.md")).unwrap();
    assert!(report.contains("label \"kind\": 2 classes (no, yes)"), "the report says how the label was read: {report}");
    assert!(report.contains("log-odds of \"yes\" (coded 1) against \"no\" (coded 0)"), "{report}");
    let coefficients = fs::read_to_string(dir.path().join("t/files/bfgs/flowers/coefficients-identity.csv")).unwrap();
    let names: Vec<&str> = coefficients.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["term", "height", "weight", "intercept"], "the constant column is left out");
    assert!(dir.path().join("t/report/figures/bfgs/flowers.svg").exists());
    let rows = digests(&dir.path().join("t"));
    // The rows that exist are kept, and more replicates are added.
    good(dir.path(), "try bfgs --data Flowers.csv --label kind --replicates 9 --out t");
    assert_eq!(digests(&dir.path().join("t")).len(), rows.len() + 17);

    let number = |height: f64, weight: f64, noise: f64| (2.0 * height + weight + noise).to_string();
    fs::write(dir.path().join("Flowers.csv"), table(number)).unwrap();
    let (code, _, err) = headstart(dir.path(), "try bfgs --data Flowers.csv --replicates 8 --out t");
    assert!(code == 1 && err.contains("take another --out"), "other data are not mixed in: {err}");
    good(dir.path(), "try bfgs --data Flowers.csv --replicates 8 --start pilot-full --out u");
    assert_eq!(digests(&dir.path().join("u")).len(), 16);
}

#[test]
fn errors_in_own_data_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        ("good.csv", "a,b\n1,0\n2,1\n3,0\n"),
        ("ragged.csv", "a,b\n1,0\n2\n"),
        ("word.csv", "a,b\nx,0\n2,1\n"),
        ("nan.csv", "a,b\nNaN,0\n2,1\n"),
        ("empty.csv", ""),
        ("one-class.csv", "a,b\n1,1\n2,1.0\n3,1\n"),
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
        ("try bfgs --data good.csv --label c", 1, "a, b"),
        ("try bfgs --data good.csv --target c", 1, "a, b"),
        ("try bfgs --data good.csv --target b --label b", 2, "former name of --label"),
        ("try bfgs --data good.csv --task sorting", 2, "must be classification or regression"),
        ("try bfgs --data good.csv --drop c", 1, "a, b"),
        ("try bfgs --data one-class.csv", 1, "is \"1\" in all 3 rows"),
        ("try bfgs --data good.csv --ridge lots", 2, "--ridge lots"),
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
