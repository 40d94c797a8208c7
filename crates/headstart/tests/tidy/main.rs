//! The invariants of docs/ARCHITECTURE.md, as tests.

mod imports;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use imports::Imports;
use serde_json::Value;

/// The crates that are not domains, and the crates of this workspace on which each may depend. A domain may depend on
/// `FOR_DOMAINS`.
const LAYERS: [(&str, &[&str]); 14] = [
    ("check", &[]),
    ("logo", &[]),
    ("stats", &[]),
    ("domain", &[]),
    ("simd", &[]),
    ("linalg", &["simd"]),
    ("nn", &["check", "simd"]),
    ("table", &[]),
    ("rows", &["domain"]),
    ("report", &["domain", "logo", "rows", "stats"]),
    ("harness", &["domain", "report", "rows", "simd", "stats"]),
    // Offers one domain's solver to another library.
    ("bfgs-argmin", &["bfgs"]),
    ("page-tests", &[]),
    (
        "kernels",
        &[
            "bfgs", "dmrg", "domain", "dqn", "harness", "linalg", "lottery", "motif", "nn", "report", "rows", "stats",
            "umap", "varinit",
        ],
    ),
];
const FOR_DOMAINS: [&str; 7] = ["check", "domain", "linalg", "logo", "nn", "simd", "table"];
/// Crates in which no two modules of one parent import each other, directly or in a circle.
const ONE_WAY: [&str; 14] = [
    "bfgs", "check", "domain", "dqn", "harness", "kmeans", "logo", "motif", "report", "rows", "stats", "table", "umap",
    "varinit",
];
const LONGEST: usize = 400;
/// The files that seed generators: streams of trials, and of resamples.
const SEEDED: [&str; 2] = ["crates/domain/src/seed.rs", "crates/stats/src/resample.rs"];
/// Calls that seed a generator.
const SEEDING: [&str; 3] = ["from_seed(", "seed_from_u64(", "from_rng("];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub(crate) struct Source {
    /// Relative to the project, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The text before the test module.
    pub(crate) fn code(&self) -> &str {
        let end = ["mod tests {", "pub(crate) mod tests {"]
            .map(|module| self.text.find(&format!("\n#[cfg(test)]\n{module}")));
        &self.text[..end.into_iter().flatten().min().unwrap_or(self.text.len())]
    }

    fn is_test(&self) -> bool {
        ["/tests/", "/benches/", "/examples/"].iter().any(|folder| self.path.contains(folder))
    }

    fn is_domain_table(&self) -> bool {
        self.path.ends_with("/src/domain.rs") || self.path.contains("/src/domain/")
    }
}

/// All Rust files below `crates` and `tests`.
fn sources() -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = root();
    let mut found = Vec::new();
    walk(&root.join("crates"), &mut found);
    walk(&root.join("tests"), &mut found);
    assert!(found.len() > 40, "too few files are found");
    let relative = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    found.iter().map(|path| Source { path: relative(path), text: fs::read_to_string(path).unwrap() }).collect()
}

/// Names of the domains.
fn domains() -> BTreeSet<String> {
    list().as_array().unwrap().iter().map(|domain| domain["name"].as_str().unwrap().to_owned()).collect()
}

/// The folders of their crates: the same names, but `sequences` is a second domain of `bfgs`.
fn domain_crates() -> BTreeSet<String> {
    domains().into_iter().filter(|name| name != "sequences").collect()
}

fn list() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_headstart")).args(["list", "--json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn manifest(folder: &str) -> String {
    fs::read_to_string(root().join("crates").join(folder).join("Cargo.toml")).unwrap()
}

fn refuse(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

/// The dependencies of each crate within the workspace, from `cargo metadata`.
fn crate_graph() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(env!("CARGO"));
    let output =
        cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root()).output();
    let metadata: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let short = |name: &Value| name.as_str().unwrap().trim_start_matches("headstart-").to_owned();
    let ours = |dependency: &&Value| dependency["path"].is_string();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter().filter(ours);
            (short(&package["name"]), dependencies.map(|dependency| short(&dependency["name"])).collect())
        })
        .collect()
}

/// Functions that the standard library takes from the system. Their last bit depends on the system.
const OF_THE_SYSTEM: [&str; 22] = [
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log2", "log10", "log", "powf", "cbrt", "hypot", "sin", "cos", "tan",
    "sin_cos", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh",
];

