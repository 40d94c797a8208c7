//! Initial Q functions and sustained optimism. Starts are plain functions of a network and a random generator.

use headstart_check::check;
use headstart_nn::{Network, Role, Tensor};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

use crate::environment::Observation;
use crate::{Error, Net, Result};

/// A network, its initial parameters, and what training must not change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The layers.
    pub net: Net,
    /// All parameters in the order of `headstart-nn`: layer by layer, weights `[in, out]`, then biases.
    pub parameters: Vec<f32>,
    /// Whether the output biases are frozen during training.
    pub holds_output_bias: bool,
    /// Optimism that is maintained during training.
    pub sustained_optimism: SustainedOptimism,
}

/// Optimism that is maintained during training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum SustainedOptimism {
    /// No maintained optimism.
    None,
    /// Every update also regresses the values of random inputs towards `value` (after Lobel et al. 2022).
    Anchor {
        /// Target of the regression.
        value: f64,
        /// Weight of the mean squared distance from `value` in the loss.
        weight: f64,
        /// Inputs per update, redrawn each time from all one-hot vectors.
        inputs: usize,
    },
    /// A bonus C / (n + 1)^M after n visits, added both in action selection and in bootstrapping (OPIQ, Rashid et al.
    /// 2020).
    Counts {
        /// C: the bonus of a pair without visits.
        scale: f64,
        /// M: the exponent of the decay.
        power: f64,
    },
}

impl SustainedOptimism {
    /// Checks the parameters and that observations are one-hot where that is needed.
    pub(crate) fn check(self, observation: Observation) -> Result<()> {
        let is_one_hot = matches!(observation, Observation::OneHot(_));
        match self {
            Self::None => {}
            Self::Anchor { .. } if !is_one_hot => return Err(Error::OneHot { what: "an anchor" }),
            Self::Counts { .. } if !is_one_hot => return Err(Error::OneHot { what: "a count bonus" }),
            Self::Anchor { value, weight, inputs } => {
                check(value.is_finite(), "the value of the anchor", value, "finite")?;
                check(weight > 0.0 && weight.is_finite(), "the weight of the anchor", weight, "positive")?;
                check(inputs > 0, "the number of the anchor's inputs", inputs as f64, "at least 1")?;
            }
            Self::Counts { scale, power } => {
                check(scale >= 0.0 && scale.is_finite(), "C of the bonus", scale, "at least 0")?;
                check(power > 0.0 && power.is_finite(), "M of the bonus", power, "positive")?;
            }
        }
        Ok(())
    }
}

impl Start {
    /// Creates a start. `write` fills the parameters tensor by tensor; they are 0 before.
    pub fn write(net: &Net, mut write: impl FnMut(&Tensor, &mut [f32])) -> Result<Self> {
        let mut network = Network::new(net.body())?;
        for tensor in network.tensors().to_vec() {
            write(&tensor, &mut network.parameters_mut()[tensor.range()]);
        }
        let parameters = network.parameters().to_vec();
        Ok(Self { net: net.clone(), parameters, holds_output_bias: false, sustained_optimism: SustainedOptimism::None })
    }

    /// Index range of the output biases, which are the last parameters.
    pub fn output_biases(&self) -> std::ops::Range<usize> {
        self.parameters.len() - self.net.actions..self.parameters.len()
    }

    /// Index range of the output weights, which come just before the output biases.
    fn output_weights(&self) -> std::ops::Range<usize> {
        let biases = self.output_biases();
        let inputs = match (self.net.hidden.last(), self.net.observation) {
            (Some(units), _) => *units,
            (None, Observation::OneHot(rows)) => rows,
            (None, Observation::Vector(numbers)) => numbers,
        };
        biases.start - inputs * self.net.actions..biases.start
    }

    /// Sets all output biases to `value`.
    #[must_use]
    pub fn with_output_bias(mut self, value: f64) -> Self {
        let places = self.output_biases();
        self.parameters[places].fill(value as f32);
        self
    }

