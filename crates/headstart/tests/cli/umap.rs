//! `try umap` with a user's own tables.

use std::fmt::Write as _;
use std::fs;

use super::{good, headstart};

/// Points of three clusters in three dimensions, each with its cluster.
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
    for text in [
        "Recommendation for points",
        "spearman",
        "trustworthiness",
        "files/umap/points",
        "Too few replicates for an interval: 2;",
    ] {
        assert!(out.contains(text), "{text} is not in {out}");
    }
    assert!(
        out.contains("the graph has several connected components"),
        "the diagnostics of the start are shown: {out}"
    );
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
    for (args, code, meant) in [
        ("--data Points.csv", 1, "--label \"kind\" if it is the label"),
        ("--data Points.csv --label knd", 1, "did you mean \"kind\"?"),
        ("--data Points.csv --label kind --neighbours 60", 1, "60 neighbours of 60 points"),
        ("--data Points.csv --label kind --neighbours many", 2, "--neighbours many"),
        ("--data Points.csv --label kind --metric manhattan", 2, "must be euclidean or cosine"),
        ("--data Points.csv --label kind --min-dist 7", 1, "min_dist"),
        ("--data points.npy --label kind", 1, "The columns are 1, 2, 3"),
        ("--data ragged.csv", 1, "line 3 has 1 cell,"),
        ("--data same.csv", 1, "all rows are identical"),
        ("--data none.npy", 1, "none.npy"),
    ] {
        let (found, _, err) = headstart(dir.path(), &format!("try umap {args} --replicates 1"));
        assert!(found == code && err.contains(meant) && !err.contains("panicked"), "{args}: {found} {err}");
    }
}
