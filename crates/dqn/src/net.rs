//! The network of a Q function.

use headstart_nn::{Activation, Sequential, Shape};
use serde::{Deserialize, Serialize};

use crate::environment::{Environment, Observation};

/// A multilayer perceptron from observations to one value per action. One-hot observations are passed as indices: the
/// first layer looks up a row of its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Net {
    /// Type of the input.
    pub observation: Observation,
    /// Units of each hidden layer; empty for a linear function.
    pub hidden: Vec<usize>,
    /// Activation after each hidden layer.
    pub activation: Activation,
    /// Number of actions, which is the number of outputs.
    pub actions: usize,
}

impl Net {
    /// Returns the network for an environment, with these hidden layers.
    pub fn of(environment: &impl Environment, hidden: &[usize], activation: Activation) -> Self {
        let (observation, actions) = (environment.observation(), environment.actions());
        Self { observation, hidden: hidden.to_vec(), activation, actions }
    }

    /// Returns the layers.
    pub fn body(&self) -> Sequential<f32> {
        let mut body = Sequential::new(Shape::vector(self.observation.numbers()));
        let mut is_first = true;
        for &units in &self.hidden {
            body = self.affine(body, units, is_first).activation(self.activation);
            is_first = false;
        }
        self.affine(body, self.actions, is_first)
    }

    fn affine(&self, body: Sequential<f32>, units: usize, is_first: bool) -> Sequential<f32> {
        match self.observation {
            Observation::OneHot(rows) if is_first => body.lookup(rows, units),
            _ => body.dense(units),
        }
    }
}
