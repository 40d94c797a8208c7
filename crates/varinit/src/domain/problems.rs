//! The problems: a trainable task for each rule, by gradient descent and by Adam if both differ.

use headstart_domain::{Estimand, Problem, Result, Starts, Stream, Target};
use headstart_nn::{Activation, Method};
use serde::Serialize;

use super::VarinitDomain;
use crate::Task;
use crate::task::{self, Alignment};

/// Step budget of a trial.
pub(super) const BUDGET: f64 = 400.0;
/// What a trial is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Trial {
    /// One training.
    Training,
    /// Trainings at every rate of a grid, by Adam and by gradient descent.
    RateGrid,
}

/// A task, and the type of its trials.
#[derive(Serialize)]
pub struct Instance {
    /// The task.
    pub task: Task,
    /// What a trial is.
    pub trial: Trial,
    /// Standard deviation of all weights, for starts of problems that fix it.
    pub sigma: f64,
    /// Notes on how user data was read.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// The relative first update requested from Adam.
pub(super) const RHO: f64 = 0.01;

const SGD: Method = Method::SGD;
const ADAM: Method = Method::ADAM;
const TARGET: Target<VarinitDomain> = Target::Known(|instance: &Instance| instance.task.target);

const DEEP: &[&str] =
    &["torch-default", "xavier", "he", "orthogonal-he", "orthogonal-xavier", "lsuv", "rule-quarter", "rule-times-4"];
const SMOOTH: &[&str] = &["torch-default", "xavier", "he", "gain-rule", "rule-quarter", "rule-times-4"];
const PRELU: &[&str] = &["torch-default", "he", "prelu-rule", "rule-quarter", "rule-times-4"];
const DROPOUT: &[&str] = &["torch-default", "he", "dropout-rule", "rule-quarter", "rule-times-4"];
const RECALL: &[&str] =
    &["torch-default", "unit-logits", "logits-1e-4", "logits-0.01", "logits-10", "logits-81", "mimetic"];
const BRANCHES: &[&str] =
    &["torch-default", "he-per-branch", "balanced-branches", "equal-total", "rule-quarter", "rule-times-4"];
const CORRELATED: &[&str] = &["torch-default", "isotropic", "diagonal", "mahalanobis"];
const FLOW: &[&str] = &["torch-default", "xavier", "normal-1", "zero-last", "rule-quarter", "rule-times-4"];
const DEAD: &[&str] = &["torch-default", "bias-0", "bias-plus-0.1", "bias-minus-1", "bias-minus-3"];
const STEP: &[&str] = &["torch-default", "adam-scaled", "exact-step", "sgd-fixed"];
const GRID: &[&str] = &[
    "torch-default",
    "sigma-0.02",
    "sigma-0.03",
    "sigma-0.05",
    "sigma-0.1",
    "sigma-0.2",
    "sigma-0.3",
    "sigma-0.4",
    "sigma-0.8",
];

pub(super) const PROBLEMS: &[Problem<VarinitDomain>] = &[
    trains(
        "deep-relu-sgd",
        "30 ReLU layers of 64 units (the depth of He et al.'s figure 3) learn a smooth function of 16 inputs by \
         gradient descent",
        DEEP,
        |s| one(task::deep(30, (SGD, 0.03), s)),
    ),
    trains("deep-relu-adam", "deep-relu-sgd, but trained by Adam", DEEP, |s| one(task::deep(30, (ADAM, 1e-3), s))),
    trains("deep-relu-12-sgd", "deep-relu-sgd, but with 12 layers", DEEP, |s| one(task::deep(12, (SGD, 0.03), s))),
    trains("deep-relu-12-adam", "deep-relu-12-sgd, but trained by Adam", DEEP, |s| {
        one(task::deep(12, (ADAM, 1e-3), s))
    }),
    trains("prelu-sgd", "20 layers of 48 units with PReLU of initial slope 0.5, by gradient descent", PRELU, |s| {
        one(task::prelu(20, (SGD, 0.01), s))
    }),
    trains("deep-tanh-sgd", "20 tanh layers of 64 units, by gradient descent", SMOOTH, |s| {
        one(task::smooth_layers(Activation::Tanh, 20, (SGD, 0.03), s))
    }),
    trains("deep-gelu-adam", "20 GELU layers of 64 units, by Adam", SMOOTH, |s| {
        one(task::smooth_layers(Activation::Gelu, 20, (ADAM, 1e-3), s))
    }),
    trains("dropout-sgd", "6 ReLU layers of 128 units with dropout 0.5, by gradient descent", DROPOUT, |s| {
        one(task::dropout(6, (SGD, 0.03), s))
    })
    .budget(1000.0),
    trains("recall-sgd", "one attention head learns associative recall of 15 pairs by gradient descent", RECALL, |s| {
        one(task::recall((SGD, 0.1), s))
    }),
    trains("recall-adam", "recall-sgd, but trained by Adam", RECALL, |s| one(task::recall((ADAM, 1e-2), s))),
    trains("branches-sgd", "6 blocks of 8 branches with fan-ins 8 to 64, by gradient descent", BRANCHES, |s| {
        one(task::branches(6, (SGD, 0.01), s))
    }),
    trains("branches-adam", "branches-sgd, but trained by Adam", BRANCHES, |s| one(task::branches(6, (ADAM, 1e-3), s))),
    aligned(
        "low-variance-sgd",
        "32 correlated inputs of condition number 1e4, target in the directions of least variance; 128 ReLU units, \
         gradient descent",
        |s| correlated(Alignment::Lowest, (SGD, 0.03), s),
    ),
    aligned("low-variance-adam", "low-variance-sgd, but trained by Adam", |s| {
        correlated(Alignment::Lowest, (ADAM, 1e-2), s)
    }),
    aligned("whitened-sgd", "inputs of low-variance-sgd, target in all directions equally, gradient descent", |s| {
        correlated(Alignment::Whitened, (SGD, 0.03), s)
    }),
    aligned("whitened-adam", "whitened-sgd, but trained by Adam", |s| correlated(Alignment::Whitened, (ADAM, 1e-2), s)),
    aligned(
        "top-component-sgd",
        "inputs of low-variance-sgd, target in the direction of most variance, gradient descent",
        |s| correlated(Alignment::Top, (SGD, 0.03), s),
    ),
    aligned("top-component-adam", "top-component-sgd, but trained by Adam", |s| {
        correlated(Alignment::Top, (ADAM, 1e-2), s)
    }),
    trains("flow-moons", "6 affine couplings learn the density of two moons by Adam", FLOW, |s| {
        one(task::moons((ADAM, 3e-3), s))
    }),
    trains("flow-ring", "6 affine couplings learn the density of eight clusters on a ring by Adam", FLOW, |s| {
        one(task::ring((ADAM, 3e-3), s))
    }),
    trains("dead-relu", "2 ReLU layers of 64 units on positive inputs, by gradient descent", DEAD, |s| {
        one(task::dead((SGD, 0.03), s))
    }),
    step("first-step-0.01", "the first update of weights of standard deviation 0.01", |s| sized(0.01, s)),
    step("first-step-0.05", "the first update of weights of standard deviation 0.05", |s| sized(0.05, s)),
    step("first-step-0.2", "the first update of weights of standard deviation 0.2", |s| sized(0.2, s)),
    trains(
        "rate-grid",
        "the best of 9 learning rates for 3 tanh layers of 64 units, by Adam and by gradient descent",
        GRID,
        |s| Ok(Instance { trial: Trial::RateGrid, ..tanh(s)? }),
    )
    .budget(super::schedule::GRID_STEPS)
    .headline(Estimand::VALUE),
];

const fn trains(
    name: &'static str,
    about: &'static str,
    starts: &'static [&'static str],
    make: fn(&mut Stream) -> Result<Instance>,
) -> Problem<VarinitDomain> {
    Problem::new(name, about, make, TARGET).starts(Starts::Only(starts)).resolution(1e-3)
}

