//! Rows for tests.

use headstart_domain::Point;
use headstart_domain::digest::{self, Digest};
use headstart_domain::entry::Entry;
use headstart_domain::knob::Settings;
use headstart_domain::metrics::Metrics;
use headstart_domain::row::{Row, Status};

use crate::header::{Header, SCHEMA};

/// Returns a row of the toy domain, which reached its target at this work, or not at all.
pub fn row(start: &str, replicate: u64, work_to_target: Option<f64>) -> Row {
    let first = Point { work: work_to_target.map_or(1.0, |work| work.min(1.0)), seconds: 0.0, value: 1.0 / 3.0 };
    let crossing = work_to_target.map(|work| Point { work, seconds: work / 1e6, value: 0.05 });
    Row {
        key: digest::of_bytes(format!("{start}-{replicate}").as_bytes()),
        experiment: "one".into(),
        domain: "toy".into(),
        problem: "bowl".into(),
        own: false,
        seed: 1,
        start: start.into(),
        replicate,
        knobs: Settings::default(),
        status: if work_to_target.is_some() { Status::Reached } else { Status::Budget },
        message: String::new(),
        budget: 100.0,
        target: Some(0.1),
        value: Some(work_to_target.map_or(0.5, |_| 0.05)),
        work: work_to_target.unwrap_or(100.0),
        seconds: 0.001,
        work_to_target,
        seconds_to_target: work_to_target.map(|work| work / 1e6),
        start_work: 0.0,
        start_seconds: 0.0,
        peak_rss_bytes: 0,
        trace: std::iter::once(first).chain(crossing).collect(),
        metrics: Metrics::default(),
        basin: None,
        remarks: Vec::new(),
        figures: Vec::new(),
        instance: Digest::default(),
        state: start.into(),
        digest: digest::of_bytes(format!("{start}-{replicate}-{work_to_target:?}").as_bytes()),
    }
}

/// Returns a header that describes these domains.
pub fn header(entries: &[Entry], suite: &str) -> Header {
    let domains = entries.iter().filter_map(|entry| serde_json::to_value(entry.0.info()).ok());
    Header {
        schema: SCHEMA,
        suite: suite.to_owned(),
        args: Vec::new(),
        seed: 1,
        build: String::new(),
        git: "unknown".into(),
        rustc: String::new(),
        cpu: String::new(),
        os: String::new(),
        workers: 1,
        features: Vec::new(),
        started: String::new(),
        domains: domains.collect(),
        knobs: Vec::new(),
        until_decided: false,
    }
}
