//! The settings of a `headstart try` as a file: `--save FILE.toml` writes it, `headstart try FILE.toml` repeats it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches};
use serde::{Deserialize, Serialize};

use headstart_domain::atomic_write;
use headstart_domain::error::Error;

/// Options that say how a command runs, not what it computes.
const NOT_SAVED: &[&str] = &["save", "quiet", "help", "version", "workers", "strict", "retry", "other-build", "out"];

/// The name that the value of an option has if it is a path.
const PATH: &str = "FILE";

/// Refuses to save over anything but a saved call.
pub(super) fn check(file: &Path, data: &Path) -> Result<(), Error> {
    let refused = |why: &str| Err(Error::Usage(format!("--save {}: {why}", file.display())));
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if file.extension().is_none_or(|kind| kind != "toml") || name.contains(char::is_control) {
        return refused("must be a file name that ends in .toml");
    }
    if !file.exists() {
        return Ok(());
    }
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    if same(file) == same(data) {
        return refused("is the file with the data; choose another name");
    }
    let saved = std::fs::read_to_string(file).ok().and_then(|text| toml::from_str::<Saved>(&text).ok());
    if saved.is_none() {
        return refused("exists and is not a saved call; choose another name or remove it");
    }
    Ok(())
}

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
        let Some(name) = argument.get_long().filter(|name| !NOT_SAVED.contains(name)) else { continue };
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
                Error::Usage(format!(
                    "--save: the value `{}` of --{name} is not valid UTF-8, which TOML needs",
                    text.display()
                ))
            })?;
            values.push(toml::Value::String(text));
        }
        let value = if values.len() == 1 { values.remove(0) } else { toml::Value::Array(values) };
        options.insert(name.to_owned(), value);
    }
    let saved = Saved { domain: domain.to_owned(), options };
    let text = toml::to_string(&saved).map_err(|error| Error::Domain(error.into()))?;
    let text = format!("# Repeat with `headstart try FILE.toml`. Paths are relative to this file.\n{text}");
    std::fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
    atomic_write::write(file, text.as_bytes())
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
        if NOT_SAVED.contains(&name.as_str()) {
            return Err(bad(format!("`{name}` cannot be saved; give --{name} on the command line")));
        }
        let argument = domain
            .get_arguments()
            .find(|argument| argument.get_long() == Some(name))
            .ok_or_else(|| bad(format!("`{}` has no option `{name}`; see `headstart try {0} --help`", saved.domain)))?;
        let is_path = argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == PATH));
        let values = match value {
            toml::Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let is_flag = matches!(argument.get_action(), ArgAction::SetTrue);
        let takes_several = matches!(argument.get_action(), ArgAction::Append);
        if values.is_empty() || values.len() > 1 && !takes_several {
            return Err(bad(format!("`{name}` has {} values; it takes one", values.len())));
        }
        let yes_or_no = argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == "YES|NO"));
        for value in values {
            let text: OsString = match value {
                toml::Value::Boolean(given) if is_flag => {
                    arguments.extend(given.then(|| format!("--{name}").into()));
                    continue;
                }
                _ if is_flag => return Err(bad(format!("`{name}` = {value}: must be true or false"))),
                toml::Value::Boolean(given) if yes_or_no => if *given { "yes" } else { "no" }.into(),
                toml::Value::String(text) if is_path => folder.join(text).into_os_string(),
                toml::Value::String(text) => text.into(),
                toml::Value::Integer(number) => number.to_string().into(),
                toml::Value::Float(number) => number.to_string().into(),
                other => return Err(bad(format!("`{name}` = {other}: must be a string or a number"))),
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
