//! Starts of the problems' networks: the rule that each problem tests, and its rivals.

use headstart_nn::{Activation, Network, Role};
use rand::Rng;

use crate::net::BRANCHES;
use crate::{Net, Result, Task, init, start, variance};

/// How the branches of a block are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchRule {
    /// Each branch as if it were the only one: 2 / n.
    Alone,
    /// Equal shares: 2 / (B n).
    Balanced,
    /// The same variance for all branches, with the same sum as `Balanced`.
    Alike,
}

/// Applies the ReLU rule with this slope to every hidden layer, and variance 1 / n to the last layer.
pub fn rectifier(network: &mut Network<f32>, slope: f64, rng: &mut impl Rng) -> Result<()> {
    start::forward(network, (2.0 / (1.0 + slope * slope)).sqrt(), rng)
}

/// Applies a branch rule to the branches, and variance 1 / n to the last layer.
pub fn branches(network: &mut Network<f32>, rule: BranchRule, rng: &mut impl Rng) -> Result<()> {
    let last = start::count(network);
    let width = network.input().numbers();
    let fans: Vec<usize> = (0..BRANCHES).map(|branch| Net::branch(width, branch)).collect();
    start::weights(network, rng, |tensor, place, numbers, rng| {
        let variance = match rule {
            _ if place + 1 == last => 1.0 / tensor.fan_in as f64,
            BranchRule::Alone => variance::rectifier(tensor.fan_in, 0.0),
            BranchRule::Balanced => variance::branch(BRANCHES, tensor.fan_in),
            BranchRule::Alike => variance::branches_alike(&fans),
        };
        init::with_variance(numbers, variance, init::Shape::Normal, rng)
    })
}

/// Scales queries and keys for logits of this variance. Values get variance 1 / n over the inputs' mean square, later
/// layers 1 / n.
pub fn logits(network: &mut Network<f32>, task: &Task, logit_variance: f64, rng: &mut impl Rng) -> Result<()> {
    start::weights(network, rng, |tensor, _, numbers, rng| {
        let name = tensor.name.rsplit('.').next().unwrap_or("");
        let variance = match name {
            "query" | "key" => variance::attention(tensor.fan_in, task.input_square, logit_variance),
            "value" => variance::attention(tensor.fan_in, task.input_square, 1.0),
            _ => 1.0 / tensor.fan_in as f64,
        };
        init::with_variance(numbers, variance, init::Shape::Normal, rng)
    })
}

/// Scales the first layer for the covariance of the task's inputs, and the others by He's rule.
pub fn first_layer(network: &mut Network<f32>, task: &Task, scaling: init::Scaling, rng: &mut impl Rng) -> Result<()> {
    let covariance = task.covariance();
    let last = start::count(network);
    start::weights(network, rng, |tensor, place, numbers, rng| {
        if place == 0 {
            init::mahalanobis(numbers, covariance.view(), scaling, 2.0, rng)?;
            return Ok(());
        }
        let variance = if place + 1 == last { 1.0 } else { 2.0 } / tensor.fan_in as f64;
        init::with_variance(numbers, variance, init::Shape::Normal, rng)
    })
}

/// Applies Xavier's rule. With `zero_last`, the last layer of every coupling is zero, so that the flow begins as the
/// identity.
pub fn flow(network: &mut Network<f32>, zero_last: bool, rng: &mut impl Rng) -> Result<()> {
    start::xavier(network, rng)?;
    if zero_last {
        for tensor in network.tensors().to_vec() {
            // The dense layers of a coupling's network have indices 0, 2 and 4.
            if tensor.role == Role::Weight && tensor.name.ends_with(".4.weight") {
                network.parameters_mut()[tensor.range()].fill(0.0);
            }
        }
    }
    Ok(())
}

/// Sets the biases of all layers but the last.
pub fn biases(network: &mut Network<f32>, value: f32) {
    let biases: Vec<_> = network.tensors().iter().filter(|tensor| tensor.role == Role::Bias).cloned().collect();
    for tensor in &biases[..biases.len().saturating_sub(1)] {
        network.parameters_mut()[tensor.range()].fill(value);
    }
}

/// Sets the slopes of all `PReLU` layers.
pub fn slopes(network: &mut Network<f32>, value: f32) {
    for tensor in network.tensors().to_vec() {
        if tensor.role == Role::Slope {
            network.parameters_mut()[tensor.range()].fill(value);
        }
    }
}

/// Applies the rule that the task tests.
pub fn own(network: &mut Network<f32>, task: &Task, rng: &mut impl Rng) -> Result<()> {
    match task.net {
        Net::Mlp { activation: Activation::Relu, dropout, .. } => {
            start::forward(network, (2.0 * (1.0 - dropout)).sqrt(), rng)
        }
        Net::Mlp { activation, dropout, .. } => {
            start::forward(network, crate::exact_gain(activation) * (1.0 - dropout).sqrt(), rng)
        }
        Net::PRelu { .. } => rectifier(network, PRELU_SLOPE, rng),
        Net::Branches { .. } => branches(network, BranchRule::Balanced, rng),
        Net::Recall { .. } => logits(network, task, 1.0, rng),
        Net::Flow { .. } => flow(network, false, rng),
    }
}

/// Initial slope of PReLU in the problems.
pub const PRELU_SLOPE: f64 = 0.5;