    /// Freezes the output biases during training.
    #[must_use]
    pub fn holding_output_bias(mut self) -> Self {
        self.holds_output_bias = true;
        self
    }

    /// Sets the output weights to 0, so that every value equals its bias at first.
    #[must_use]
    pub fn without_output_weights(mut self) -> Self {
        let places = self.output_weights();
        self.parameters[places].fill(0.0);
        self
    }

    /// Multiplies all parameters by `factor`.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.parameters.iter_mut().for_each(|w| *w *= factor as f32);
        self
    }

    /// Adds optimism that is maintained during training.
    #[must_use]
    pub fn with_sustained_optimism(mut self, sustained_optimism: SustainedOptimism) -> Self {
        self.sustained_optimism = sustained_optimism;
        self
    }

    /// Sets all output weights to one constant, chosen so that the mean output over the one-hot inputs `states` is
    /// `value`, biases excluded. The start is then optimistic through its weights. Fails unless the mean of the last
    /// hidden layer is positive.
    pub fn with_output_weights_for(mut self, value: f64, states: &[u32]) -> Result<Self> {
        let (weights, biases) = (self.output_weights(), self.output_biases());
        self.parameters[weights.clone()].fill(1.0);
        self.parameters[biases].fill(0.0);
        let mut network = self.network()?;
        let inputs: Vec<f32> = states.iter().map(|state| *state as f32).collect();
        let sum: f64 = network.forward(&inputs, None)?.iter().map(|q| f64::from(*q)).sum();
        let mean = sum / (inputs.len() * self.net.actions) as f64;
        check(mean > 0.0, "the mean of the last hidden layer", mean, "positive: use non-negative units such as ReLU")?;
        self.parameters[weights].fill((value / mean) as f32);
        Ok(self)
    }

    /// Builds the network with these parameters.
    pub fn network(&self) -> Result<Network<f32>> {
        let mut network = Network::new(self.net.body())?;
        let expected = network.parameters().len();
        if self.parameters.len() != expected {
            return Err(Error::Start { what: "parameters", given: self.parameters.len(), expected });
        }
        network.parameters_mut().copy_from_slice(&self.parameters);
        Ok(network)
    }
}

/// Default of `PyTorch`: weights and biases uniform in +-1 / sqrt(`n_in`).
pub fn torch_default(net: &Net, rng: &mut impl Rng) -> Result<Start> {
    Start::write(net, |tensor, numbers| {
        let bound = (tensor.fan_in as f32).sqrt().recip();
        numbers.fill_with(|| rng.random_range(-bound..bound));
    })
}

/// He's start: normal weights of variance 2 / `n_in`, biases 0 (He et al. 2015).
pub fn he(net: &Net, rng: &mut impl Rng) -> Result<Start> {
    Start::write(net, |tensor, numbers| {
        if tensor.role == Role::Weight {
            normal(numbers, (2.0 / tensor.fan_in as f64).sqrt(), rng);
        }
    })
}

/// Like [`he`], but every input's row of the first layer is normal and has this norm. With one-hot inputs and an odd
/// activation, the features of different states are then nearly orthogonal.
pub fn even_rows(net: &Net, norm: f64, rng: &mut impl Rng) -> Result<Start> {
    let mut is_first = true;
    Start::write(net, |tensor, numbers| {
        if tensor.role != Role::Weight {
            return;
        }
        normal(numbers, (2.0 / tensor.fan_in as f64).sqrt(), rng);
        if std::mem::take(&mut is_first) {
            for row in numbers.chunks_exact_mut(tensor.fan_out) {
                let length = row.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>().sqrt();
                let factor = (norm / length.max(f64::MIN_POSITIVE)) as f32;
                for w in row {
                    *w *= factor;
                }
            }
        }
    })
}

/// All parameters are 0.
pub fn zero(net: &Net) -> Result<Start> {
    Start::write(net, |_, _| ())
}

