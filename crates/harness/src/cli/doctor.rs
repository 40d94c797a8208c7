//! `headstart doctor`: version, machine, paths and expected run times, for a bug report.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;

use super::{json, say};
use crate::calibration::{Calibration, about};
use crate::machine;
use crate::plan::{Cut, Plan};
use crate::reference;
use crate::suite::{self, Suite};
use headstart_domain::entry::{Entry, Outcome};
use headstart_domain::error::Error;
use headstart_domain::workspace::Workspace;

/// One short trial for each domain, by which machines are compared.
const TRIALS: &str = include_str!("doctor.toml");

/// Time for which the short trials are repeated.
const PATIENCE: Duration = Duration::from_millis(1500);

#[derive(Args)]
pub(super) struct DoctorArgs {
    /// Project folder, which holds benchmarks/suites, references and tuned [default: nearest, here or above].
    #[arg(long, value_name = "DIR", env = "HEADSTART_HOME", hide_env_values = true)]
    home: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Findings {
    version: &'static str,
    build: String,
    commit: String,
    rustc: String,
    os: String,
    processor: String,
    cores: usize,
    /// Level of vector instructions in use.
    vectors: &'static str,
    /// Levels that this machine has.
    levels: Vec<&'static str>,
    home: Option<PathBuf>,
    suites: Vec<String>,
    domains: Vec<String>,
    /// Seconds of the short trial, by domain.
    trial: BTreeMap<String, f64>,
    /// The machine of the calibration, and how many times as long this one takes.
    compared_with: Option<String>,
    ratios: BTreeMap<String, f64>,
    /// Seconds that suites take on all cores.
    suite_seconds: BTreeMap<String, f64>,
    /// Problems that were found.
    faults: Vec<String>,
}

pub(super) fn doctor(args: &DoctorArgs, entries: &[Entry]) -> Result<(), Error> {
    let home = args.home.clone().or_else(suite::find_home);
    let header = machine::header(&[], "doctor", 0, 1)?;
    let cores = super::number_of_workers(None)?;
    let mut faults = Vec::new();
    let suites = home.as_deref().map(Suite::names).transpose().unwrap_or_else(|error| {
        faults.push(error.to_string());
        None
    });
    let suites = suites.unwrap_or_default();
    if home.is_none() {
        faults.push("speed and estimates are not measured: they need the project's folder".to_owned());
    }
    if let Some(home) = home.as_ref().filter(|_| suites.is_empty()) {
        faults.push(format!(
            "{} holds no folder benchmarks/suites: --home DIR (or HEADSTART_HOME) names the project's folder",
            home.display()
        ));
    }
    // Targets and tuned settings of the trials are in the project's folder.
    let trial = match &home {
        Some(home) if !suites.is_empty() => short_trials(entries, home).unwrap_or_else(|error| {
            faults.push(error.to_string());
            BTreeMap::new()
        }),
        _ => BTreeMap::new(),
    };
    let (calibration, warning) = home.as_deref().map(Calibration::read_or_warn).unwrap_or_default();
    faults.extend(warning);
    let ratios = calibration.as_ref().map(|calibration| calibration.ratios(&trial)).unwrap_or_default();
    // An estimate needs at least one trial that ran on both machines.
    let seconds = |suite: &String| {
        if ratios.is_empty() {
            return None;
        }
        let core_seconds = calibration.as_ref()?.core_seconds(suite, &ratios)?;
        Some((suite.clone(), core_seconds / cores as f64))
    };
    let findings = Findings {
        version: env!("CARGO_PKG_VERSION"),
        build: header.build,
        commit: header.git,
        rustc: header.rustc,
        os: header.os,
        processor: header.cpu,
        cores,
        vectors: headstart_simd::level().name(),
        levels: headstart_simd::available().into_iter().map(headstart_simd::Level::name).collect(),
        suite_seconds: suites.iter().filter_map(seconds).collect(),
        home,
        suites,
        domains: entries.iter().map(|entry| entry.0.info().name).collect(),
        trial,
        compared_with: calibration.map(|calibration| calibration.machine),
        ratios,
        faults,
    };
    if args.json { json(&findings) } else { say(&findings.text()) }
}

impl Findings {
    fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: String| {
            let _ = writeln!(text, "{name:<12}{value}");
        };
        line("headstart", format!("{}, commit {}, build {}", self.version, self.commit, self.build));
        line("compiler", format!("{}, {}", self.rustc, self.os));
        line("processor", format!("{}, {} cores", self.processor, self.cores));
        line(
            "vectors",
            format!(
                "{} (this machine has {}; {} forces one)",
                self.vectors,
                self.levels.join(", "),
                headstart_simd::VARIABLE
            ),
        );
        match &self.home {
            Some(home) => line("home", format!("{}, suites: {}", home.display(), self.suites.join(", "))),
            None => line(
                "home",
                "not found: neither this folder nor one above it holds benchmarks/suites; --home DIR (or HEADSTART_HOME) names it".into(),
            ),
        }
        line("domains", self.domains.join(", "));
        if let Some(machine) = self.compared_with.as_ref().filter(|_| !self.ratios.is_empty()) {
            let ratios: Vec<String> =
                self.ratios.iter().map(|(domain, ratio)| format!("{domain} {ratio:.2}")).collect();
            line("speed", format!("time of a short trial, relative to {machine}:"));
            for part in ratios.chunks(6) {
                line("", part.join(", "));
            }
        }
        if !self.suite_seconds.is_empty() {
            let mut suites: Vec<(&String, f64)> = self.suite_seconds.iter().map(|(name, time)| (name, *time)).collect();
            suites.sort_by(|a, b| a.1.total_cmp(&b.1));
            let times: Vec<String> = suites.iter().map(|(name, time)| format!("{name} {}", about(*time))).collect();
            line("estimates", format!("{} on {} cores, once built", times.join(", "), self.cores));
        }
        for fault in &self.faults {
            line("note", fault.clone());
        }
        text
    }
}