/// A longer budget, because gradient descent on inputs of condition number 1e4 is slow.
const fn aligned(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Instance>,
) -> Problem<VarinitDomain> {
    trains(name, about, CORRELATED, make).budget(1000.0)
}

const fn step(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Instance>,
) -> Problem<VarinitDomain> {
    trains(name, about, STEP, make).budget(20.0).headline(Estimand::metric("first_update")).hard()
}

fn one(task: Task) -> Result<Instance> {
    Ok(Instance { task, trial: Trial::Training, sigma: 0.0, notes: Vec::new() })
}

fn correlated(alignment: Alignment, how: (Method, f64), stream: &mut Stream) -> Result<Instance> {
    one(task::correlated(alignment, how, stream)?)
}

/// A problem with weights of one standard deviation, at the rate of the rule for it.
fn sized(sigma: f64, stream: &mut Stream) -> Result<Instance> {
    let mut instance = tanh(stream)?;
    instance.task.rate = crate::variance::adam_rate(RHO, sigma);
    instance.sigma = sigma;
    Ok(instance)
}

/// A smooth function, learned by tanh layers.
fn tanh(stream: &mut Stream) -> Result<Instance> {
    one(task::smooth_layers(Activation::Tanh, 3, (ADAM, 1e-3), stream))
}
