//! User data: an MLP on the user's table, from each initialiser.

use std::path::Path;

use headstart_domain::{Opt, Options, Result};
use headstart_nn::{Activation, Loss, Method};
use headstart_table::options;
use headstart_table::{Dataset, Label, Purpose, ReadOptions, standardise_column};
use ndarray::Array1;

use super::problems::{Instance, Trial};
use crate::{Net, Task};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::of(options::LABEL_TO_LEARN.parts()),
    Opt::of(options::TASK.parts()),
    Opt::of(options::CATEGORICAL.parts()),
    Opt::of(options::DROP.parts()),
    Opt::of(options::DELIMITER.parts()),
    Opt::of(options::HEADER.parts()),
    Opt::new("layers", "N", "hidden layers of the network").default("6"),
    Opt::new("width", "N", "units per hidden layer").default("64"),
    Opt::new("activation", "NAME", "activation after each hidden layer: relu, tanh, gelu, silu, selu or elu")
        .default("relu"),
    Opt::new("method", "NAME", "sgd or adam").default("adam"),
];

pub(super) fn open(path: &Path, options: &Options) -> Result<Instance> {
    let read = ReadOptions::from_values(Purpose::Learn, |name| options.get(name))?;
    let data = Dataset::read(path, &ReadOptions { standardise: true, ..read })?;
    let x: Vec<f32> = data.singles()?.iter().copied().collect();
    let (loss, outputs, y, classes) = match data.label {
        Label::Classes { names, of_row } => {
            let classes = of_row.into_iter().map(|class| class as u32).collect();
            (Loss::CrossEntropy, names.len(), Vec::new(), classes)
        }
        Label::Quantity(values) => {
            let mut values = Array1::from(values);
            standardise_column(&mut values.view_mut());
            (Loss::MeanSquared, 1, values.iter().map(|y| *y as f32).collect(), Vec::new())
        }
        Label::None => return Err("the table has no label column; name one with --label".into()),
    };
    let net = Net::Mlp {
        inputs: data.features.len(),
        layers: count(options, "layers", 6)?,
        width: count(options, "width", 64)?,
        outputs,
        activation: activation(options.get("activation").unwrap_or("relu"))?,
        dropout: 0.0,
    };
    let (method, rate) = match options.get("method").unwrap_or("adam") {
        "adam" => (Method::ADAM, 1e-3),
        "sgd" => (Method::SGD, 0.03),
        other => return Err(format!("--method {other}: it must be sgd or adam").into()),
    };
    let task = Task { net, method, rate, batch: 64, loss, x, y, classes, input_square: 1.0, target: 0.0 };
    Ok(Instance { task, trial: Trial::Training, sigma: 0.0, notes: data.notes })
}

fn count(options: &Options, name: &str, default: usize) -> Result<usize> {
    match options.parse(name)?.unwrap_or(default) {
        0 => Err(format!("--{name} 0: it must be at least 1").into()),
        count if count > 4096 => {
            Err(format!("--{name} {count}: it must be at most 4096, to train in reasonable time").into())
        }
        count => Ok(count),
    }
}

fn activation(name: &str) -> Result<Activation> {
    Ok(match name {
        "relu" => Activation::Relu,
        "tanh" => Activation::Tanh,
        "gelu" => Activation::Gelu,
        "silu" => Activation::Silu,
        "selu" => Activation::Selu,
        "elu" => Activation::Elu,
        other => return Err(format!("--activation {other}: it must be relu, tanh, gelu, silu, selu or elu").into()),
    })
}
