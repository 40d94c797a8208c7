//! What pruning needs of a network and its task.

use std::ops::Range;

use rand::Rng;
use serde::Serialize;

use crate::{Mask, Result};

/// The weights of one layer that may be pruned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prunable {
    /// Its name in the network.
    pub name: String,
    /// Shape of its weights. Layers of equal shape can take each other's masks.
    pub shape: Vec<usize>,
    /// Where its weights lie among the parameters.
    pub range: Range<usize>,
    /// Input and output unit of each weight, each pair at most once. A kernel shared by all places counts as one bipartite
    /// graph from its taps to its output channels.
    pub edges: Vec<[u32; 2]>,
    /// Neighbouring units that are channels of one place; 1 where places have no channels.
    pub channels: u32,
    /// Whether it is the output layer, which is pruned at half the rate.
    pub output: bool,
}

impl Prunable {
    /// Weights in it.
    pub fn weights(&self) -> usize {
        self.edges.len()
    }

    /// Units of its inputs and outputs.
    pub(crate) fn units(&self) -> [usize; 2] {
        [0, 1].map(|side| self.edges.iter().map(|edge| edge[side] as usize + 1).max().unwrap_or(0))
    }
}

/// A network with its task. A training is one [`begin`](Model::begin) and [`steps`](Model::steps) times
/// [`step`](Model::step). What a mask cuts is zero before the first step and after every one.
pub trait Model {
    /// The layers that may be pruned, from the input to the output.
    fn layers(&self) -> &[Prunable];

    /// Parameters in all.
    fn parameters(&self) -> usize;

    /// Initial parameters.
    fn draw(&self, rng: &mut dyn Rng) -> Vec<f32>;

    /// Steps of one training.
    fn steps(&self) -> usize;

    /// Begins a training at this step of it from these parameters under this mask; without one nothing is cut.
    fn begin(&mut self, parameters: &[f32], mask: Option<&Mask>, at: usize) -> Result<()>;

    /// One step, at `factor` times the learning rate.
    fn step(&mut self, factor: f64, rng: &mut dyn Rng) -> Result<()>;

    /// What is to be small: the normalised error, or 1 - accuracy on samples that are not trained on.
    fn value(&mut self) -> Result<f64>;

    /// All parameters as they stand.
    fn ends(&self) -> Vec<f32>;

    /// The gradient of the loss at these parameters, and its cost in training steps.
    fn gradient(&mut self, parameters: &[f32], rng: &mut dyn Rng) -> Result<(Vec<f32>, f64)>;

    /// The gradient of the sum of all outputs for an input of ones at the absolute values of these parameters (Tanaka et
    /// al. 2020), and its cost in training steps.
    fn flow(&mut self, parameters: &[f32]) -> Result<(Vec<f32>, f64)>;
}

/// A whole training; answers the value at its end.
pub fn train(model: &mut dyn Model, parameters: &[f32], mask: Option<&Mask>, rng: &mut dyn Rng) -> Result<f64> {
    model.begin(parameters, mask, 0)?;
    for _ in 0..model.steps() {
        model.step(1.0, rng)?;
    }
    model.value()
}
