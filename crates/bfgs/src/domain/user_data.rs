//! Reads the user's own table.

use std::path::Path;

use headstart_domain::{Opt, Options, Result, Stream};
use headstart_table::options;
use headstart_table::{Purpose, ReadOptions};

use super::Task;
use crate::problem::read_table;

pub(super) const OPTIONS: &[Opt] = &[
    Opt::of(options::LABEL_TO_LEARN.parts()),
    Opt::new("target", "COLUMN", "former name of --label"),
    Opt::of(options::TASK.parts()),
    Opt::of(options::CATEGORICAL.parts()),
    Opt::of(options::DROP.parts()),
    Opt::of(options::DELIMITER.parts()),
    Opt::of(options::HEADER.parts()),
    Opt::new(
        "ridge",
        "X",
        "penalty X/2 |w|^2 on the weights of standardised columns; for classes lambda of glmnet (alpha = 0) and 1/(C rows) of \
         scikit-learn; for a standardised quantity alpha/rows of scikit-learn's Ridge",
    )
    .default("0.001"),
];

/// Opens a table: logistic regression for two classes, softmax regression for more, least squares for a quantity.
pub(super) fn open(path: &Path, given: &Options, stream: &mut Stream) -> Result<Task> {
    let mut options = ReadOptions::from_values(Purpose::Learn, |name| given.get(name))?;
    if let Some(target) = given.get("target") {
        if options.label.is_some() {
            return Err("--target is the former name of --label; pass only --label".into());
        }
        options.label = Some(target.to_owned());
    }
    let ridge = given.parse("ridge")?.unwrap_or(1e-3);
    Ok(Task::own(read_table(path, &options, ridge, stream)?))
}
