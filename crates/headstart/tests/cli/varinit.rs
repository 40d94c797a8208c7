//! `try varinit` with a user's own tables.

use std::fmt::Write as _;
use std::fs;

use super::{good, headstart};

/// Three features, and a class and a quantity that depend on them.
fn table() -> String {
    let mut text = "a,b,c,kind,amount\n".to_owned();
    for i in 0..120 {
        let at = |step: f64| (f64::from(i) * step).sin();
        let (a, b, c) = (at(0.7), at(1.3), at(2.1));
        let kind = if a + b > 0.0 { "up" } else { "down" };
        let _ = writeln!(text, "{a},{b},{c},{kind},{}", a * b + c);
    }
    text
}

#[test]
fn networks_are_trained_on_own_tables() {
    let dir = tempfile::tempdir().unwrap();
    let all = table();
    let without = |column: usize| -> String {
        let cells = |line: &str| {
            let kept = line.split(',').enumerate().filter(|(i, _)| *i != column).map(|(_, cell)| cell);
            kept.collect::<Vec<_>>().join(",") + "\n"
        };
        all.lines().map(cells).collect()
    };
    fs::write(dir.path().join("Kinds.csv"), without(4)).unwrap();
    fs::write(dir.path().join("amounts.csv"), without(3)).unwrap();
    let few = "--replicates 2 --budget 60 --layers 4 --width 16 --start he --start xavier --start lsuv";
    let out = good(dir.path(), &format!("try varinit --data Kinds.csv --label kind {few} --out k"));
    for text in ["Recommendation for kinds", "torch-default", "lsuv", "Too few replicates for an interval: 2;"] {
        assert!(out.contains(text), "{text} is not in {out}");
    }
    let figure = fs::read_to_string(dir.path().join("k/report/figures/varinit/kinds.found.svg")).unwrap();
    for text in [">he<", ">xavier<", "their gradients"] {
        assert!(figure.contains(text), "{text} is not in the figure");
    }
    good(dir.path(), &format!("try varinit --data amounts.csv --method sgd --activation gelu {few} --out a"));

    fs::write(dir.path().join("same.csv"), "a,b\n1,2\n".to_owned() + &"3,2\n".repeat(30)).unwrap();
    fs::write(dir.path().join("one.csv"), "a\n1\n2\n").unwrap();
    for (args, code, meant) in [
        ("--data Kinds.csv --label knd", 1, "did you mean \"kind\"?"),
        ("--data Kinds.csv --label a", 1, "kind"),
        ("--data Kinds.csv --layers 0", 2, "--layers 0"),
        ("--data Kinds.csv --width many", 2, "--width many"),
        ("--data Kinds.csv --activation step", 2, "it must be relu, tanh"),
        ("--data Kinds.csv --method newton", 2, "it must be sgd or adam"),
        ("--data Kinds.csv --start unit-logits", 2, "unit-logits"),
        ("--data same.csv", 1, "nothing to learn"),
        ("--data one.csv", 1, "at least 2 are needed"),
        ("--data none.csv", 1, "none.csv"),
    ] {
        let (found, _, err) = headstart(dir.path(), &format!("try varinit {args} --replicates 1"));
        assert!(found == code && err.contains(meant) && !err.contains("panicked"), "{args}: {found} {err}");
    }
}
