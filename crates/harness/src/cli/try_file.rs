//! The settings of a `headstart try` as a file: `--save FILE.toml` writes it, `headstart try FILE.toml` repeats it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches};
use serde::{Deserialize, Serialize};

use headstart_domain::error::Error;

/// Settings that say how a command runs, not what it computes.
const NOT_SAVED: &[&str] = &["save", "quiet", "help", "version", "workers", "strict", "retry", "other_build", "out"];

/// The name that the value of an option has if it is a path.
const PATH: &str = "FILE";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    domain: String,
    options: toml::Table,
}

/// Writes the settings of a `try` of `domain`. Paths are relative to the file's folder where they are inside it.
pub(super) fn save(file: &Path, domain: &str, command: &clap::Command, matches: &ArgMatches) -> Result<(), Error> {
    let folder = folder(file)?;
    let mut options = toml::Table::new();
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let Some(name) = argument.get_long().filter(|_| !NOT_SAVED.contains(&id)) else { continue };
        // A default may change; what decides the numbers is written in any case.
        let is_given = matches.value_source(id) == Some(ValueSource::CommandLine);
        if !is_given && !["replicates", "seed"].contains(&id) {
            continue;
        }
        if matches!(argument.get_action(), ArgAction::SetTrue) {
            options.insert(name.to_owned(), true.into());
            continue;
        }
        let is_path = argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == PATH));
        let mut values = Vec::new();
        for raw in matches.get_raw(id).into_iter().flatten() {
            let text = if is_path { relative(Path::new(raw), &folder)?.into_os_string() } else { raw.to_owned() };
            let text = text.into_string().map_err(|text| {
                Error::Usage(format!("--save: the value {text:?} of --{name} is not valid UTF-8, which TOML needs"))
            })?;
            values.push(toml::Value::String(text));
        }
        let value = if values.len() == 1 { values.remove(0) } else { toml::Value::Array(values) };
        options.insert(name.to_owned(), value);
    }
    let saved = Saved { domain: domain.to_owned(), options };
    let text = toml::to_string(&saved).map_err(|error| Error::Domain(error.into()))?;
    let text = format!("# Repeat with `headstart try {}`. Paths are relative to this file.\n{text}", file.display());
    std::fs::write(file, text).map_err(Error::io("write", file))
}

/// Returns the arguments after `headstart try` that a saved file holds: the domain and its options. An option that is also
/// in `given`, after the file's name, is left out.
pub(super) fn arguments(file: &Path, command: &clap::Command, given: &[OsString]) -> Result<Vec<OsString>, Error> {
    let text = std::fs::read_to_string(file).map_err(Error::io("read", file))?;
    let bad = |message: String| Error::BadFile { path: file.to_owned(), message };
    let saved: Saved = toml::from_str(&text).map_err(|error| {
        bad(format!("{}; `headstart try DOMAIN .. --save FILE.toml` writes such a file", error.message()))
    })?;
    let folder = folder(file)?;
    let domain = command
        .find_subcommand(&saved.domain)
        .ok_or_else(|| bad(format!("unknown domain `{}`; `headstart try --help` lists the domains", saved.domain)))?;
    let mut arguments: Vec<OsString> = vec![saved.domain.clone().into()];
    let is_given = |name: &str| {
        let flag = format!("--{name}");
        given.iter().any(|word| {
            word.to_str()
                .is_some_and(|word| word == flag || word.split_once('=').is_some_and(|(before, _)| before == flag))
        })
    };
    for (name, value) in saved.options.iter().filter(|(name, _)| !is_given(name)) {
        let argument = domain
            .get_arguments()
            .find(|argument| argument.get_long() == Some(name))
            .ok_or_else(|| bad(format!("`{}` has no option `{name}`; see `headstart try {0} --help`", saved.domain)))?;
        let is_path = argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == PATH));
        let values = match value {
            toml::Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            let text = match value {
                toml::Value::String(text) if is_path => folder.join(text).into_os_string(),
                toml::Value::String(text) => text.into(),
                toml::Value::Boolean(true) => {
                    arguments.push(format!("--{name}").into());
                    continue;
                }
                toml::Value::Boolean(false) => continue,
                number @ (toml::Value::Integer(_) | toml::Value::Float(_)) => number.to_string().into(),
                other => {
                    return Err(bad(format!("`{name}` = {other}: write a string, a number, true or a list of these")));
                }
            };
            let mut whole = OsString::from(format!("--{name}="));
            whole.push(text);
            arguments.push(whole);
        }
    }
    Ok(arguments)
}

fn folder(file: &Path) -> Result<PathBuf, Error> {
    let whole = std::path::absolute(file).map_err(Error::io("find", file))?;
    Ok(whole.parent().map_or_else(PathBuf::new, Path::to_owned))
}

fn relative(path: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let whole = std::path::absolute(path).map_err(Error::io("find", path))?;
    Ok(whole.strip_prefix(folder).map_or(whole.clone(), Path::to_owned))
}
