//! The folder of a report. A report overwrites only files of an older report.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use headstart_domain::error::Error;
use headstart_report::compare::{Changes, Comparison};

/// The file that marks a folder as a report's.
const MARKER: &str = ".headstart-report";
const MARKER_TEXT: &str = "This folder holds a report of Headstart. The next report may overwrite it.\n";

/// Older reports have no marker. They are recognised by these files and their first lines.
const OLDER: [(&str, &str); 2] =
    [("README.md", "# How much is a starting point worth?"), ("claims.md", "# Claims and verdicts")];

/// A report to be written, and its folder.
pub(super) struct ReportFolder<'a> {
    pub(super) out: &'a Path,
    /// The domains of the report.
    pub(super) domains: Vec<String>,
    /// Whether rows are stored there too.
    pub(super) keeps_rows: bool,
    /// Advice for the user if files are in the way.
    pub(super) cure: &'a str,
}

impl ReportFolder<'_> {
    /// Refuses a folder that holds other files than those of a report.
    pub(super) fn check(&self) -> Result<(), Error> {
        let out = self.out;
        if !out.exists() {
            return Ok(());
        }
        if !out.is_dir() {
            return Err(Error::Usage(format!(
                "{} is a file, and a report needs a folder: {}",
                out.display(),
                self.cure
            )));
        }
        let known = names_in(out)?;
        let Some(any) = known.first() else { return Ok(()) };
        if is_report(out)? {
            return Ok(());
        }
        let folder = out.display();
        let taken = self.names().into_iter().find(|name| out.join(name).exists());
        let what = match taken {
            Some(name) => format!("and `{name}` in it would be overwritten"),
            None => format!("it holds `{any}`"),
        };
        Err(Error::Usage(format!("{folder} is neither empty nor a report's folder, {what}: {}", self.cure)))
    }

    /// Refuses to splice into a page that the report writes itself.
    pub(super) fn check_page(&self, page: &Path) -> Result<(), Error> {
        let place = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let (Some(folder), Some(name)) = (page.parent(), page.file_name()) else { return Ok(()) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        if place(folder) != place(self.out) || !self.names().iter().any(|known| name == known.as_str()) {
            return Ok(());
        }
        let page = page.display();
        Err(Error::Usage(format!(
            "--splice {page}: the report writes this file itself; name another page that holds the two markers"
        )))
    }

    /// The names that a report writes at the top of its folder.
    fn names(&self) -> Vec<String> {
        let fixed = ["README.md", "index.html", "claims.md", "changes.md", "figures"].map(str::to_owned).into_iter();
        let tables = self.domains.iter().flat_map(|name| ["md", "csv", "tex"].map(|end| format!("{name}.{end}")));
        let archive = headstart_rows::archive_path(self.out);
        let archive = archive.file_name().filter(|_| self.keeps_rows);
        fixed.chain(tables).chain(archive.map(|name| name.to_string_lossy().into_owned())).collect()
    }
}

/// Writes a report into a folder that has been checked. Marks the folder first, so that a partial report is recognised.
pub(super) fn write(comparison: &Comparison, changes: Option<&Changes>, out: &Path) -> Result<(), Error> {
    mark(out)?;
    headstart_report::write(comparison, changes, out)
}

/// Makes a folder, if necessary, and marks it as a report's.
pub(super) fn mark(out: &Path) -> Result<(), Error> {
    fs::create_dir_all(out).map_err(Error::io("make the folder", out))?;
    let marker = out.join(MARKER);
    fs::write(&marker, MARKER_TEXT).map_err(Error::io("write", &marker))
}

