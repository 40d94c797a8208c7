//! The starts of this domain. Starts that differ in one thing share all random numbers.

use headstart_domain::{Result, Role, Setup, Start as DomainStart};
use headstart_nn::Activation;
use serde::Serialize;

use super::DqnDomain;
use super::problems::Instance;
use crate::{Net, Start, SustainedOptimism, start};

/// The initial Q function and the exploration rate.
#[derive(Serialize)]
pub struct InitialAgent {
    /// The initial Q function.
    pub start: Start,
    /// Probability of a random action.
    pub epsilon: f64,
}

/// Exploration rate of starts that are not optimistic.
const EPSILON: f64 = 0.05;
/// "Small" weights are He's weights times this.
const SMALL: f64 = 0.5;
/// Units of the shallow networks.
const WIDE: usize = 256;

pub(super) const STARTS: &[DomainStart<DqnDomain>] = &[
    DomainStart::new(
        "torch-default",
        "PyTorch's default: weights and biases uniform in +-1 / sqrt(n_in), epsilon 0.05; two hidden ReLU layers of 50 \
         units as in bsuite",
        |i, setup| begin(torch(i, setup)?, EPSILON),
    ),
    DomainStart::new("zero-bias-he", "He's weights, biases 0, epsilon 0.05", |i, setup| begin(he(i, setup)?, EPSILON)),
    DomainStart::new(
        "optimistic-bias",
        "half of He's weights, output bias V_max, no random actions (epsilon 0, as in all optimistic starts)",
        |i, setup| greedy(small(i, setup)?.with_output_bias(i.v_max)),
    ),
    DomainStart::new("optimistic-bias-epsilon", "optimistic-bias with epsilon 0.05", |i, setup| {
        begin(small(i, setup)?.with_output_bias(i.v_max), EPSILON)
    }),
    // Measures the effect of training the bias.
    DomainStart::new("optimistic-bias-frozen", "optimistic-bias with a frozen output bias", |i, setup| {
        greedy(small(i, setup)?.with_output_bias(i.v_max).holding_output_bias())
    })
    .role(Role::Control),
    DomainStart::new("optimistic-bias-torch", "PyTorch's weights and hidden biases, output bias V_max", |i, setup| {
        greedy(torch(i, setup)?.with_output_bias(i.v_max))
    }),
    DomainStart::new(
        "reward-bound-bias",
        "optimistic-bias with the bound from rewards alone, r_max / (1 - gamma), in place of V_max",
        |i, setup| greedy(small(i, setup)?.with_output_bias(i.bound)),
    )
    .may_equal("optimistic-bias"),
    // This start and the three after it have a different architecture from the baseline: one wide layer, or none.
    DomainStart::new(
        "unit-row-tanh",
        "one hidden tanh layer of 256 units; normal first-layer weights, each state's row scaled to mean square 1; \
         output weights 0, output bias V_max",
        |i, setup| greedy(rows(i, setup)?.with_output_bias(i.v_max)),
    )
    .role(Role::Algorithm),
    DomainStart::new(
        "short-row-tanh",
        "control: unit-row-tanh with rows of length 1, so that the bias dominates all values",
        |i, setup| greedy(rows(i, setup)?.scaled((WIDE as f64).sqrt().recip()).with_output_bias(i.v_max)),
    )
    .role(Role::Algorithm),
    DomainStart::new(
        "linear-head",
        "no hidden layer: a table of values that begin at V_max through a frozen output bias",
        |i, setup| greedy(linear(i, setup)?.holding_output_bias()),
    )
    .role(Role::Algorithm),
    DomainStart::new("linear-head-trainable", "linear-head with a trainable output bias", |i, setup| {
        greedy(linear(i, setup)?)
    })
    .role(Role::Algorithm),
    DomainStart::new(
        "large-weights",
        "half of He's weights; output weights all equal so that the mean value is V_max; biases 0",
        |i, setup| greedy(small(i, setup)?.with_output_weights_for(i.v_max, &i.states)?),
    ),
    // Differs from optimistic-bias-epsilon only in the sign of the bias.
    DomainStart::new("pessimistic", "half of He's weights, output bias -V_max, epsilon 0.05", |i, setup| {
        begin(small(i, setup)?.with_output_bias(-i.v_max), EPSILON)
    })
    .role(Role::Control),
    // Maintained optimism changes every update or every action, so these are different algorithms.
    DomainStart::new(
        "anchor",
        "maintained: optimistic-bias, and every update also regresses the values of 32 random inputs to V_max with \
         weight 0.1 (after Lobel et al. 2022)",
        |i, setup| greedy(anchored(small(i, setup)?.with_output_bias(i.v_max), i)),
    )
    .role(Role::Algorithm),
    DomainStart::new("anchor-zero-bias", "maintained, control: anchor with output bias 0", |i, setup| {
        greedy(anchored(small(i, setup)?, i))
    })
    .role(Role::Algorithm),
    DomainStart::new(
        "opiq-counts",
        "maintained: half of He's weights, biases 0, and a bonus of V_max / (n + 1)^2 after n visits in action \
         selection and bootstrapping (OPIQ, Rashid et al. 2020)",
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

/// The layers of bsuite's DQN.
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