/// Returns the shortest time of each domain's trials: of the start in `doctor.toml` and the baseline, which always runs.
fn short_trials(entries: &[Entry], home: &Path) -> Result<BTreeMap<String, f64>, Error> {
    let suite = Suite::parse(TRIALS)
        .map_err(|message| Error::BadFile { path: Path::new("doctor.toml").to_owned(), message })?;
    // A program may have other domains.
    let known: Vec<String> =
        entries.iter().map(|entry| entry.0.info().name).filter(|name| suite.domain.contains_key(name)).collect();
    let suite = Suite { domain: suite.domain.into_iter().filter(|(name, _)| known.contains(name)).collect(), ..suite };
    if suite.domain.is_empty() {
        return Ok(BTreeMap::new());
    }
    let plan = Plan::new(&suite, entries, &Cut { home: Some(home), ..Cut::default() })?;
    let mut workspace = Workspace::new(reference::read);
    let mut least: BTreeMap<String, f64> = BTreeMap::new();
    let begin = Instant::now();
    while least.is_empty() || begin.elapsed() < PATIENCE {
        let mut round: BTreeMap<String, f64> = BTreeMap::new();
        for trial in plan.trials() {
            let Some(entry) = entries.iter().find(|entry| entry.0.info().name == trial.domain) else { continue };
            let Outcome { row, .. } = entry.0.run(trial, &mut workspace, &mut |_| ());
            if !row.status.is_sound() {
                return Err(Error::Incomplete(format!("the short trial of {} failed: {}", trial.domain, row.message)));
            }
            *round.entry(trial.domain.clone()).or_default() += row.start_seconds + row.seconds;
        }
        for (domain, seconds) in round {
            least.entry(domain).and_modify(|least| *least = least.min(seconds)).or_insert(seconds);
        }
    }
    Ok(least)
}
