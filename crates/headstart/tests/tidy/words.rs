//! Turns of phrase that stop a reader. The list is short, so a few false positives are allowed.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::root;

/// Phrases in lower case, with the spaces that separate words.
const TURNS: [&str; 14] = [
    " is none",
    " are none",
    " that is none",
    "nobody",
    "whoever",
    " alike",
    " in words",
    "bettor",
    "the usual start",
    "the prototype",
    "a first look",
    "first design",
    "and so on a ",
    "and so on ..",
];

/// Occurrences in all tracked text that are allowed.
const ALLOWED: usize = 8;

/// Tracked files that people write. Reports are made by the program, and this file names the phrases.
fn is_written(path: &str) -> bool {
    let kinds = [".rs", ".md", ".toml", ".py", "justfile"];
    (kinds.iter().any(|kind| path.ends_with(kind)) || path.starts_with(".ci/"))
        && !path.starts_with("reports/")
        && path != "crates/headstart/tests/tidy/words.rs"
}

/// The part of a line that people read: of Rust code comments and strings, of other code comments.
fn prose(path: &str, line: &str) -> String {
    let kind = Path::new(path).extension().and_then(OsStr::to_str);
    if kind == Some("md") {
        return line.to_lowercase();
    }
    if kind == Some("rs") {
        let comment = line.split_once("//").map_or("", |(_, comment)| comment);
        let strings: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        return format!("{comment} {}", strings.join(" ")).to_lowercase();
    }
    line.split_once('#').map_or_else(String::new, |(_, comment)| comment.to_lowercase())
}

#[test]
fn prose_avoids_turns_that_stop_a_reader() {
    let root = root();
    let listed = Command::new("git").args(["ls-files"]).current_dir(&root).output().unwrap();
    // A source package is not a repository.
    if !listed.status.success() {
        return;
    }
    let listed = String::from_utf8(listed.stdout).unwrap();
    let (mut found, mut count) = (String::new(), 0);
    for path in listed.lines().filter(|path| is_written(path)) {
        // A file may be deleted but not yet committed.
        let Ok(text) = fs::read_to_string(root.join(path)) else { continue };
        for (number, line) in text.lines().enumerate() {
            let read = prose(path, line);
            for turn in TURNS.iter().filter(|turn| read.contains(**turn)) {
                count += 1;
                let _ = writeln!(found, "{path}:{}: {:?} in {}", number + 1, turn.trim(), line.trim());
            }
        }
    }
    assert!(count <= ALLOWED, "{count} turns, at most {ALLOWED} are allowed; rewrite some:\n{found}");
}
