//! Own data: a table from a file.

use std::path::Path;

use headstart_domain::{Opt, Options, Result, Stream};
use headstart_table::options::{self, OptionText};
use headstart_table::{Purpose, ReadOptions};

use super::Task;
use crate::problem::read_table;

pub(super) const OPTIONS: &[Opt] = &[
    of_table(options::LABEL_TO_LEARN),
    Opt::new("target", "COLUMN", "former name of --label"),
    of_table(options::TASK),
    of_table(options::CATEGORICAL),
    of_table(options::DROP),
    of_table(options::DELIMITER),
    of_table(options::HEADER),
    Opt::new("ridge", "X", "penalty on the squared weights").default("0.001"),
];

const fn of_table(text: OptionText) -> Opt {
    Opt::new(text, text, text).default()
}

/// Logistic regression for two classes, least squares for a quantity.
pub(super) fn open(path: &Path, given: &Options, stream: &mut Stream) -> Result<Task> {
    let mut options = ReadOptions::from_values(Purpose::Learn, |name| given.get(name))?;
    if let Some(target) = given.get("target") {
        if options.label.is_some() {
            return Err("--target: it is the former name of --label; pass --label alone".into());
        }
        options.label = Some(target.to_owned());
    }
    let ridge = given.parse("ridge")?.unwrap_or(1e-3);
    Ok(Task::own(read_table(path, &options, ridge, stream)?))
}
