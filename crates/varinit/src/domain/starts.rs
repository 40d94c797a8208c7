//! The starts of this domain.

use headstart_domain::{Result, Role, Setup, Start as DomainStart, Stream};
use headstart_nn::{Method, Network};
use serde::Serialize;

use super::VarinitDomain;
use super::problems::{Instance, RHO};
use crate::init::Scaling;
use crate::rules::{self, BranchRule};
use crate::{Net, Task, start};

/// Initial parameters, and optimiser settings that belong to them.
#[derive(Serialize)]
pub struct TrainingStart {
    /// All parameters of the network.
    pub parameters: Vec<f32>,
    /// Optimiser in place of the problem's, if set.
    pub method: Option<Method>,
    /// If set, the first step has exactly this fraction of the weights' norm.
    pub exact: Option<f64>,
    /// Learning rate in units of the problem's.
    pub rate: f64,
}

pub(super) const STARTS: &[DomainStart<VarinitDomain>] = &[
    DomainStart::new(
        "torch-default",
        "PyTorch's default: weights and biases uniform in +-1 / sqrt(n_in)",
        |i, setup| make(i, setup, |network, _, rng| start::torch_default(network, rng)),
    ),
    DomainStart::new("xavier", "variance 2 / (n_in + n_out) (Glorot and Bengio 2010)", |i, setup| {
        make(i, setup, |network, _, rng| start::xavier(network, rng))
    }),
    DomainStart::new("he", "variance 2 / n_in (He et al. 2015)", |i, setup| {
        make(i, setup, |network, _, rng| rules::rectifier(network, 0.0, rng))
    }),
    DomainStart::new("gain-rule", "variance gain^2 / n_in with the activation's gain E[f(z)^2]^(-1/2)", |i, setup| {
        own(i, setup, 1.0)
    }),
    DomainStart::new("orthogonal-he", "orthogonal matrices with He's norm (Saxe et al. 2014)", |i, setup| {
        make(i, setup, |network, _, rng| start::orthogonal(network, std::f64::consts::SQRT_2, rng))
    }),
    DomainStart::new("orthogonal-xavier", "control: orthogonal matrices with Xavier's norm", |i, setup| {
        make(i, setup, |network, _, rng| start::orthogonal(network, 1.0, rng))
    })
    .role(Role::Control),
    DomainStart::new(
        "lsuv",
        "orthogonal matrices, then scaled layer by layer to unit variance on data (Mishkin and Matas 2016)",
        |i, setup| {
            let mut passes = 0;
            let begin = make(i, setup, |network, task, rng| {
                passes = start::lsuv(network, task.measured().0, 0.05, rng)?;
                Ok(())
            })?;
            // A forward pass costs a third of a step.
            setup.charge(passes as f64 / 3.0);
            Ok(begin)
        },
    ),
    // Controls: the rule at another scale shows whether its scale matters.
    DomainStart::new("rule-quarter", "the problem's rule, all weights times 1/4", |i, setup| own(i, setup, 0.25))
        .needs_truth()
        .role(Role::Control),
    DomainStart::new("rule-times-4", "the problem's rule, all weights times 4", |i, setup| own(i, setup, 4.0))
        .needs_truth()
        .role(Role::Control),
    DomainStart::new("prelu-rule", "variance 2 / ((1 + a^2) n_in) (He et al. 2015)", |i, setup| own(i, setup, 1.0))
        .needs_truth(),
    DomainStart::new("dropout-rule", "variance 2 (1 - p) / n_in", |i, setup| own(i, setup, 1.0)).needs_truth(),
    DomainStart::new("unit-logits", "queries and keys for logits of variance 1: 1 / (d_in s^2)", |i, setup| {
        logits(i, setup, 1.0)
    })
    .needs_truth(),
    DomainStart::new("logits-1e-4", "queries and keys for logits of variance 1e-4", |i, setup| logits(i, setup, 1e-4))
        .needs_truth(),
    DomainStart::new("logits-0.01", "queries and keys for logits of variance 0.01", |i, setup| logits(i, setup, 0.01))
        .needs_truth(),
    DomainStart::new("logits-10", "queries and keys for logits of variance 10", |i, setup| logits(i, setup, 10.0))
        .needs_truth(),
    DomainStart::new(
        "logits-81",
        "queries and keys for logits of variance 81, which weights of variance 1 / d_in give for inputs of standard \
         deviation 3",
        |i, setup| logits(i, setup, 81.0),
    )
    .needs_truth(),
    DomainStart::new(
        "mimetic",
        "query-key products near 0.7 I, value-output products near -0.4 I (Trockman and Kolter 2023)",
        |i, setup| make(i, setup, |network, _, rng| start::mimetic(network, [0.7, 0.7, 0.4, 0.4], rng).map(|_| ())),
    )
    .needs_truth(),
    DomainStart::new("he-per-branch", "every branch scaled separately: variance 2 / n_b", |i, setup| {
        branches(i, setup, BranchRule::Alone)
    })
    .needs_truth(),
    DomainStart::new("balanced-branches", "equal contributions of all branches: variance 2 / (B n_b)", |i, setup| {
        branches(i, setup, BranchRule::Balanced)
    })
    .needs_truth(),
    DomainStart::new(
        "equal-total",
        "control: the same variance for all branches with the same sum, 2 / (sum of n_b)",
        |i, setup| branches(i, setup, BranchRule::Alike),
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new("isotropic", "first layer with variance 2 / tr S", |i, setup| {
        first_layer(i, setup, Scaling::Isotropic)
    }),
    DomainStart::new("diagonal", "control: first layer with covariance (2 / n) diag(S)^-1", |i, setup| {
        first_layer(i, setup, Scaling::Diagonal)
    })
    .role(Role::Control),
    DomainStart::new("mahalanobis", "first layer with covariance (2 / n) S^-1", |i, setup| {
        first_layer(i, setup, Scaling::Mahalanobis)
    }),
    DomainStart::new("normal-1", "all weights standard normal", |i, setup| sigma(i, setup, 1.0)).needs_truth(),
    DomainStart::new(
        "zero-last",
        "control: Xavier with the last layer of every coupling zero (Kingma and Dhariwal 2018)",
        |i, setup| make(i, setup, |network, _, rng| rules::flow(network, true, rng)),
    )
    .needs_truth()
    .role(Role::Control),
    DomainStart::new("bias-0", "He's weights, biases 0", |i, setup| bias(i, setup, 0.0)).needs_truth(),
    DomainStart::new("bias-plus-0.1", "He's weights, biases 0.1", |i, setup| bias(i, setup, 0.1)).needs_truth(),
    // Controls that kill units on purpose, to show that the metric responds.
    DomainStart::new("bias-minus-1", "He's weights, biases -1", |i, setup| bias(i, setup, -1.0))
        .needs_truth()
        .role(Role::Control),
    DomainStart::new("bias-minus-3", "He's weights, biases -3", |i, setup| bias(i, setup, -3.0))
        .needs_truth()
        .role(Role::Control),
    DomainStart::new(
        "adam-scaled",
        "normal weights with the problem's sigma, Adam at rate rho sigma",
        |i: &Instance, setup| sigma(i, setup, i.sigma),
    )
    .needs_truth(),
    // Different algorithms: these two train by gradient descent instead of the problem's Adam.
    DomainStart::new(
        "exact-step",
        "adam-scaled's distribution of weights; a first gradient descent step of exactly rho of their norm",
        |i: &Instance, setup| {
            Ok(TrainingStart { method: Some(Method::SGD), exact: Some(RHO), ..sigma(i, setup, i.sigma)? })
        },
    )
    .needs_truth()
    .role(Role::Algorithm),
    DomainStart::new(
        "sgd-fixed",
        "control: adam-scaled's distribution of weights, gradient descent at rate 0.01",
        |i: &Instance, setup| {
            Ok(TrainingStart { method: Some(Method::SGD), rate: 0.01 / i.task.rate, ..sigma(i, setup, i.sigma)? })
        },
    )
    .needs_truth()
    .role(Role::Algorithm),
    DomainStart::new("sigma-0.02", "normal weights of standard deviation 0.02", |i, setup| sigma(i, setup, 0.02))
        .needs_truth(),
    DomainStart::new("sigma-0.03", "normal weights of standard deviation 0.03", |i, setup| sigma(i, setup, 0.03))
        .needs_truth(),
    DomainStart::new("sigma-0.05", "normal weights of standard deviation 0.05", |i, setup| sigma(i, setup, 0.05))
        .needs_truth(),
    DomainStart::new("sigma-0.1", "normal weights of standard deviation 0.1", |i, setup| sigma(i, setup, 0.1))
        .needs_truth(),
    DomainStart::new("sigma-0.2", "normal weights of standard deviation 0.2", |i, setup| sigma(i, setup, 0.2))
        .needs_truth(),
    DomainStart::new("sigma-0.3", "normal weights of standard deviation 0.3", |i, setup| sigma(i, setup, 0.3))
        .needs_truth(),
    DomainStart::new("sigma-0.4", "normal weights of standard deviation 0.4", |i, setup| sigma(i, setup, 0.4))
        .needs_truth(),
    DomainStart::new("sigma-0.8", "normal weights of standard deviation 0.8", |i, setup| sigma(i, setup, 0.8))
        .needs_truth(),
];

fn make(
    instance: &Instance,
    setup: &mut Setup,
    write: impl FnOnce(&mut Network<f32>, &Task, &mut Stream) -> crate::Result<()>,
) -> Result<TrainingStart> {
    let mut network = Network::new(instance.task.net.body())?;
    if let Net::PRelu { .. } = instance.task.net {
        rules::slopes(&mut network, rules::PRELU_SLOPE as f32);
    }
    write(&mut network, &instance.task, setup.stream())?;
    Ok(TrainingStart { parameters: network.parameters().to_vec(), method: None, exact: None, rate: 1.0 })
}

fn own(instance: &Instance, setup: &mut Setup, factor: f64) -> Result<TrainingStart> {
    make(instance, setup, |network, task, rng| {
        rules::own(network, task, rng)?;
        start::rescale(network, factor);
        Ok(())
    })
}

fn logits(instance: &Instance, setup: &mut Setup, variance: f64) -> Result<TrainingStart> {
    make(instance, setup, |network, task, rng| rules::logits(network, task, variance, rng))
}

fn branches(instance: &Instance, setup: &mut Setup, rule: BranchRule) -> Result<TrainingStart> {
    make(instance, setup, |network, _, rng| rules::branches(network, rule, rng))
}

fn first_layer(instance: &Instance, setup: &mut Setup, scaling: Scaling) -> Result<TrainingStart> {
    make(instance, setup, |network, task, rng| rules::first_layer(network, task, scaling, rng))
}

fn sigma(instance: &Instance, setup: &mut Setup, deviation: f64) -> Result<TrainingStart> {
    make(instance, setup, |network, _, rng| start::normal(network, deviation, rng))
}

fn bias(instance: &Instance, setup: &mut Setup, value: f32) -> Result<TrainingStart> {
    make(instance, setup, |network, _, rng| {
        rules::rectifier(network, 0.0, rng)?;
        rules::biases(network, value);
        Ok(())
    })
}
