//! The problems: linear networks with exact loss at four sparsities, a deeper linear network, and classifiers.

use std::sync::Arc;

use headstart_domain::{Estimand, Problem, Result, Starts, Stream, Target};
use ndarray::Array2;

use super::LotteryDomain;
use super::instance::{Experiment, Instance};
use crate::linear::{Architecture, Bias, LinearTask, Teacher};
use crate::samples::{self, shapes};
use crate::{ClassTask, Net, Samples};

/// Steps of a training of a linear network. The contract test checks behaviour only, so it takes fewer steps of every
/// kind.
pub(super) const LINEAR_STEPS: usize = if cfg!(test) { 40 } else { 300 };
/// Steps between measurements of its error.
pub(super) const LINEAR_EVERY: usize = 10;
/// Number of accuracy measurements in a classifier's training.
pub(super) const LOOKS: usize = 60;
/// Steps of a training of dense networks, and of convolutional ones.
pub(super) const DENSE_STEPS: usize = if cfg!(test) { 40 } else { 600 };
const CONV_STEPS: usize = if cfg!(test) { 10 } else { 200 };
/// Learning rate of dense networks: three times Frankle & Carbin's. On tuning replicates, nearly every start did better
/// with it in 600 steps.
pub(super) const DENSE_RATE: f64 = 3.6e-3;
/// Samples generated per replicate.
const DIGITS: usize = if cfg!(test) { 400 } else { 2400 };
const SHAPES: usize = if cfg!(test) { 200 } else { 2400 };

/// Number of random maps whose product is a teacher.
const FACTORS: usize = 4;

const LINEAR: &[&str] = &[
    "random-mask",
    "dense",
    "ticket",
    "other-ticket",
    "re-init",
    "transferred",
    "transferred-re-init",
    "transferred-weights",
    "transferred-signs",
    "degree-shuffle",
    "relabelled",
    "renamed",
    "layer-reversed",
    "other-task",
    "wrong-bias",
    "snip",
    "synflow",
    "magnitude-at-init",
    "one-shot",
    "global-ticket",
];
const DEEP: &[&str] = &[
    "random-mask",
    "dense",
    "ticket",
    "other-ticket",
    "transferred-cyclic",
    "transferred-depth-ratio",
    "transferred-blocks",
];
const DENSE: &[&str] = &[
    "random-mask",
    "dense",
    "ticket",
    "other-ticket",
    "re-init",
    "sign-constant",
    "ticket-shuffle",
    "snip",
    "synflow",
    "magnitude-at-init",
    "one-shot",
    "global-ticket",
];
const CONV: &[&str] = &[
    "random-mask",
    "dense",
    "ticket",
    "other-ticket",
    "re-init",
    "sign-constant",
    "transferred",
    "transferred-re-init",
    "transferred-weights",
    "degree-shuffle",
];
/// Problems whose learning rate is tuned, by final accuracy. Not `digits-22`, which asks how fast a ticket learns at
/// the dense network's rate.
pub(super) const TUNED: &[&str] = &["digits-5", "digits-2", "wine-5", "conv-13"];

pub(super) const PROBLEMS: &[Problem<LotteryDomain>] = &[
    linear("linear-33", "residual linear network learns a horizontal map, 32.8% of the weights kept", |s| {
        transfer(4, 5, s)
    }),
    linear("linear-17", "residual linear network learns a horizontal map, 16.8% of the weights kept", |s| {
        transfer(4, 8, s)
    }),
    linear("linear-9", "residual linear network learns a horizontal map, 8.6% of the weights kept", |s| {
        transfer(4, 11, s)
    }),
    linear("linear-4", "residual linear network learns a horizontal map, 4.4% of the weights kept", |s| {
        transfer(4, 14, s)
    }),
    linear(
        "deep-linear-17",
        "residual linear network of 8 layers, masks from a chain of 4 layers, 16.8% of the weights kept",
        |s| transfer(8, 8, s),
    )
    .starts(Starts::Only(DEEP)),
    classes("digits-22", "dense layers 64-100-50-10 learn drawn digits, 22% of the weights kept", DENSE, |s| {
        digits(7, s)
    }),
    classes("digits-5", "dense layers 64-100-50-10 learn drawn digits, 5.2% of the weights kept", DENSE, |s| {
        digits(14, s)
    }),
    classes("digits-2", "dense layers 64-100-50-10 learn drawn digits, 2.4% of the weights kept", DENSE, |s| {
        digits(18, s)
    }),
    classes(
        "wine-5",
        "dense layers 11-100-50-6 predict wine grades from 11 measurements, 5.3% of the weights kept",
        DENSE,
        wine,
    )
    .resolution(0.005),
    classes(
        "conv-13",
        "a ResNet-like network of 3 x 3 convolutions learns shapes on 16 x 16 pixels, masks from a VGG-like network, \
         13% of the weights kept",
        CONV,
        convolutions,
    )
    .budget(CONV_STEPS as f64),
];