#[test]
fn solvers_do_not_compute_with_the_systems_functions() {
    let mut solvers = domain_crates();
    solvers.extend(["nn", "linalg", "bfgs-argmin"].map(str::to_owned));
    let in_solver =
        |source: &&Source| solvers.iter().any(|name| source.path.starts_with(&format!("crates/{name}/src/")));
    let mut findings = Vec::new();
    for source in sources().iter().filter(in_solver) {
        for (at, line) in source.code().lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for name in OF_THE_SYSTEM {
                // Calls with other arguments, and calls of a closure with such a name, are not matched.
                let method = [format!(".{name}()"), format!("f64::{name}"), format!("f32::{name}")];
                let binary = matches!(name, "powf" | "hypot" | "atan2" | "log") && line.contains(&format!(".{name}("));
                if binary || method.iter().any(|call| line.contains(call.as_str())) {
                    findings.push(format!(
                        "{}:{}: {name} of the system: use headstart_simd::Portable, which gives the same bits everywhere",
                        source.path,
                        at + 1
                    ));
                }
            }
        }
    }
    refuse(&findings);
}

#[test]
fn crates_depend_one_way() {
    let domains = domain_crates();
    let mut findings = Vec::new();
    for (name, dependencies) in crate_graph() {
        let allowed: BTreeSet<&str> = match LAYERS.iter().find(|(known, _)| *known == name) {
            Some((_, allowed)) => allowed.iter().copied().collect(),
            None if name == "headstart" => domains.iter().map(String::as_str).chain(["harness", "simd"]).collect(),
            None if domains.contains(&name) => FOR_DOMAINS.into(),
            None => panic!("crates/{name} is not a domain: list its dependencies in LAYERS"),
        };
        // A crate may depend on itself, so that its tests have its optional features.
        let allows = |dependency: &str| dependency == name || allowed.contains(dependency);
        let beyond = dependencies.iter().filter(|dependency| !allows(dependency));
        findings.extend(beyond.map(|dependency| format!("crates/{name} depends on crates/{dependency}")));
    }
    refuse(&findings);
}

#[test]
fn modules_import_one_way() {
    let sources = sources();
    let circle = |name: &&str| {
        let circle = Imports::of(&format!("crates/{name}/src/"), &sources).circle()?;
        Some(format!("crates/{name}: {circle}"))
    };
    refuse(&ONE_WAY.iter().filter_map(circle).collect::<Vec<_>>());
}

/// Rules for modules, which the crate graph cannot check: other modules of the same crates may import these crates.
#[test]
fn running_does_not_report_and_printing_does_not_compute() {
    let mut findings = Vec::new();
    for source in sources() {
        let code = source.code();
        if source.path.starts_with("crates/harness/src/exec") {
            let crates = ["headstart_report", "headstart_stats"].into_iter().filter(|name| code.contains(name));
            findings.extend(crates.map(|name| format!("{} imports {name}", source.path)));
        }
        if source.path.starts_with("crates/report/src/") && !source.path.starts_with("crates/report/src/compare") {
            // Types of the statistics are allowed; functions, whose names begin in lower case, are not.
            let names = code.split("headstart_stats::").skip(1).flat_map(|rest| {
                rest.split([';', '>', ')', '('])
                    .next()
                    .unwrap_or_default()
                    .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            });
            let functions = names.filter(|name| name.starts_with(|letter: char| letter.is_lowercase()));
            findings.extend(functions.map(|name| format!("{} computes {name}", source.path)));
        }
    }
    refuse(&findings);
}

#[test]
fn only_the_domain_module_names_the_benchmark() {
    let domains = domain_crates();
    let is_solver = |source: &&Source| {
        domains.iter().any(|domain| source.path.starts_with(&format!("crates/{domain}/src/")))
            && !source.is_domain_table()
    };
    let sources = sources();
    let named = sources.iter().filter(is_solver).filter(|source| source.text.contains("headstart_domain"));
    refuse(&named.map(|source| format!("{} names headstart_domain", source.path)).collect::<Vec<_>>());
    for domain in &domains {
        let manifest = manifest(domain);
        assert!(manifest.contains("\nharness = ["), "crates/{domain} has no feature `harness`");
        assert!(!manifest.contains("\ndefault = ["), "crates/{domain}: the feature `harness` is off by default");
    }
}

#[test]
fn generators_are_seeded_in_two_files() {
    let sources = sources();
    // Examples in comments may seed generators.
    let seeds = |line: &str| !line.trim_start().starts_with("//") && SEEDING.iter().any(|word| line.contains(word));
    let found = sources.iter().filter(|source| {
        !source.is_test() && !SEEDED.contains(&source.path.as_str()) && source.code().lines().any(seeds)
    });
    refuse(&found.map(|source| format!("{} seeds a generator", source.path)).collect::<Vec<_>>());
}

