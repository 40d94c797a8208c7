//! A regularisation path on the user's own table.

use std::fmt::Write;
use std::path::Path;

use headstart_domain::{Opt, Options, Result, Run, Stream};
use headstart_table::{Purpose, ReadOptions, options, quoted};

use super::Sequence;
use crate::domain::fitted;
use crate::problem::{OwnTable, read_table, sequence};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::of(options::LABEL_TO_LEARN.parts()),
    Opt::of(options::TASK.parts()),
    Opt::of(options::CATEGORICAL.parts()),
    Opt::of(options::DROP.parts()),
    Opt::of(options::DELIMITER.parts()),
    Opt::of(options::HEADER.parts()),
    Opt::new("penalties", "N", "number of penalties, from the largest to the smallest, equally spaced in the logarithm")
        .default("20"),
    Opt::new(
        "largest",
        "X",
        "first penalty X/2 |w|^2 on the weights of standardised columns; for classes lambda of glmnet (alpha = 0) and 1/(C \
         rows) of scikit-learn; for a standardised quantity alpha/rows of scikit-learn's Ridge",
    )
    .default("1"),
    Opt::new("smallest", "X", "last penalty").default("0.0001"),
];

/// Most penalties of a path.
const MOST: usize = 10_000;

/// The user's table and the penalties of the path.
pub(super) struct Own {
    table: OwnTable,
    penalties: Vec<f64>,
}

pub(super) fn open(path: &Path, given: &Options, stream: &mut Stream) -> Result<Sequence> {
    let options = ReadOptions::from_values(Purpose::Learn, |name| given.get(name))?;
    let count = given.parse("penalties")?.unwrap_or(20);
    if !(2..=MOST).contains(&count) {
        return Err(format!("--penalties {count}: must be from 2 to {MOST}").into());
    }
    let penalty = |name: &str, default: f64| -> Result<f64> {
        let penalty = given.parse(name)?.unwrap_or(default);
        if penalty > 0.0 && f64::is_finite(penalty) {
            Ok(penalty)
        } else {
            Err(format!("--{name} {penalty}: must be positive and finite").into())
        }
    };
    let (largest, smallest) = (penalty("largest", sequence::PENALTIES.0)?, penalty("smallest", sequence::PENALTIES.1)?);
    if largest <= smallest {
        return Err(format!("--largest {largest}: must be larger than --smallest, which is {smallest}").into());
    }
    let penalties = sequence::penalties(largest, smallest, count)?;
    let table = read_table(path, &options, largest, stream)?;
    let problems = sequence::regularisation_path(&table.instance.function, &penalties)?;
    Ok(Sequence { problems, elsewhere: Vec::new(), own: Some(Own { table, penalties }) })
}

impl Own {
    /// What a reader must know about the path.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = self.table.notes.clone();
        notes.push(fitted::model(&self.table));
        if let [first, .., last] = &self.penalties[..] {
            notes.push(format!(
                "The path has {} ridge penalties from {first} to {last}. The file has the coefficients of each in the units of the \
                 table and for standardised columns.",
                self.penalties.len()
            ));
        }
        notes
    }

    /// Writes the coefficients along the path: `ends[k]` are the unknowns and the evaluations of penalty k, if it was solved.
    pub(super) fn record(&self, ends: &[Option<(Vec<f64>, u64)>], run: &mut Run) {
        if !run.keeps_files() {
            return;
        }
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let mut text = "penalty,evaluations,deviance,accuracy,r2,term,class,coefficient,standardised\n".to_owned();
        for (penalty, end) in self.penalties.iter().zip(ends) {
            let Some((x, evaluations)) = end else { continue };
            let fit = self.table.fit(x);
            for term in &fit.terms {
                let _ = writeln!(
                    text,
                    "{penalty},{evaluations},{},{},{},{},{},{},{}",
                    fit.deviance,
                    number(fit.accuracy),
                    number(fit.r2),
                    quoted(&term.name),
                    term.class.as_deref().map_or_else(String::new, quoted),
                    term.coefficient,
                    term.standardised,
                );
            }
        }
        run.file("path.csv", text.into_bytes());
    }
}