/// Returns the names in a folder, sorted, without hidden files: the only hidden file that a report writes is its marker.
fn names_in(folder: &Path) -> Result<Vec<String>, Error> {
    let failed = |error| Error::io("look into", folder)(error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    Ok(names)
}

/// Whether a folder holds a report: it has the marker, or both pages of `OLDER` with the expected first lines.
fn is_report(folder: &Path) -> Result<bool, Error> {
    // A page with another first line has been put there by the user.
    let is_ours = |(name, expected): &(&str, &str)| {
        first_line(&folder.join(name)).map(|line| line.is_none() || line.as_deref() == Some(expected))
    };
    if folder.join(MARKER).exists() {
        return OLDER.iter().map(is_ours).try_fold(true, |all, ours| Ok(all && ours?));
    }
    for (name, expected) in OLDER {
        if first_line(&folder.join(name))?.as_deref() != Some(expected) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the first line of a text file, from its first 1000 bytes; `None` if the file is missing.
fn first_line(path: &Path) -> Result<Option<String>, Error> {
    if !path.is_file() {
        return Ok(None);
    }
    let failed = |error| Error::io("read", path)(error);
    let mut line = Vec::new();
    let file = fs::File::open(path).map_err(failed)?.take(1000);
    BufReader::new(file).read_until(b'\n', &mut line).map_err(failed)?;
    Ok(String::from_utf8(line).ok().map(|line| line.trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn folder(out: &Path) -> ReportFolder<'_> {
        ReportFolder { out, domains: vec!["toy".into()], keeps_rows: true, cure: "take another" }
    }

    fn refusal(out: &Path) -> String {
        let error = folder(out).check().unwrap_err();
        assert_eq!(error.exit_code(), 2);
        error.to_string()
    }

    #[test]
    fn a_report_needs_an_empty_folder_or_an_older_report() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        assert!(folder(&out).check().is_ok(), "the folder is missing");
        fs::create_dir(&out).unwrap();
        fs::write(out.join(".gitkeep"), "").unwrap();
        assert!(folder(&out).check().is_ok(), "only hidden files");
        fs::write(out.join("notes.txt"), "mine").unwrap();
        assert!(refusal(&out).ends_with("is neither empty nor a report's folder, it holds `notes.txt`: take another"));
        mark(&out).unwrap();
        assert!(folder(&out).check().is_ok(), "a report with notes beside it");
        assert!(refusal(&out.join("notes.txt")).contains("notes.txt is a file, and a report needs a folder"));
    }

    #[test]
    fn the_file_that_would_be_overwritten_is_named() {
        for name in
            ["README.md", "index.html", "claims.md", "changes.md", "toy.md", "toy.csv", "toy.tex", "rows.jsonl.gz"]
        {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("a.txt"), "mine").unwrap();
            fs::write(dir.path().join(name), "mine").unwrap();
            let error = refusal(dir.path());
            assert!(error.contains(&format!("and `{name}` in it would be overwritten: take another")), "{error}");
        }
    }

    #[test]
    fn reports_without_a_marker_are_recognised_by_two_first_lines() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        write("README.md", "# How much is a starting point worth?\n\n| domain |\n");
        assert!(refusal(dir.path()).contains("`README.md`"), "another page may have this name");
        write("claims.md", "# Claims and verdicts\r\n");
        assert!(folder(dir.path()).check().is_ok());
        write("README.md", "# My notes\n");
        assert!(refusal(dir.path()).contains("`README.md`"));
        write("README.md", &"#".repeat(5000));
        assert!(refusal(dir.path()).contains("`README.md`"));
    }

    #[test]
    fn a_page_of_the_report_is_not_spliced_into() {
        let dir = tempfile::tempdir().unwrap();
        let check = |page: PathBuf| folder(dir.path()).check_page(&page);
        for name in ["README.md", "index.html", "toy.md"] {
            let error = check(dir.path().join(name)).unwrap_err();
            assert!(
                error.exit_code() == 2 && error.to_string().contains("the report writes this file itself"),
                "{error}"
            );
        }
        assert!(check(dir.path().join("page.md")).is_ok());
        assert!(check(PathBuf::from("README.md")).is_ok(), "in another folder");
    }
}
