//! Starts of the problems' networks by the rule that each is about, and by its rivals.

use headstart_nn::{Activation, Network, Role};
use rand::Rng;

use crate::net::BRANCHES;
use crate::{Net, Result, Task, init, start, variance};

/// How the branches of a block are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchRule {
    /// Each by itself as if it were alone: 2 / n.
    Alone,
    /// Equal shares: 2 / (B n).
    Balanced,
    /// One variance for all that keeps the sum's.
    Alike,
}

/// A ReLU rule with this slope on every hidden layer, 1 / n on the last.
pub fn rectifier(network: &mut Network<f32>, slope: f64, rng: &mut impl Rng) -> Result<()> {
    start::forward(network, (2.0 / (1.0 + slope * slope)).sqrt(), rng)
}

/// Weights of branches; the last layer 1 / n.
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

/// Queries and keys for logits of this variance; values and what follows 1 / n and the inverse of the inputs' mean square.
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

/// The first layer for inputs of the task's covariance, the others by He.
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

/// Xavier, and zero for the last layer of every coupling if asked for: the flow then begins as the identity.
pub fn flow(network: &mut Network<f32>, zero_last: bool, rng: &mut impl Rng) -> Result<()> {
    start::xavier(network, rng)?;
    if zero_last {
        for tensor in network.tensors().to_vec() {
            // Dense layers of a coupling's network stand at 0, 2 and 4.
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

/// Sets the slopes of PReLU.
pub fn slopes(network: &mut Network<f32>, value: f32) {
    for tensor in network.tensors().to_vec() {
        if tensor.role == Role::Slope {
            network.parameters_mut()[tensor.range()].fill(value);
        }
    }
}

/// The rule that the task is about.
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

/// The slope with which PReLU begins in the problems.
pub const PRELU_SLOPE: f64 = 0.5;
