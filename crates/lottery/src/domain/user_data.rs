//! User data: dense layers on a table or on MNIST's files.

use std::path::Path;
use std::sync::Arc;

use headstart_domain::{Opt, Options, Result, Stream};
use headstart_table::options::{self, OptionText};
use headstart_table::{Purpose, ReadOptions};

use super::instance::{Experiment, Instance};
use super::problems::{DENSE_RATE, DENSE_STEPS};
use crate::samples::{idx, table};
use crate::{ClassTask, Net};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::of(options::LABEL_TO_LEARN.parts()),
    Opt::of(options::TASK.parts()),
    Opt::of(options::CATEGORICAL.parts()),
    Opt::of(options::DROP.parts()),
    Opt::of(options::DELIMITER.parts()),
    Opt::of(options::HEADER.parts()),
    Opt::new("hidden", "N-N", "units of each hidden layer; LeNet is 300-100").default("100-50"),
    Opt::new("rounds", "N", "rounds of pruning; each removes a fifth of the remaining weights").default("14"),
    Opt::new("steps", "N", "steps of a training, with 64 samples each").default("600"),
];

/// Options that apply to tables only.
const OF_TABLES: [OptionText; 6] =
    [options::LABEL_TO_LEARN, options::TASK, options::CATEGORICAL, options::DROP, options::DELIMITER, options::HEADER];

pub(super) fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Instance> {
    let (samples, notes) = if path.is_dir() {
        if let Some(OptionText { name, .. }) = OF_TABLES.iter().find(|text| options.is_set(text.name)) {
            return Err(format!("--{name} applies to tables, but this is a folder of MNIST's files; omit it").into());
        }
        (idx(path)?, Vec::new())
    } else {
        table(path, &ReadOptions::from_values(Purpose::Learn, |name| options.get(name))?, stream)?
    };
    let hidden = hidden(options.get("hidden").unwrap_or("100-50"))?;
    let rounds = whole(options, "rounds", 14, 30)?;
    let steps = whole(options, "steps", DENSE_STEPS, 100_000)?;
    let net = Net::Mlp { inputs: samples.inputs, hidden, classes: samples.classes_in_all };
    let task = ClassTask { rate: DENSE_RATE, ..ClassTask::new(net, Arc::new(samples), steps) };
    Ok(Instance { notes, ..Instance::new(Experiment::Classes(task), rounds, stream)? })
}

fn hidden(text: &str) -> Result<Vec<usize>> {
    let one =
        |word: &str| match word.parse() {
            Ok(units @ 1..=4096) => Ok(units),
            _ => Err(format!("--hidden {text}: write the units of each layer, 1 to 4096, separated by -, like 100-50")
                .into()),
        };
    text.split('-').map(one).collect()
}

fn whole(options: &Options, name: &str, default: usize, most: usize) -> Result<usize> {
    match options.parse(name)?.unwrap_or(default) {
        0 => Err(format!("--{name} 0: it must be at least 1").into()),
        count if count > most => Err(format!("--{name} {count}: it must be at most {most}").into()),
        count => Ok(count),
    }
}
