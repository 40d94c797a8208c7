//! The header of a run: its program, machine and domains.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use headstart_domain::digest;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_rows::{Header, SCHEMA, USES};

/// Returns the header of a run that begins now.
pub(crate) fn header(entries: &[Entry], suite: &str, seed: u64, workers: usize) -> Result<Header, Error> {
    let domains = entries.iter().map(|entry| -> headstart_domain::Result<serde_json::Value> {
        let info = entry.0.info();
        // Rows with invalid names could be written but not read.
        info.check_names()?;
        Ok(serde_json::to_value(info)?)
    });
    Ok(Header {
        schema: SCHEMA,
        suite: suite.to_owned(),
        args: std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect(),
        seed,
        build: build()?,
        git: commit(Path::new(env!("CARGO_MANIFEST_DIR"))),
        rustc: env!("HEADSTART_RUSTC").to_owned(),
        cpu: cpu(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        workers,
        features: features(),
        started: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        domains: domains.collect::<headstart_domain::Result<_>>().map_err(Error::Domain)?,
        knobs: Vec::new(),
        until_decided: false,
    })
}

/// Returns the digest of this program's file.
pub(crate) fn build() -> Result<String, Error> {
    let program = std::env::current_exe().map_err(Error::io("find", "this program"))?;
    let bytes = std::fs::read(&program).map_err(Error::io("read", &program))?;
    Ok(digest::of_bytes(&bytes).to_string())
}

/// Returns the commit checked out in the source folder, with `-dirty` after changes; `unknown` if it cannot be found.
fn commit(sources: &Path) -> String {
    let ask = |args: &[&str]| {
        let output = Command::new("git").current_dir(sources).args(args).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    // Sources fetched by cargo may lie inside an unrelated repository.
    if ask(&["ls-files", "--error-unmatch", "Cargo.toml"]).is_none() {
        return "unknown".into();
    }
    let Some(commit) = ask(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".into() };
    let dirty = ask(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    if dirty { format!("{commit}-dirty") } else { commit }
}

fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| "unknown".into(), |(_, name)| name.trim().to_owned())
}

/// Levels of vector instructions that the processor has, and the level in use.
fn features() -> Vec<String> {
    let levels = headstart_simd::available().into_iter().map(|level| level.name().to_owned());
    levels.chain([format!("{USES}{}", headstart_simd::level())]).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_commit_is_that_of_the_repository_of_the_sources() {
        let dir = tempfile::tempdir().unwrap();
        let sources = dir.path().join("registry/harness");
        fs::create_dir_all(&sources).unwrap();
        assert_eq!(commit(&sources), "unknown", "no repository");
        let git = |args: &[&str]| {
            let mut command = Command::new("git");
            command.args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]);
            let output = command.args(args).current_dir(dir.path()).output().unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        git(&["init", "-q"]);
        fs::write(dir.path().join("notes"), "of something else").unwrap();
        git(&["add", "notes"]);
        git(&["commit", "-qm", "one"]);
        fs::write(sources.join("Cargo.toml"), "[package]").unwrap();
        assert_eq!(commit(&sources), "unknown", "an unrelated repository");
        git(&["add", "registry"]);
        git(&["commit", "-qm", "two"]);
        let clean = commit(&sources);
        assert!(clean.len() >= 12 && clean.bytes().all(|byte| byte.is_ascii_hexdigit()), "{clean}");
        fs::write(sources.join("Cargo.toml"), "[package]\n").unwrap();
        assert_eq!(commit(&sources), format!("{clean}-dirty"));
    }
}
