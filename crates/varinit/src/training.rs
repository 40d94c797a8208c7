//! Training from given parameters, and statistics of the signals at its beginning.

use headstart_nn::{Loss, Method, Network, Optimiser, Role, Target, statistics};
use headstart_simd::Portable;
use rand::{Rng, RngExt};

use crate::{Net, Result, Task};

/// Losses above this, and those that are not finite, count as this.
pub const WORST: f64 = 1e6;

/// A training, step by step.
pub struct Training<'a> {
    task: &'a Task,
    network: Network<f32>,
    optimiser: Optimiser<f32>,
    /// If set, the first step changes the weights by exactly this fraction of their norm, for any optimiser.
    exact: Option<f64>,
    x: Vec<f32>,
    y: Vec<f32>,
    classes: Vec<u32>,
}

impl<'a> Training<'a> {
    /// Creates a training from these parameters.
    pub fn new(task: &'a Task, parameters: &[f32], method: Method, exact: Option<f64>) -> Result<Self> {
        let mut network = Network::new(task.net.body())?;
        if network.parameters().len() != parameters.len() {
            return Err(headstart_nn::Error::Length {
                what: "the start",
                expected: network.parameters().len(),
                given: parameters.len(),
            }
            .into());
        }
        network.parameters_mut().copy_from_slice(parameters);
        let optimiser = Optimiser::new(method, parameters.len())?;
        Ok(Self { task, network, optimiser, exact, x: Vec::new(), y: Vec::new(), classes: Vec::new() })
    }

    /// The network in its current state.
    pub fn network(&self) -> &Network<f32> {
        &self.network
    }

    /// Returns the loss on the measured samples in evaluation mode; at most [`WORST`].
    pub fn value(&mut self) -> Result<f64> {
        let (x, target) = self.task.measured();
        let value = f64::from(self.network.loss(x, target, self.task.loss)?);
        Ok(if value < WORST { value } else { WORST })
    }

    /// Performs one step on samples drawn with replacement.
    pub fn step(&mut self, rate: f64, rng: &mut impl Rng) -> Result<()> {
        let task = self.task;
        let [inputs, outputs] = task.net.numbers();
        self.x.clear();
        self.y.clear();
        self.classes.clear();
        for _ in 0..task.batch {
            let sample = rng.random_range(0..task.samples());
            self.x.extend_from_slice(&task.x[sample * inputs..][..inputs]);
            if !task.y.is_empty() {
                self.y.extend_from_slice(&task.y[sample * outputs..][..outputs]);
            }
            if !task.classes.is_empty() {
                self.classes.push(task.classes[sample]);
            }
        }
        let target = if task.loss == Loss::NormalFlow {
            Target::Nothing
        } else if task.classes.is_empty() {
            Target::Values(&self.y)
        } else {
            Target::Classes(&self.classes)
        };
        self.network.gradient(&self.x, target, task.loss, rng)?;
        let rate = match self.exact.take() {
            Some(part) => part * self.weights(|w, _| w).sqrt() / self.weights(|_, g| g).sqrt().max(f64::MIN_POSITIVE),
            None => rate,
        };
        self.network.step(&mut self.optimiser, rate)?;
        Ok(())
    }

    /// Sums, over all weights, the square of a function of the weight and its gradient.
    fn weights(&self, choose: impl Fn(f64, f64) -> f64) -> f64 {
        let weights = self.network.tensors().iter().filter(|tensor| tensor.role == Role::Weight);
        let places = weights.flat_map(headstart_nn::Tensor::range);
        let (parameters, gradients) = (self.network.parameters(), self.network.gradients());
        places.map(|i| choose(f64::from(parameters[i]), f64::from(gradients[i])).powi(2)).sum()
    }

    /// Returns the norm of the weights' change from `since`, relative to their norm.
    pub fn relative_change(&self, since: &[f32]) -> f64 {
        let mut sums = [0.0, 0.0];
        for tensor in self.network.tensors().iter().filter(|tensor| tensor.role == Role::Weight) {
            for i in tensor.range() {
                sums[0] += f64::from(self.network.parameters()[i] - since[i]).powi(2);
                sums[1] += f64::from(since[i]).powi(2);
            }
        }
        (sums[0] / sums[1]).sqrt()
    }

    /// Returns statistics of the signals on the measured samples in training mode.
    pub fn signals(&mut self, rng: &mut impl Rng) -> Result<Signals> {
        let (x, target) = self.task.measured();
        self.network.gradient(x, target, self.task.loss, rng)?;
        let mut signals = Signals::default();
        let weighted: Vec<usize> = self
            .network
            .tensors()
            .iter()
            .filter(|tensor| tensor.role == Role::Weight)
            .filter_map(|tensor| tensor.name.split('.').next()?.parse().ok())
            .collect();
        let hidden = !matches!(self.task.net, Net::Recall { .. } | Net::Flow { .. });
        let last = weighted.last().copied().unwrap_or(0);
        self.network.watch(|watched| {
            let found = statistics::of(watched.values, watched.width);
            match (watched.what, watched.path) {
                ("output", &[place]) if hidden && weighted.contains(&place) && place < last => {
                    signals.forward.push(found.square);
                    signals.dead.push(found.dead);
                }
                ("gradient", &[place]) if hidden && weighted.contains(&place) && place < last => {
                    signals.backward.push(found.square);
                }
                ("logits", _) => signals.logit_variance = Some(found.variance),
                ("attention", _) => signals.entropy = Some(statistics::entropy(watched.values, watched.width)),
                _ => {}
            }
        });
        if matches!(self.task.net, Net::Flow { .. }) {
            signals.log_det = Some(self.network.log_det());
        }
        Ok(signals)
    }
}

/// Statistics of a network's signals before its first step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals {
    /// Mean squares of the pre-activations of hidden layers (or blocks), from the first to the last.
    pub forward: Vec<f64>,
    /// Mean squares of their gradients.
    pub backward: Vec<f64>,
    /// Share of units per layer that are 0 for every sample.
    pub dead: Vec<f64>,
    /// Variance of the attention logits.
    pub logit_variance: Option<f64>,
    /// Mean entropy of a query's attention, in nats.
    pub entropy: Option<f64>,
    /// Mean and standard deviation over samples of the log-determinant.
    pub log_det: Option<(f64, f64)>,
}

impl Signals {
    /// Returns log10 of the ratio of the last to the first.
    pub fn growth(squares: &[f64]) -> Option<f64> {
        let ratio = (squares.last()? / squares.first()?).portable_log10();
        (squares.len() > 1 && ratio.is_finite()).then_some(ratio)
    }
}
