//! Comparisons -> tables and figures. Prints what `compare` computed, computes nothing.

mod advice;
mod csv;
mod figure;
mod markdown;
mod number;
mod splice;
mod table;
mod terminal;

use std::path::Path;

pub(crate) use advice::advice;
pub(crate) use splice::splice;
pub(crate) use terminal::{changes, claims, print};

use crate::compare::{Comparison, DomainResults};
use crate::error::Error;

/// Writes the tables and figures of a comparison into a folder.
pub(crate) fn write(comparison: &Comparison, out: &Path) -> Result<(), Error> {
    save(&out.join("README.md"), &markdown::summary(comparison))?;
    save(&out.join("claims.md"), &markdown::claims(comparison))?;
    for domain in &comparison.domains {
        let name = &domain.info.name;
        save(&out.join(format!("{name}.md")), &markdown::domain(domain))?;
        save(&out.join(format!("{name}.csv")), &csv::domain(domain)?)?;
        figures(domain, &out.join("figures").join(name))?;
    }
    Ok(())
}

fn figures(domain: &DomainResults, folder: &Path) -> Result<(), Error> {
    for problem in &domain.problems {
        let svg = figure::convergence(&domain.info, problem)
            .map_err(|error| Error::Incomplete(format!("cannot draw {}: {error}", problem.info.name)))?;
        save(&folder.join(format!("{}.svg", problem.info.name)), &svg)?;
    }
    Ok(())
}

/// Writes a file and the folders above it.
pub(crate) fn save(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
    }
    std::fs::write(path, text).map_err(Error::io("write", path))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::compare::{Verdict, compare};
    use crate::exec::inline;
    use crate::machine;
    use crate::plan::{Cut, Plan};
    use crate::record::{Row, Rows};
    use crate::suite::Suite;
    use crate::toy;

    /// The trials of the toy domain, run in this process.
    pub(crate) fn trials(seed: u64, replicates: u64) -> Vec<Row> {
        let entries = [toy::entry()];
        let domain = [("toy".to_owned(), crate::suite::Selection::default())].into();
        let suite =
            Suite { name: "test".into(), seed, replicates, limit_seconds: 60.0, limit_memory_mib: 1024, domain };
        let plan = Plan::new(&suite, &entries, &Cut::default()).unwrap();
        let mut rows = Vec::new();
        inline(&plan, &entries, |_, outcome| {
            rows.push(outcome.row);
            Ok(())
        })
        .unwrap();
        rows
    }

    pub(crate) fn comparison() -> Comparison {
        let headers = vec![machine::header(&[toy::entry()], "test", 1, 1).unwrap()];
        compare(Rows { headers, rows: trials(1, 20), damaged: Vec::new() })
    }

    #[test]
    fn a_report_is_written_whole() {
        let comparison = comparison();
        let verdicts: Vec<Verdict> = comparison.domains[0].claims.iter().map(|judged| judged.verdict).collect();
        assert_eq!(verdicts, [Verdict::Supported, Verdict::Refuted]);
        let out = tempfile::tempdir().unwrap();
        write(&comparison, out.path()).unwrap();
        for file in ["README.md", "claims.md", "toy.md", "toy.csv", "figures/toy/bowl.svg"] {
            assert!(out.path().join(file).metadata().unwrap().len() > 100, "{file} is empty");
        }
        let text = print(&comparison);
        assert!(text.contains("toy / bowl") && text.contains("toy-1") && text.contains("supported"));
    }
}
