//! The starts, as the harness calls them. Starts that differ in one thing share all random numbers.

use headstart_domain::{Result, Role, Setup, Start as DomainStart};
use headstart_nn::Activation;
use serde::Serialize;

use super::DqnDomain;
use super::problems::Instance;
use crate::{Net, Start, SustainedOptimism, start};

/// The initial Q function and the exploration rate.
#[derive(Serialize)]
pub struct InitialAgent {
    /// The first Q function.
    pub start: Start,
    /// Probability of a random action.
    pub epsilon: f64,
}

/// Of starts that are not optimistic.
const EPSILON: f64 = 0.05;
/// All weights of He's start times this are "small".
const SMALL: f64 = 0.5;
/// Units of the shallow networks.
const WIDE: usize = 256;

pub(super) const STARTS: &[DomainStart<DqnDomain>] = &[
    DomainStart::new(
        "torch-default",
        "PyTorch's: weights and biases even within 1 / sqrt(n_in), epsilon 0.05; two hidden ReLU layers of 50 as in bsuite",
        |i, setup| begin(torch(i, setup)?, EPSILON),
    ),
    DomainStart::new("zero-bias-he", "He's weights, biases 0, epsilon 0.05", |i, setup| begin(he(i, setup)?, EPSILON)),
    DomainStart::new(
        "optimistic-bias",
        "half of He's weights, output bias V_max, no random actions (epsilon 0, as all optimistic starts)",
        |i, setup| greedy(small(i, setup)?.with_output_bias(i.v_max)),
    ),
    DomainStart::new("optimistic-bias-epsilon", "the same with epsilon 0.05", |i, setup| {
        begin(small(i, setup)?.with_output_bias(i.v_max), EPSILON)
    }),
    // It tells what training the bias is worth.
    DomainStart::new("optimistic-bias-frozen", "optimistic-bias whose output bias is not trained", |i, setup| {
        greedy(small(i, setup)?.with_output_bias(i.v_max).holding_output_bias())
    })
    .role(Role::Control),
    DomainStart::new("optimistic-bias-torch", "PyTorch's weights and hidden biases, output bias V_max", |i, setup| {
        greedy(torch(i, setup)?.with_output_bias(i.v_max))
    }),
    DomainStart::new(
        "reward-bound-bias",
        "optimistic-bias with the bound from rewards alone, r_max / (1 - gamma), for V_max",
        |i, setup| greedy(small(i, setup)?.with_output_bias(i.bound)),
    )
    .may_equal("optimistic-bias"),
    // Another architecture than the baseline's, like the three after it: one wide layer, or none.
    DomainStart::new(
        "unit-row-tanh",
        "one hidden tanh layer of 256, its weights normal with every state's row of mean square 1, output weights 0, output \
         bias V_max",
        |i, setup| greedy(rows(i, setup)?.with_output_bias(i.v_max)),
    )
    .role(Role::Algorithm),
    DomainStart::new(
        "short-row-tanh",
        "control: the same rows at length 1, where the bias moves all values",
        |i, setup| greedy(rows(i, setup)?.scaled((WIDE as f64).sqrt().recip()).with_output_bias(i.v_max)),
    )
    .role(Role::Algorithm),
    DomainStart::new(
        "linear-head",
        "no hidden layer: a table of values that begin at V_max, in a bias that is not trained",
        |i, setup| greedy(linear(i, setup)?.holding_output_bias()),
    )
    .role(Role::Algorithm),
    DomainStart::new("linear-head-trainable", "the same table beside a bias that is trained", |i, setup| {
        greedy(linear(i, setup)?)
    })
    .role(Role::Algorithm),
    DomainStart::new(
        "large-weights",
        "half of He's weights below equal output weights that make the mean value V_max, biases 0",
        |i, setup| greedy(small(i, setup)?.with_output_weights_for(i.v_max, &i.states)?),
    ),
    // The weights of optimistic-bias-epsilon: the sign of the bias alone differs.
    DomainStart::new("pessimistic", "half of He's weights, output bias -V_max, epsilon 0.05", |i, setup| {
        begin(small(i, setup)?.with_output_bias(-i.v_max), EPSILON)
    })
    .role(Role::Control),
    // What is maintained changes every update, or every action: another algorithm.
    DomainStart::new(
        "anchor",
        "maintained: optimistic-bias, and every update also pulls the values of 32 random inputs to V_max with weight 0.1 \
         (after Lobel et al. 2022)",
        |i, setup| greedy(anchored(small(i, setup)?.with_output_bias(i.v_max), i)),
    )
    .role(Role::Algorithm),
    DomainStart::new("anchor-zero-bias", "maintained, control: the same anchor, output bias 0", |i, setup| {
        greedy(anchored(small(i, setup)?, i))
    })
    .role(Role::Algorithm),
    DomainStart::new(
        "opiq-counts",
        "maintained: half of He's weights, biases 0, and V_max / (n + 1)^2 added after n visits, in action and bootstrap \
         (OPIQ, Rashid et al. 2020)",
        |i, setup| {
            greedy(small(i, setup)?.with_sustained_optimism(SustainedOptimism::Counts { scale: i.v_max, power: 2.0 }))
        },
    )
    .role(Role::Algorithm),
];

fn begin(start: Start, epsilon: f64) -> Result<InitialAgent> {
    Ok(InitialAgent { start, epsilon })
}

fn greedy(start: Start) -> Result<InitialAgent> {
    begin(start, 0.0)
}

/// bsuite's layers.
fn deep(instance: &Instance) -> Net {
    Net::of(&instance.world, &[50, 50], Activation::Relu)
}

fn torch(instance: &Instance, setup: &mut Setup) -> Result<Start> {
    let net = deep(instance);
    Ok(Start::clone(&*setup.shared("torch", |stream| Ok((start::torch_default(&net, stream)?, 0.0)))?))
}

fn he(instance: &Instance, setup: &mut Setup) -> Result<Start> {
    let net = deep(instance);
    Ok(Start::clone(&*setup.shared("he", |stream| Ok((start::he(&net, stream)?, 0.0)))?))
}

fn small(instance: &Instance, setup: &mut Setup) -> Result<Start> {
    Ok(he(instance, setup)?.scaled(SMALL))
}

fn rows(instance: &Instance, setup: &mut Setup) -> Result<Start> {
    let net = Net::of(&instance.world, &[WIDE], Activation::Tanh);
    let length = (WIDE as f64).sqrt();
    let rows = setup.shared("rows", |stream| Ok((start::even_rows(&net, length, stream)?, 0.0)))?;
    Ok(Start::clone(&*rows).without_output_weights())
}

fn linear(instance: &Instance, _: &mut Setup) -> Result<Start> {
    let net = Net::of(&instance.world, &[], Activation::Identity);
    Ok(start::zero(&net)?.with_output_bias(instance.v_max))
}

fn anchored(start: Start, instance: &Instance) -> Start {
    start.with_sustained_optimism(SustainedOptimism::Anchor { value: instance.v_max, weight: 0.1, inputs: 32 })
}
