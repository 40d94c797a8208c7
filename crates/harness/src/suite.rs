//! Suites: TOML files that select problems, starts, replicates and budgets.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use headstart_domain::error::Error;
use headstart_domain::names;

/// A selection of trials.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    /// Name, as shown in headers and reports.
    pub(crate) name: String,
    /// Seed of all random streams.
    pub(crate) seed: u64,
    /// Replicates of every problem, which is the number of pairs per comparison.
    pub(crate) replicates: u64,
    /// Time limit of a trial in seconds.
    #[serde(default = "an_hour")]
    pub(crate) limit_seconds: f64,
    /// Memory limit of a worker in MiB.
    #[serde(default = "four_gib")]
    pub(crate) limit_memory_mib: u64,
    /// Selection from each domain; domains that are not named are not run.
    #[serde(default)]
    pub(crate) domain: BTreeMap<String, Selection>,
}

/// The part of one domain that a suite includes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selection {
    /// Problems; all if empty.
    #[serde(default)]
    pub(crate) problems: Vec<String>,
    /// Starts; all if empty. The baseline is always run.
    #[serde(default)]
    pub(crate) starts: Vec<String>,
    /// Replicates, instead of the suite's.
    #[serde(default)]
    pub(crate) replicates: Option<u64>,
    /// Replicates by problem, instead of the domain's.
    #[serde(default)]
    pub(crate) replicates_on: BTreeMap<String, u64>,
    /// Work that every start may spend, by problem, instead of the problem's own budget.
    #[serde(default)]
    pub(crate) budget: BTreeMap<String, f64>,
}

/// A plan of more replicates would not fit into memory.
const MOST_REPLICATES: u64 = 100_000;

const KEYS: [&str; 6] = ["name", "seed", "replicates", "limit_seconds", "limit_memory_mib", "domain"];
const DOMAIN_KEYS: [&str; 5] = ["problems", "starts", "replicates", "replicates_on", "budget"];
/// The limit is converted to bytes, which must fit into 64 bits.
const MOST_MEMORY_MIB: u64 = u64::MAX >> 20;

fn an_hour() -> f64 {
    3600.0
}

fn four_gib() -> u64 {
    4096
}

impl Suite {
    /// Reads a suite, given as a path that ends in `.toml` or as the name of a file in `benchmarks/suites`.
    pub(crate) fn load(name: &str, home: Option<&Path>) -> Result<Self, Error> {
        let path = Self::path(name, home)?;
        Self::parse(&read(&path)?).map_err(|message| Error::BadFile { path, message })
    }

    /// Returns the text of the suite's file.
    pub(crate) fn text(name: &str, home: Option<&Path>) -> Result<String, Error> {
        read(&Self::path(name, home)?)
    }

