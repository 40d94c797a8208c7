//! Rows of two runs that never were: some of the record, and the same with what the record lacks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// The problem of `bfgs` on which the second run differs.
const ELSEWHERE: &str = "rosenbrock-100";
/// Two of its trials crash there.
pub(crate) const FAILED: &str = "pilot-full";
/// It takes twice as long there.
pub(crate) const SLOWED: &str = "nocedal-wright";
/// The problem on which most is tried out.
const SHOWN: &str = "lennard-jones-13";
/// Of each domain so many more, so that the tests take seconds.
const MORE: usize = 3;

/// The rows of the newest committed record.
fn record() -> PathBuf {
    let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/record");
    let folders = std::fs::read_dir(records).unwrap().map(|entry| entry.unwrap().path());
    folders.map(|folder| folder.join("rows.jsonl.gz")).filter(|path| path.exists()).max().unwrap()
}

/// An older and a newer run: in the newer one a start of `bfgs` crashes twice, and one has become slower.
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
        // What has not come to an end has reached nothing: such a row would be left out.
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
