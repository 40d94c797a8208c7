//! Every domain that reads tables has the same rules and options for them.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use super::{good, headstart};

/// Two features and a label that cycles through these cells.
fn table(cells: &[&str]) -> String {
    (0..48).fold("a,b,y\n".to_owned(), |mut text, i| {
        let (a, b) = ((f64::from(i) * 0.7).sin(), (f64::from(i) * 1.3).cos());
        let _ = writeln!(text, "{a},{b},{}", cells[i as usize % cells.len()]);
        text
    })
}

const FEW: &str = "--replicates 1 --quiet";
/// Options that keep the work of each domain small.
const LITTLE: [(&str, &str); 6] = [
    ("bfgs", "--start pilot-scalar --budget 50"),
    ("sequences", "--penalties 2 --start warm-x"),
    ("varinit", "--layers 2 --width 8 --budget 10 --start he"),
    ("lottery", "--rounds 1 --steps 20 --budget 20 --hidden 8 --start dense"),
    ("umap", "--budget 10 --neighbours 5 --start pca"),
    ("kmeans", "--clusters 2 --start plus-plus"),
];

#[test]
fn equal_numbers_are_one_class_in_every_domain() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("one.csv"), table(&["1", "1.0"])).unwrap();
    fs::write(dir.path().join("two.csv"), table(&["0", "1.0", "0.0", "1", "1"])).unwrap();
    for (domain, little) in LITTLE {
        let learns = !["umap", "kmeans"].contains(&domain);
        let (code, _, err) = headstart(dir.path(), &format!("try {domain} --data one.csv --label y {little} {FEW}"));
        assert_eq!(code, i32::from(learns), "{domain}: {err}");
        assert!(!learns || err.contains("the label \"y\" is \"1\" in all 48 rows"), "{domain}: {err}");
        good(dir.path(), &format!("try {domain} --data two.csv --label y {little} {FEW} --out {domain}"));
        let rows = fs::read_to_string(dir.path().join(domain).join("rows.jsonl")).unwrap();
        assert!(rows.contains(r#"label \"y\": 2 classes (0, 1)"#), "{domain}: {rows}");
    }
    let layout = fs::read_to_string(dir.path().join("umap/files/umap/two/layout-pca.csv")).unwrap();
    let labels: String = layout.lines().skip(1).filter_map(|line| line.chars().last()).collect();
    assert!(labels.starts_with("0101101011"), "{labels}");
}

#[test]
fn every_domain_takes_the_same_options() {
    let dir = tempfile::tempdir().unwrap();
    let with_colour = |(i, line): (usize, &str)| {
        let colour = if i == 0 { "colour" } else { ["red", "green"][i % 2] };
        format!("{colour},{line}").replace(',', ";")
    };
    let lines: Vec<String> = table(&["0", "1", "1"]).lines().enumerate().map(with_colour).collect();
    // With byte order mark and line ends as Excel writes them.
    let text = format!("\u{feff}{}", lines.join("\r\n"));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    fs::write(dir.path().join("packed.csv"), gzip.finish().unwrap()).unwrap();
    for (domain, little) in LITTLE {
        let all = format!("try {domain} --data packed.csv --label y {little} {FEW}");
        let (code, _, err) = headstart(dir.path(), &all);
        assert!(code == 1 && err.contains("column \"colour\" holds \"green\" in line 2"), "{domain}: {err}");
        good(dir.path(), &format!("{all} --categorical colour --delimiter semicolon --header yes"));
        good(dir.path(), &format!("{all} --drop colour"));
        let (code, _, err) = headstart(dir.path(), &format!("{all} --header maybe"));
        assert!(code == 2 && err.contains("--header maybe: must be yes or no"), "{domain}: {err}");
    }
}
