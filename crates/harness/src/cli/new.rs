//! `headstart new`: makes a template of a domain crate, which builds and keeps the contract.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::say;
use headstart_domain::error::Error;

/// The files of the crate, each with its template.
const FILES: [(&str, &str); 8] = [
    ("Cargo.toml", include_str!("../../templates/domain/Cargo.toml.txt")),
    ("README.md", include_str!("../../templates/domain/README.md.txt")),
    ("src/lib.rs", include_str!("../../templates/domain/lib.rs.txt")),
    ("src/problem.rs", include_str!("../../templates/domain/problem.rs.txt")),
    ("src/start.rs", include_str!("../../templates/domain/start.rs.txt")),
    ("src/solver.rs", include_str!("../../templates/domain/solver.rs.txt")),
    ("src/domain.rs", include_str!("../../templates/domain/domain.rs.txt")),
    ("tests/known_answers.rs", include_str!("../../templates/domain/known_answers.rs.txt")),
];

#[derive(Args)]
pub(super) struct NewArgs {
    /// Name of the domain: lower-case letters and digits, a letter first.
    name: String,
    /// Project folder [default: nearest, here or above].
    #[arg(long, value_name = "DIR", env = "HEADSTART_HOME", hide_env_values = true)]
    home: Option<PathBuf>,
}

pub(super) fn new(args: &NewArgs) -> Result<(), Error> {
    let name = &args.name;
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    if !name.starts_with(|letter: char| letter.is_ascii_lowercase()) || !name.chars().all(fits) {
        return Err(Error::Usage(format!(
            "{name:?} is not a domain name: use lower-case letters and digits, a letter first, as in `kmeans`"
        )));
    }
    let home = args.home.clone().or_else(crate::suite::find_home).ok_or_else(|| {
        Error::Usage("no project folder found here or above: go to your copy of the project, or give --home".into())
    })?;
    let folder = home.join("crates").join(name);
    if folder.exists() {
        return Err(Error::Usage(format!("{} already exists: take another name", folder.display())));
    }
    // All edits are made in memory before the first file is written, so that an error changes no file.
    let edited = edits(&home, name)?;
    for (path, text) in FILES {
        write(&folder.join(path), &filled(text, name))?;
    }
    for (path, text) in edited {
        write(&path, &text)?;
    }
    say(&format!(
        "Made crates/{name} and listed it in Cargo.toml, crates/headstart and the suites.\n\
         \n    cargo test -p headstart-{name} --features harness   tests contract and known answers\n    \
         cargo run -p headstart -- run --suite smoke --domain {name} --out runs/{name}\n\n\
         Next, replace the example (a bowl) with your solver, file by file: docs/ADD-A-DOMAIN.md.\n"
    ))
}

fn filled(text: &str, name: &str) -> String {
    let today = humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string();
    text.replace("{{name}}", name).replace("{{Name}}", &capitalised(name)).replace("{{date}}", &today[..10])
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Returns the project files that list domains, with this domain added.
fn edits(home: &Path, name: &str) -> Result<Vec<(PathBuf, String)>, Error> {
    let mut edited = Vec::new();
    let mut edit = |path: &str, change: &dyn Fn(&str) -> Option<String>| {
        let path = home.join(path);
        let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        let text = change(&text).ok_or_else(|| {
            Error::Usage(format!("{} does not list its domains as `new` expects: add {name} by hand", path.display()))
        })?;
        edited.push((path, text));
        Ok::<(), Error>(())
    };
    edit("Cargo.toml", &|text| {
        let (dependencies, profile) = text.split_at(text.find("[profile.dev.package]")?);
        let dependency = format!("headstart-{name} = {{ path = \"crates/{name}\", version = \"0.1.0\" }}");
        let optimised = format!("headstart-{name} = {{ opt-level = 3 }}");
        Some(among(dependencies, "headstart-", &dependency)? + &among(profile, "headstart-", &optimised)?)
    })?;
    edit("crates/headstart/Cargo.toml", &|text| {
        among(text, "headstart-", &format!("headstart-{name} = {{ workspace = true, features = [\"harness\"] }}"))
    })?;
    edit("crates/headstart/src/main.rs", &|text| {
        let entry = format!("        Entry::of::<headstart_{name}::{}Domain>(),", capitalised(name));
        among(text, "        Entry::of::<headstart_", &entry)
    })?;
    for suite in ["smoke", "standard", "full"] {
        edit(&format!("benchmarks/suites/{suite}.toml"), &|text| {
            Some(format!("{}\n\n[domain.{name}]\n", text.trim_end()))
        })?;
    }
    Ok(edited)
}

/// Inserts a line among those with this prefix: before the first greater one, or after the last. `None` if no
/// line has the prefix.
fn among(text: &str, prefix: &str, line: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let alike = || lines.iter().enumerate().filter(|(_, other)| other.starts_with(prefix));
    let place = match alike().find(|(_, other)| **other > line) {
        Some((greater, _)) => greater,
        None => alike().next_back()?.0 + 1,
    };
    let (before, after) = lines.split_at(place);
    Some([before, &[line], after].concat().join("\n") + "\n")
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    fs::write(path, text).map_err(Error::io("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_inserted_in_order() {
        let text = "[a]\nx-b = 1\nx-d = 1\n[z]\n";
        assert_eq!(among(text, "x-", "x-c = 1").unwrap(), "[a]\nx-b = 1\nx-c = 1\nx-d = 1\n[z]\n");
        assert_eq!(among(text, "x-", "x-e = 1").unwrap(), "[a]\nx-b = 1\nx-d = 1\nx-e = 1\n[z]\n");
        assert_eq!(among(text, "y-", "y-e = 1"), None);
    }

    #[test]
    fn all_placeholders_are_filled() {
        for (path, text) in FILES {
            let text = filled(text, "sample");
            assert!(!text.contains("{{"), "{path}");
        }
        assert!(filled(FILES[6].1, "sample").contains("pub struct SampleDomain;"));
    }
}