const fn linear(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Instance>,
) -> Problem<LotteryDomain> {
    Problem::new(name, about, make, Target::Known(linear_target))
        .starts(Starts::Only(LINEAR))
        .resolution(1e-4)
        .budget(LINEAR_STEPS as f64)
        .value_label("normalised squared error")
}

const fn classes(
    name: &'static str,
    about: &'static str,
    starts: &'static [&'static str],
    make: fn(&mut Stream) -> Result<Instance>,
) -> Problem<LotteryDomain> {
    Problem::new(name, about, make, Target::Known(class_target))
        .starts(Starts::Only(starts))
        .resolution(0.002)
        .value_label("1 - accuracy")
        .headline(Estimand::metric("accuracy"))
}

/// About the final error of the network's own ticket from another seed (the fair ceiling) at each sparsity.
fn linear_target(instance: &Instance) -> f64 {
    match instance.rounds {
        _ if cfg!(test) => 0.6,
        0..=5 => 0.03,
        6..=8 => 0.06,
        9..=11 => 0.15,
        _ => 0.3,
    }
}

/// An error rate that dense networks reach within a fraction of the steps.
fn class_target(instance: &Instance) -> f64 {
    let Experiment::Classes(task) = &instance.target else { return 0.0 };
    match (&task.net, cfg!(test)) {
        (_, true) => 0.95,
        (Net::Mlp { inputs: 64, .. }, _) => 0.05,
        (Net::Mlp { .. }, _) => 0.45,
        (Net::Conv { .. }, _) => 0.3,
    }
}

/// Creates a residual network of this many layers, with a chain of four layers as the source of masks.
fn transfer(layers: usize, rounds: usize, stream: &mut Stream) -> Result<Instance> {
    let teacher = Teacher::tridiagonal(Bias::Horizontal, FACTORS, stream);
    let other = Teacher::tridiagonal(Bias::Horizontal, FACTORS, stream);
    let wrong = Teacher::tridiagonal(Bias::Vertical, FACTORS, stream);
    let task = |architecture, teacher| {
        Experiment::Linear(LinearTask { steps: LINEAR_STEPS, ..LinearTask::new(architecture, teacher) })
    };
    let chain = Architecture::Chain { layers: 4 };
    let target = task(Architecture::Residual { layers }, teacher.clone());
    Ok(Instance {
        source: Some(task(chain, teacher)),
        other: Some(task(chain, other)),
        wrong: Some(task(chain, wrong)),
        ..Instance::new(target, rounds, stream)?
    })
}

/// Creates a network with dense layers of 100 and 50 units.
pub(super) fn dense(samples: Samples, rounds: usize, stream: &mut Stream) -> Result<Instance> {
    let net = Net::Mlp { inputs: samples.inputs, hidden: vec![100, 50], classes: samples.classes_in_all };
    let task = ClassTask { rate: DENSE_RATE, ..ClassTask::new(net, Arc::new(samples), DENSE_STEPS) };
    Instance::new(Experiment::Classes(task), rounds, stream)
}

fn digits(rounds: usize, stream: &mut Stream) -> Result<Instance> {
    dense(samples::digits(DIGITS, stream)?, rounds, stream)
}

/// linfa-datasets' red wines with the tasters' grades. A random quarter, redrawn per replicate, are test samples.
fn wine(stream: &mut Stream) -> Result<Instance> {
    let data = linfa_datasets::winequality();
    let inputs = data.records.ncols();
    let x = standardised(&data.records);
    let least = data.targets.iter().copied().min().unwrap_or(0);
    let classes: Vec<u32> = data.targets.iter().map(|grade| (grade - least) as u32).collect();
    let in_all = classes.iter().max().map_or(0, |last| *last as usize + 1);
    let judged = classes.len() / 4;
    dense(Samples::split((inputs, in_all), x, classes, judged, stream)?, 14, stream)
}

/// Standardises the columns after rounding to single precision.
fn standardised(table: &Array2<f64>) -> Vec<f32> {
    let mut table = table.mapv(|x| f64::from(x as f32));
    headstart_table::standardise(&mut table);
    table.iter().map(|x| *x as f32).collect()
}

fn convolutions(stream: &mut Stream) -> Result<Instance> {
    let samples = Arc::new(shapes::draw(SHAPES, stream)?);
    let task = |shortcuts| {
        let net = Net::Conv { side: shapes::SIDE, channels: 8, classes: samples.classes_in_all, shortcuts };
        let task = ClassTask::new(net, Arc::clone(&samples), CONV_STEPS);
        Experiment::Classes(ClassTask { batch: 32, rate: 1e-2, ..task })
    };
    Ok(Instance { source: Some(task(false)), ..Instance::new(task(true), 9, stream)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded results depend on every bit of this table.
    #[test]
    fn the_standardised_wines_keep_their_bits() {
        let x = standardised(&linfa_datasets::winequality().records);
        let hash = x
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, x| (hash ^ u64::from(x.to_bits())).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(hash, 9_764_066_216_634_816_001);
    }
}