#[test]
fn solvers_know_no_start_by_name() {
    let mut findings = Vec::new();
    let sources = sources();
    for domain in list().as_array().unwrap() {
        let folder = format!("crates/{}/src/", domain["name"].as_str().unwrap());
        for start in domain["starts"].as_array().unwrap() {
            let literal = start["name"].to_string();
            let named = sources
                .iter()
                .filter(|source| source.path.starts_with(&folder) && !source.is_domain_table())
                .filter(|source| source.code().contains(&literal));
            findings.extend(named.map(|source| format!("{} knows the start {literal}", source.path)));
        }
    }
    refuse(&findings);
}

#[test]
fn files_are_short_and_named_for_one_idea() {
    let mut findings = Vec::new();
    for source in sources() {
        let lines = source.code().lines().count();
        if lines > LONGEST && !(source.is_domain_table() && source.path.contains("/domain/")) {
            findings.push(format!("{} has {lines} lines without its tests: at most {LONGEST}", source.path));
        }
        for name in ["util", "utils", "common", "misc", "helpers"] {
            let parts = source.path.trim_end_matches(".rs").split('/');
            if parts.into_iter().any(|part| part == name) {
                findings.push(format!("{}: `{name}` is too general a name", source.path));
            }
        }
        for word in [concat!("#[ign", "ore"), concat!("todo", "!("), concat!("unimple", "mented!(")] {
            if source.text.contains(word) {
                findings.push(format!("{} contains {word}", source.path));
            }
        }
    }
    refuse(&findings);
}

#[test]
fn every_suite_includes_every_domain() {
    let rows = tempfile::tempdir().unwrap();
    for suite in ["smoke", "standard", "full"] {
        let text = fs::read_to_string(root().join(format!("benchmarks/suites/{suite}.toml"))).unwrap();
        for domain in domains() {
            assert!(text.contains(&format!("[domain.{domain}]")), "{suite}.toml does not include {domain}");
        }
        // A shard without trials: the suite is read and its names are checked, but nothing is run.
        let mut command = Command::new(env!("CARGO_BIN_EXE_headstart"));
        command.args(["run", "--quiet", "--shard", "999999/999999", "--suite", suite, "--home"]).arg(root());
        let output = command.arg("--out").arg(rows.path().join(suite)).output().unwrap();
        assert!(output.status.success(), "{suite}.toml: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The code in the recipe must be part of the worked example.
#[test]
fn the_recipe_quotes_its_worked_example() {
    let recipe = fs::read_to_string(root().join("docs/ADD-A-DOMAIN.md")).unwrap();
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>().join("\n");
    let domain = lines(&fs::read_to_string(root().join("crates/kmeans/src/domain.rs")).unwrap());
    let blocks: Vec<&str> = recipe.split("```rust").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        // The recipe writes `Name` for the name of the reader's domain.
        let block = lines(block).trim().replace("super::Name", "super::KMeansDomain");
        assert!(domain.contains(&block), "crates/kmeans/src/domain.rs has no\n{block}");
    }
}

/// docs/VERDICTS.md must explain every verdict that differs from the expected one.
#[test]
fn unexpected_verdicts_are_explained() {
    let why = fs::read_to_string(root().join("docs/VERDICTS.md")).unwrap();
    let records = fs::read_dir(root().join("reports/record")).unwrap();
    let newest = records.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).max().unwrap();
    let ledger = fs::read_to_string(newest.join("claims.md")).unwrap();
    let cells = |line: &str| line.split(" | ").map(|cell| cell.trim_matches(['|', ' ']).to_owned()).collect::<Vec<_>>();
    let head = cells(ledger.lines().find(|line| line.starts_with("| id |")).unwrap());
    let column = |name: &str| head.iter().position(|cell| cell == name).unwrap();
    let (verdict, expected) = (column("verdict"), column("expected"));
    let mut judged = 0;
    let mut findings = Vec::new();
    for row in ledger.lines().filter(|line| line.starts_with("| ")).map(cells).filter(|row| row[0].contains('-')) {
        judged += 1;
        let came_out = row[verdict].split(':').next().unwrap();
        let paragraph = why.split("\n\n").find(|paragraph| paragraph.contains(&format!("**{}**", row[0])));
        let flat = paragraph.unwrap_or_default().replace('\n', " ").to_lowercase();
        match row[expected].as_str() {
            "-" => {}
            "open" if flat.contains(came_out) => {}
            "open" => findings.push(format!("{} was open and is {came_out}", row[0])),
            expected if expected == came_out => {}
            expected => {
                let words = format!("expected {expected}, came out {came_out}");
                if !flat.contains(&words) {
                    findings.push(format!("docs/VERDICTS.md has no paragraph on {}: {words}", row[0]));
                }
            }
        }
    }
    assert!(judged >= 63, "the ledger of {} has {judged} claims", newest.display());
    refuse(&findings);
}
