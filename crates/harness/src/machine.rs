//! Where and how rows are made: the header of a run.

use std::process::Command;
use std::time::SystemTime;

use crate::digest;
use crate::entry::Entry;
use crate::error::Error;
use crate::record::{Header, SCHEMA};

/// The header of a run that begins now.
pub(crate) fn header(entries: &[Entry], suite: &str, seed: u64, workers: usize) -> Result<Header, Error> {
    let domains = entries.iter().map(|entry| serde_json::to_value(entry.0.info()));
    Ok(Header {
        schema: SCHEMA,
        suite: suite.to_owned(),
        args: std::env::args().skip(1).collect(),
        seed,
        build: build()?,
        git: git(),
        rustc: env!("HEADSTART_RUSTC").to_owned(),
        cpu: cpu(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        workers,
        features: features(),
        started: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        domains: domains.collect::<Result<_, _>>().map_err(|error| Error::Domain(error.into()))?,
        knobs: Vec::new(),
        until_decided: false,
    })
}

/// Digest of this program's file.
pub(crate) fn build() -> Result<String, Error> {
    let program = std::env::current_exe().map_err(Error::io("find", "this program"))?;
    let bytes = std::fs::read(&program).map_err(Error::io("read", &program))?;
    Ok(digest::of_bytes(&bytes).to_string())
}

/// The commit of the sources that this program was built from, if they are still where they were.
fn git() -> String {
    let ask = |args: &[&str]| {
        let output = Command::new("git").current_dir(env!("CARGO_MANIFEST_DIR")).args(args).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = ask(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".into() };
    let dirty = ask(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    if dirty { format!("{commit}-dirty") } else { commit }
}

fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| "unknown".into(), |(_, name)| name.trim().to_owned())
}

#[cfg(target_arch = "x86_64")]
fn features() -> Vec<String> {
    let known = [
        ("sse4.2", std::arch::is_x86_feature_detected!("sse4.2")),
        ("avx2", std::arch::is_x86_feature_detected!("avx2")),
        ("fma", std::arch::is_x86_feature_detected!("fma")),
        ("avx512f", std::arch::is_x86_feature_detected!("avx512f")),
    ];
    known.into_iter().filter(|(_, has)| *has).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn features() -> Vec<String> {
    Vec::new()
}
