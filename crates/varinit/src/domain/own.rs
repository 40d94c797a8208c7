//! Own data: an MLP on the user's table from each initialiser.

use std::path::Path;

use headstart_domain::{Opt, Options, Result};
use headstart_nn::{Activation, Loss, Method};
use headstart_table::{Table, number};

use super::problems::{Instance, Trial};
use crate::task::standardised;
use crate::{Net, Task};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::new("label", "COLUMN", "the column to be learned; the last one if not given"),
    Opt::new("layers", "N", "hidden layers of the network").default("6"),
    Opt::new("width", "N", "units of a hidden layer").default("64"),
    Opt::new("activation", "NAME", "after each hidden layer: relu, tanh, gelu, silu, selu or elu").default("relu"),
    Opt::new("method", "NAME", "sgd or adam").default("adam"),
];

/// Different numbers of the label beyond which it is a quantity and no class.
const MOST_CLASSES: usize = 20;

pub(super) fn open(path: &Path, options: &Options) -> Result<Instance> {
    let table = Table::read(path)?;
    let columns = table.header.len();
    let label = options.get("label").map_or(Ok(columns - 1), |name| table.column(name))?;
    let mut features = Vec::new();
    for column in (0..columns).filter(|column| *column != label) {
        features.push(standardised(table.singles(column)?));
    }
    let samples = table.rows.len();
    let x: Vec<f32> = (0..samples).flat_map(|i| features.iter().map(move |column| column[i])).collect();
    let cells: Vec<&str> = table.rows.iter().map(|row| row.cells[label].as_str()).collect();
    let mut names = cells.clone();
    names.sort_unstable();
    names.dedup();
    let quantity = cells.iter().all(|cell| number(cell).is_some_and(f64::is_finite)) && names.len() > MOST_CLASSES;
    if names.len() < 2 {
        return Err(format!(
            "column {} is {:?} in every row: there is nothing to learn",
            table.header[label], names[0]
        )
        .into());
    }
    let (loss, y, classes) = if quantity {
        let y = standardised(table.singles(label)?);
        (Loss::MeanSquared, y, Vec::new())
    } else {
        let class = |cell: &&str| names.binary_search(cell).unwrap_or(0) as u32;
        (Loss::CrossEntropy, Vec::new(), cells.iter().map(class).collect())
    };
    let net = Net::Mlp {
        inputs: columns - 1,
        layers: count(options, "layers", 6)?,
        width: count(options, "width", 64)?,
        outputs: if quantity { 1 } else { names.len() },
        activation: activation(options.get("activation").unwrap_or("relu"))?,
        dropout: 0.0,
    };
    let (method, rate) = match options.get("method").unwrap_or("adam") {
        "adam" => (Method::ADAM, 1e-3),
        "sgd" => (Method::SGD, 0.03),
        other => return Err(format!("--method {other}: it is sgd or adam").into()),
    };
    let task = Task { net, method, rate, batch: 64, loss, x, y, classes, input_square: 1.0, target: 0.0 };
    Ok(Instance { task, trial: Trial::Training, sigma: 0.0 })
}

fn count(options: &Options, name: &str, default: usize) -> Result<usize> {
    match options.parse(name)?.unwrap_or(default) {
        0 => Err(format!("--{name} 0: at least 1 is needed").into()),
        count if count > 4096 => {
            Err(format!("--{name} {count}: at most 4096 can be trained in reasonable time").into())
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
        other => return Err(format!("--activation {other}: it is relu, tanh, gelu, silu, selu or elu").into()),
    })
}
