//! Rows of two synthetic runs: part of the record, and a copy with failures and slower trials, which the record lacks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// The problem of `bfgs` on which the second run differs.
const ELSEWHERE: &str = "rosenbrock-100";
/// The start whose first two trials crash on that problem.
pub(crate) const FAILED: &str = "pilot-full";
/// The start that needs twice the work on that problem.
pub(crate) const SLOWED: &str = "nocedal-wright";
/// The problem that most tests use.
const SHOWN: &str = "lennard-jones-13";
/// Number of further problems of each domain; few, so that the tests take seconds.
const MORE: usize = 3;

/// Returns the path of the rows of the newest committed record.
fn record() -> PathBuf {
    let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/record");
    let folders = std::fs::read_dir(records).unwrap().map(|entry| entry.unwrap().path());
    folders.map(|folder| folder.join("rows.jsonl.gz")).filter(|path| path.exists()).max().unwrap()
}

/// Returns an older and a newer run. In the newer run one start of `bfgs` crashes twice, and another is slower.
pub(crate) fn two_runs() -> [String; 2] {
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut runs = [String::new(), String::new()];
    for line in BufReader::new(MultiGzDecoder::new(File::open(record()).unwrap())).lines().map(Result::unwrap) {
        let mut row: Value = serde_json::from_str(&line).unwrap();
        if row["kind"] == "trial" {
            let (domain, problem) = (row["domain"].as_str().unwrap(), row["problem"].as_str().unwrap());
            let kept = known.entry(domain.to_owned()).or_default();
            if kept.len() < MORE && !kept.iter().any(|one| one == problem) {
                kept.push(problem.to_owned());
            }
            if ![ELSEWHERE, SHOWN].contains(&problem) && !kept.iter().any(|one| one == problem) {
                continue;
            }
        }
        runs[0] += &line;
        worsen(&mut row);
        runs[1] += &row.to_string();
        for run in &mut runs {
            run.push('\n');
        }
    }
    runs
}

fn worsen(row: &mut Value) {
    if row["domain"] != "bfgs" || row["problem"] != ELSEWHERE {
        return;
    }
    if row["start"] == FAILED && row["replicate"].as_u64().unwrap() < 2 {
        row["status"] = "crashed".into();
        row["message"] = "the process was killed by signal 11\ntail of the <log>".into();
        // A crashed trial cannot have reached its target: readers leave out such a row.
        (row["work_to_target"], row["seconds_to_target"]) = (Value::Null, Value::Null);
    }
    if row["start"] == SLOWED {
        double(&mut row["work"]);
        double(&mut row["work_to_target"]);
        for point in row["trace"].as_array_mut().unwrap() {
            double(&mut point[0]);
        }
        row["digest"] = "another".into();
    }
}

fn double(number: &mut Value) {
    *number = (2.0 * number.as_f64().unwrap()).into();
}
