//! The trait of networks that can be pruned.

use std::ops::Range;

use rand::Rng;
use serde::Serialize;

use crate::{Mask, Result};

/// The prunable weights of one layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prunable {
    /// Name in the network.
    pub name: String,
    /// Shape of the weights. Layers of equal shape can exchange masks.
    pub shape: Vec<usize>,
    /// Index range of the weights among the parameters.
    pub range: Range<usize>,
    /// Input and output unit of each weight; each pair occurs at most once. A shared kernel counts as one bipartite
    /// graph from its taps to its output channels.
    pub edges: Vec<[u32; 2]>,
    /// Number of adjacent units that are channels of one position; 1 without channels.
    pub channels: u32,
    /// Whether it is the output layer, which is pruned at half the rate.
    pub output: bool,
}

impl Prunable {
    /// Number of weights.
    pub fn weights(&self) -> usize {
        self.edges.len()
    }

    /// Number of input units and output units.
    pub(crate) fn units(&self) -> [usize; 2] {
        [0, 1].map(|side| self.edges.iter().map(|edge| edge[side] as usize + 1).max().unwrap_or(0))
    }
}

/// A network with its task. A training is one call of [`begin`](Model::begin) and [`steps`](Model::steps) calls of
/// [`step`](Model::step). Cut weights are zero before the first step and after every step.
pub trait Model {
    /// The prunable layers, from input to output.
    fn layers(&self) -> &[Prunable];

    /// Total number of parameters.
    fn parameters(&self) -> usize;

    /// Draws initial parameters.
    fn draw(&self, rng: &mut dyn Rng) -> Vec<f32>;

    /// Number of steps of one training.
    fn steps(&self) -> usize;

    /// Begins a training at step `at` from these parameters. Without a mask, nothing is cut.
    fn begin(&mut self, parameters: &[f32], mask: Option<&Mask>, at: usize) -> Result<()>;

    /// Performs one step at `factor` times the learning rate.
    fn step(&mut self, factor: f64, rng: &mut dyn Rng) -> Result<()>;

    /// Returns the value to be minimised: the normalised error, or 1 - accuracy on the test samples.
    fn value(&mut self) -> Result<f64>;

    /// Returns all current parameters.
    fn ends(&self) -> Vec<f32>;

    /// Returns the gradient of the loss at these parameters, and its cost in training steps.
    fn gradient(&mut self, parameters: &[f32], rng: &mut dyn Rng) -> Result<(Vec<f32>, f64)>;

    /// Returns the gradient of the sum of all outputs for an input of ones at the absolute values of these parameters
    /// (Tanaka et al. 2020), and its cost in training steps.
    fn flow(&mut self, parameters: &[f32]) -> Result<(Vec<f32>, f64)>;
}

/// Runs a whole training. Returns the final value.
pub fn train(model: &mut dyn Model, parameters: &[f32], mask: Option<&Mask>, rng: &mut dyn Rng) -> Result<f64> {
    model.begin(parameters, mask, 0)?;
    for _ in 0..model.steps() {
        model.step(1.0, rng)?;
    }
    model.value()
}