fn normal(numbers: &mut [f32], deviation: f64, rng: &mut impl Rng) {
    numbers.fill_with(|| (deviation * rng.sample::<f64, _>(StandardNormal)) as f32);
}

#[cfg(test)]
mod tests {
    use headstart_nn::Activation;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn net(hidden: &[usize], activation: Activation) -> Net {
        Net { observation: Observation::OneHot(30), hidden: hidden.to_vec(), activation, actions: 3 }
    }

    fn small_start(net: &Net) -> Start {
        even_rows(net, 3.0, &mut ChaCha8Rng::seed_from_u64(4)).unwrap()
    }

    fn values(start: &Start) -> Vec<f32> {
        let states: Vec<f32> = (0..30_u8).map(f32::from).collect();
        start.network().unwrap().forward(&states, None).unwrap().to_vec()
    }

    #[test]
    fn biases_and_weights_carry_the_same_optimism() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let net = net(&[20, 10], Activation::Relu);
        let he = he(&net, &mut rng).unwrap();
        let plain = values(&he);
        let lifted = values(&he.clone().with_output_bias(2.0));
        assert!(plain.iter().zip(&lifted).all(|(a, b)| (a + 2.0 - b).abs() < 1e-5));
        let small = values(&he.clone().scaled(0.1).with_output_bias(2.0));
        assert!(small.iter().all(|q| (q - 2.0).abs() < 0.02), "three layers of a tenth");
        let states: Vec<u32> = (0..30).collect();
        let heavy = values(&he.with_output_weights_for(2.0, &states).unwrap());
        let mean = heavy.iter().sum::<f32>() / heavy.len() as f32;
        assert!((mean - 2.0).abs() < 1e-4, "{mean}");
        let even = values(&small_start(&net).without_output_weights().with_output_bias(2.0));
        assert!(even.iter().all(|q| *q == 2.0));
        assert!(heavy.chunks_exact(3).all(|q| q[0] == q[1] && q[1] == q[2]));
    }

    #[test]
    fn rows_have_their_norm() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let start = even_rows(&net(&[16], Activation::Tanh), 1.0, &mut rng).unwrap();
        for row in start.parameters[..30 * 16].chunks_exact(16) {
            assert!((row.iter().map(|w| w * w).sum::<f32>() - 1.0).abs() < 1e-5);
        }
        assert!(start.parameters[30 * 16..31 * 16].iter().all(|b| *b == 0.0));
    }

    #[test]
    fn defaults_stay_in_their_bounds() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let start = torch_default(&net(&[25], Activation::Relu), &mut rng).unwrap();
        let (first, rest) = start.parameters.split_at(30 * 25 + 25);
        let largest = |w: &[f32]| w.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
        assert!(largest(first) < 0.1826 && largest(first) > 0.17);
        assert!(largest(rest) < 0.2 && largest(rest) > 0.17);
    }

    #[test]
    fn a_linear_start_is_its_bias() {
        let start = zero(&net(&[], Activation::Relu)).unwrap().with_output_bias(1.0);
        assert_eq!(start.parameters.len(), 93);
        assert!(values(&start).iter().all(|q| *q == 1.0));
        let broken = Start { parameters: vec![0.0; 5], ..start };
        assert!(broken.network().err().unwrap().to_string().contains("5 parameters, but 93"));
    }

    #[test]
    fn sustained_optimism_needs_one_hot_observations() {
        let counts = SustainedOptimism::Counts { scale: 1.0, power: 2.0 };
        assert!(counts.check(Observation::Vector(4)).unwrap_err().to_string().contains("one-hot"));
        assert!(counts.check(Observation::OneHot(4)).is_ok());
        let anchor = SustainedOptimism::Anchor { value: 1.0, weight: 0.0, inputs: 32 };
        assert!(anchor.check(Observation::OneHot(4)).unwrap_err().to_string().contains("weight of the anchor is 0"));
    }
}