    fn path(name: &str, home: Option<&Path>) -> Result<PathBuf, Error> {
        if Path::new(name).extension().is_some_and(|extension| extension == "toml") {
            return Ok(PathBuf::from(name));
        }
        let Some(home) = home else {
            return Err(Error::Usage(format!(
                "suite `{name}` cannot be found: no folder benchmarks/suites here or above; \
                 give a file (--suite FILE.toml) or the project's folder (--home DIR)"
            )));
        };
        let folder = home.join("benchmarks/suites");
        if !folder.is_dir() {
            return Err(Error::Usage(format!(
                "suite `{name}` cannot be found: {} is not a folder; set --home (or HEADSTART_HOME) to the project's folder",
                folder.display()
            )));
        }
        let known = stems(&folder)?;
        names::check("suite", name, &format!(" in {}", folder.display()), known.iter().map(String::as_str))?;
        Ok(folder.join(format!("{name}.toml")))
    }

    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        // Serde refuses unknown keys too, but does not suggest the nearest known one.
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        known_keys(&table, &KEYS, "a suite")?;
        if let Some(domains) = table.get("domain").and_then(toml::Value::as_table) {
            for (name, selection) in domains {
                if let Some(selection) = selection.as_table() {
                    known_keys(selection, &DOMAIN_KEYS, &format!("[domain.{name}]"))?;
                }
            }
        }
        let suite: Self = toml::from_str(text)
            .map_err(|error| format!("{error}a suite needs name, seed, replicates and tables [domain.NAME]"))?;
        suite.check().map(|()| suite)
    }

    /// Returns the names of a project's suites.
    pub(crate) fn names(home: &Path) -> Result<Vec<String>, Error> {
        let folder = home.join("benchmarks/suites");
        if folder.is_dir() { stems(&folder) } else { Ok(Vec::new()) }
    }

    /// Returns the replicates of a domain.
    pub(crate) fn replicates_of(&self, domain: &str) -> u64 {
        self.domain.get(domain).and_then(|selection| selection.replicates).unwrap_or(self.replicates)
    }

    /// Returns the replicates of a problem. A problem that is a list of instances has no more than there are.
    pub(crate) fn replicates_on(&self, domain: &str, problem: &str, members: Option<u64>) -> u64 {
        let own = self.domain.get(domain).and_then(|selection| selection.replicates_on.get(problem).copied());
        own.unwrap_or_else(|| self.replicates_of(domain)).min(members.unwrap_or(u64::MAX))
    }

    /// Sets the replicates of all domains, if a number is given.
    pub(crate) fn override_replicates(&mut self, number: Option<u64>) {
        if let Some(number) = number {
            self.replicates = number;
            for selection in self.domain.values_mut() {
                (selection.replicates, selection.replicates_on) = (None, BTreeMap::new());
            }
        }
    }

    /// Refuses values that are out of range.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.replicates == 0 {
            return Err("replicates is 0: at least 1 is needed, and 20 for verdicts".into());
        }
        if self.replicates > MOST_REPLICATES {
            return Err(format!("replicates is {}: it must be at most {MOST_REPLICATES}", self.replicates));
        }
        let seconds = self.limit_seconds;
        if !(seconds.is_finite() && seconds > 0.0) {
            return Err(format!("limit_seconds is {seconds}: it must be positive and finite"));
        }
        if self.limit_memory_mib < 16 {
            return Err(format!("limit_memory_mib is {}: it must be at least 16", self.limit_memory_mib));
        }
        if self.limit_memory_mib > MOST_MEMORY_MIB {
            return Err(format!("limit_memory_mib is {}: it must be at most {MOST_MEMORY_MIB}", self.limit_memory_mib));
        }
        for (domain, selection) in &self.domain {
            if selection.replicates == Some(0) {
                return Err(format!("[domain.{domain}] replicates is 0: at least 1 is needed, and 20 for verdicts"));
            }
            if let Some((problem, number)) =
                selection.replicates_on.iter().find(|(_, number)| !(1..=MOST_REPLICATES).contains(*number))
            {
                return Err(format!(
                    "[domain.{domain}] replicates_on {problem} is {number}: it must be 1 to {MOST_REPLICATES}"
                ));
            }
            if let Some((problem, budget)) =
                selection.budget.iter().find(|(_, budget)| !(**budget > 0.0 && budget.is_finite()))
            {
                return Err(format!(
                    "[domain.{domain}] budget of {problem} is {budget}: it must be positive and finite"
                ));
            }
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(Error::io("read the suite", path))
}

fn known_keys(table: &toml::Table, known: &[&str], place: &str) -> Result<(), String> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let meant = names::nearest(key, known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(format!("{place} has no key `{key}`{meant} (known: {})", known.join(", ")))
        }
    }
}

fn stems(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("list", folder))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// The nearest folder, from here upwards, that holds `benchmarks/suites`.
pub(crate) fn find_home() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().find(|folder| folder.join("benchmarks/suites").is_dir()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = 'x'\nseed = 1\nreplicates = 2\n[domain.toy]\nproblems = ['bowl']\nbudget = { bowl = 9 }";

    #[test]
    fn a_suite_is_parsed() {
        let suite = Suite::parse(GOOD).unwrap();
        assert_eq!((suite.replicates, suite.domain["toy"].budget["bowl"]), (2, 9.0));
        assert_eq!(suite.replicates_of("toy"), 2);
        let mut own = Suite::parse(&format!("{GOOD}\nreplicates = 7")).unwrap();
        assert_eq!((own.replicates_of("toy"), own.replicates_of("other")), (7, 2));
        own.override_replicates(None);
        assert_eq!(own.replicates_of("toy"), 7);
        own.override_replicates(Some(3));
        assert_eq!(own.replicates_of("toy"), 3);
    }

    #[test]
    fn bad_suites_are_refused_with_the_cure() {
        let refusal = |from: &str, to: &str| Suite::parse(&GOOD.replace(from, to)).unwrap_err();
        assert!(refusal("replicates", "replicate").contains("no key `replicate`; did you mean `replicates`?"));
        assert!(refusal("problems", "problem").contains("did you mean `problems`?"));
        assert!(refusal("replicates = 2", "replicates = 0").contains("replicates is 0"));
        assert!(refusal("budget", "replicates = 0\nbudget").contains("[domain.toy] replicates is 0"));
        assert!(refusal("bowl = 9", "bowl = inf").contains("budget of bowl is inf"));
        assert!(refusal("bowl = 9", "bowl = -9").contains("budget of bowl is -9"));
        assert!(refusal("seed = 1", "seed = 'one'").contains("seed"));
        assert!(refusal("seed = 1\n", "").contains("missing field `seed`"));
        assert!(refusal("seed = 1", "seed = 1\nlimit_memory_mib = 15").contains("at least 16"));
        let most = "seed = 1\nlimit_memory_mib = 17592186044415";
        assert!(Suite::parse(&GOOD.replace("seed = 1", most)).is_ok());
        assert!(refusal("seed = 1", &most.replace("415", "416")).contains("416: it must be at most 17592186044415"));
    }
}
