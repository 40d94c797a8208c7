//! Writes the folder of a report.

use std::path::Path;

use headstart_domain::error::Error;
use rayon::prelude::*;

use crate::compare::{Changes, Comparison, DomainResults};
use crate::{csv, figure, latex, markdown, page};

/// Writes the page, tables and figures of a comparison into a folder. `changes` adds the differences from another run.
pub fn write(comparison: &Comparison, changes: Option<&Changes>, out: &Path) -> Result<(), Error> {
    save(&out.join("index.html"), &page::page(comparison, changes)?)?;
    if let Some(changes) = changes {
        save(&out.join("changes.md"), &markdown::changes(changes))?;
    }
    save(&out.join("README.md"), &markdown::summary(comparison))?;
    save(&out.join("claims.md"), &markdown::claims(comparison))?;
    for domain in &comparison.domains {
        let name = &domain.info.name;
        save(&out.join(format!("{name}.md")), &markdown::domain(domain))?;
        save(&out.join(format!("{name}.csv")), &csv::domain(domain)?)?;
        save(&out.join(format!("{name}.tex")), &latex::domain(domain))?;
        figures(domain, &out.join("figures").join(name))?;
    }
    Ok(())
}

fn figures(domain: &DomainResults, folder: &Path) -> Result<(), Error> {
    let keep = |name: String, svg: figure::Drawn<String>| {
        let svg = svg.map_err(|error| Error::Incomplete(format!("cannot draw {name}: {error}")))?;
        // Figures without data are not written.
        if svg.is_empty() { Ok(()) } else { save(&folder.join(name), &svg) }
    };
    if let Some(overall) = &domain.overall {
        keep("over-problems.profiles.svg".into(), figure::profiles(domain, overall))?;
        keep("over-problems.runtimes.svg".into(), figure::runtimes(domain, overall))?;
    }
    domain.problems.par_iter().try_for_each(|problem| {
        let name = &problem.info.name;
        keep(format!("{name}.svg"), figure::convergence(&domain.info, problem))?;
        keep(format!("{name}.speedups.svg"), figure::forest(&domain.info, problem))?;
        keep(format!("{name}.reuse.svg"), figure::break_even(&domain.info, problem))?;
        keep(format!("{name}.found.svg"), Ok(figure::gallery(&domain.info, problem)))
    })
}

/// Writes a file, and creates its parent folders.
pub fn save(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
    }
    std::fs::write(path, text).map_err(Error::io("write", path))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::compare::{Verdict, compare};
    use crate::{faults, overview, tables};
    use headstart_domain::toy;
    use headstart_rows::Rows;

    pub(crate) fn comparison() -> Comparison {
        let headers = vec![headstart_rows::sample::header(&[toy::entry()], "test")];
        compare(Rows { headers, rows: toy::trials(1, 20), damaged: Vec::new() })
    }

    #[test]
    fn a_report_is_complete() {
        let comparison = comparison();
        let verdicts: Vec<Verdict> = comparison.domains[0].claims.iter().map(|judged| judged.verdict).collect();
        assert_eq!(verdicts, [Verdict::Supported, Verdict::Refuted]);
        let out = tempfile::tempdir().unwrap();
        write(&comparison, None, out.path()).unwrap();
        for file in [
            "index.html",
            "README.md",
            "claims.md",
            "toy.md",
            "toy.csv",
            "toy.tex",
            "figures/toy/bowl.svg",
            "figures/toy/bowl.speedups.svg",
            "figures/toy/bowl.reuse.svg",
            "figures/toy/over-problems.profiles.svg",
            "figures/toy/over-problems.runtimes.svg",
        ] {
            assert!(out.path().join(file).metadata().unwrap().len() > 100, "{file} is empty");
        }
        let page = std::fs::read_to_string(out.path().join("toy.md")).unwrap();
        let mut figures = 0;
        for link in page.split("](figures/").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(
                out.path().join("figures").join(link).exists(),
                "the page shows {link}, but this figure was not written"
            );
            figures += 1;
        }
        assert!(figures > 4, "{figures} figures on the page");
        let text = tables(&comparison) + &overview(&comparison) + &faults(&comparison);
        assert!(text.contains("toy / bowl") && text.contains("toy-1") && text.contains("supported"));
    }
}
