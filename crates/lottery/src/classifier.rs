//! Classifiers trained under a mask.

use std::sync::Arc;

use headstart_check::check;
use headstart_nn::{Loss, Method, Network, Optimiser, Schedule, Target};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::Serialize;

use crate::compressed::{self, Compressed};
use crate::error::check_length;
use crate::rows::LANES;
use crate::scores::best;
use crate::{Mask, Model, Net, Prunable, Result, Samples};

/// A network, its data and the settings of its training.
#[derive(Clone, Debug, Serialize)]
pub struct ClassTask {
    /// The network.
    pub net: Net,
    /// The samples.
    pub samples: Arc<Samples>,
    /// The optimiser.
    pub method: Method,
    /// The learning rate.
    pub rate: f64,
    /// Schedule of the learning rate.
    pub schedule: Schedule,
    /// Batch size; batches are drawn with replacement.
    pub batch: usize,
    /// Number of steps of a training.
    pub steps: usize,
}

impl ClassTask {
    /// Creates a task with Adam at a constant rate of 1.2e-3 (Frankle & Carbin's for `LeNet`) and a batch size of 64.
    pub fn new(net: Net, samples: Arc<Samples>, steps: usize) -> Self {
        Self { net, samples, method: Method::ADAM, rate: 1.2e-3, schedule: Schedule::Constant, batch: LANES, steps }
    }
}

/// Batch size when the accuracy is measured.
const MEASURED_AT_ONCE: usize = 256;
/// Number of batches in the gradient of [`Model::gradient`].
const GRADIENT_BATCHES: usize = 10;

/// How weights are stored during training.
enum Engine {
    /// All weights; the cut ones are zero.
    Masked(Optimiser<f32>),
    /// Only the kept weights.
    Compressed(Box<Compressed>),
}

/// A classifier in training.
pub struct Classifier {
    task: ClassTask,
    network: Network<f32>,
    prunable: Vec<Prunable>,
    engine: Engine,
    compressed_up_to: f64,
    at: u64,
    x: Vec<f32>,
    classes: Vec<u32>,
    chosen: Vec<u32>,
}

impl Classifier {
    /// Creates the network with all weights 0.
    pub fn new(task: &ClassTask) -> Result<Self> {
        check(task.batch > 0, "the batch", 0.0, "at least 1")?;
        check(task.steps > 0, "the number of steps", 0.0, "at least 1")?;
        check_length("a sample", task.net.inputs(), task.samples.inputs)?;
        let (network, prunable) = task.net.build()?;
        let engine = Engine::Masked(Optimiser::new(task.method, network.parameters().len())?);
        Ok(Self {
            task: task.clone(),
            network,
            prunable,
            engine,
            compressed_up_to: compressed::FASTER_UP_TO,
            at: 0,
            x: Vec::new(),
            classes: Vec::new(),
            chosen: Vec::new(),
        })
    }

    /// Stores only the kept weights while a mask keeps at most this share of them. 0 always stores all weights, with
    /// the cut ones at zero. The default is the share up to which this is faster (figures in `README.md`).
    #[must_use]
    pub fn compressed_up_to(mut self, share: f64) -> Self {
        self.compressed_up_to = share;
        self
    }

    /// Whether the current training stores only the kept weights.
    pub fn is_compressed(&self) -> bool {
        matches!(self.engine, Engine::Compressed(_))
    }

    fn draw_batch(&mut self, count: usize, rng: &mut dyn Rng) {
        let samples = &self.task.samples;
        self.chosen.clear();
        self.chosen.extend((0..count).map(|_| rng.random_range(0..samples.train.len() as u32)));
    }

    /// Copies the chosen samples into one batch.
    fn gather(&mut self) {
        let samples = &self.task.samples;
        self.x.clear();
        self.classes.clear();
        for &at in &self.chosen {
            let sample = samples.train[at as usize] as usize;
            self.x.extend_from_slice(&samples.x[sample * samples.inputs..][..samples.inputs]);
            self.classes.push(samples.classes[sample]);
        }
    }

    /// Returns the accuracy on the test samples.
    pub fn accuracy(&mut self) -> Result<f64> {
        Ok(1.0 - self.value()?)
    }
}

impl Model for Classifier {
    fn layers(&self) -> &[Prunable] {
        &self.prunable
    }

    fn parameters(&self) -> usize {
        self.network.parameters().len()
    }

    /// Draws normal weights of variance 2 / fan-in and zero biases (He et al. 2015).
    fn draw(&self, rng: &mut dyn Rng) -> Vec<f32> {
        let mut parameters = vec![0.0; self.network.parameters().len()];
        for tensor in self.network.tensors().iter().filter(|tensor| tensor.role == headstart_nn::Role::Weight) {
            let deviation = (2.0 / tensor.fan_in as f64).sqrt();
            parameters[tensor.range()].fill_with(|| {
                let z: f64 = StandardNormal.sample(rng);
                (z * deviation) as f32
            });
        }
        parameters
    }

    fn steps(&self) -> usize {
        self.task.steps
    }

    fn begin(&mut self, parameters: &[f32], mask: Option<&Mask>, at: usize) -> Result<()> {
        self.at = at as u64;
        let count = self.network.parameters().len();
        check_length("the start", count, parameters.len())?;
        let kept = mask.map(|mask| mask.over(&self.prunable, count)).transpose()?;
        if let (Some(mask), Some(kept), Some(widths)) = (mask, &kept, self.task.net.widths())
            && self.task.batch == LANES
            && mask.density() <= self.compressed_up_to
        {
            let layers = (&self.prunable[..], &widths[..]);
            let compressed = Compressed::new(layers, kept, parameters, self.task.method)?;
            self.engine = Engine::Compressed(Box::new(compressed));
            return Ok(());
        }
        self.network.set_mask(None)?;
        self.network.parameters_mut().copy_from_slice(parameters);
        self.network.set_mask(kept.map(headstart_nn::Mask::new))?;
        self.engine = Engine::Masked(Optimiser::new(self.task.method, count)?);
        Ok(())
    }

    fn step(&mut self, factor: f64, rng: &mut dyn Rng) -> Result<()> {
        let rate = self.task.rate * factor * self.task.schedule.factor(self.at);
        self.at += 1;
        self.draw_batch(self.task.batch, rng);
        if let Engine::Compressed(compressed) = &mut self.engine {
            return compressed.step(&self.task.samples, &self.chosen, rate);
        }
        self.gather();
        let target = Target::Classes(&self.classes);
        if let Engine::Masked(optimiser) = &mut self.engine {
            self.network.train(&self.x, target, Loss::CrossEntropy, (optimiser, rate), rng)?;
        }
        Ok(())
    }

    fn value(&mut self) -> Result<f64> {
        let samples = Arc::clone(&self.task.samples);
        let mut wrong = 0;
        if let Engine::Compressed(compressed) = &mut self.engine {
            wrong = compressed.wrong(&samples);
        } else {
            let classes = self.task.net.classes();
            for part in samples.test.chunks(MEASURED_AT_ONCE) {
                self.x.clear();
                let inputs = samples.inputs;
                for &at in part {
                    self.x.extend_from_slice(&samples.x[at as usize * inputs..][..inputs]);
                }
                let output = self.network.forward(&self.x, None)?;
                for (scores, &at) in output.chunks_exact(classes).zip(part) {
                    wrong += usize::from(best(scores.iter().copied()) != samples.classes[at as usize] as usize);
                }
            }
        }
        Ok(wrong as f64 / samples.test.len().max(1) as f64)
    }

    fn ends(&self) -> Vec<f32> {
        match &self.engine {
            Engine::Masked(_) => self.network.parameters().to_vec(),
            Engine::Compressed(compressed) => compressed.spread(self.network.parameters().len()),
        }
    }

    fn gradient(&mut self, parameters: &[f32], rng: &mut dyn Rng) -> Result<(Vec<f32>, f64)> {
        self.begin(parameters, None, 0)?;
        self.draw_batch(GRADIENT_BATCHES * self.task.batch, rng);
        self.gather();
        self.network.gradient(&self.x, Target::Classes(&self.classes), Loss::CrossEntropy, rng)?;
        Ok((self.network.gradients().to_vec(), GRADIENT_BATCHES as f64))
    }

    fn flow(&mut self, parameters: &[f32]) -> Result<(Vec<f32>, f64)> {
        let sizes: Vec<f32> = parameters.iter().map(|w| w.abs()).collect();
        self.begin(&sizes, None, 0)?;
        let ones = vec![1.0; self.task.net.inputs()];
        self.network.forward(&ones, None)?;
        self.network.backward(&ones, &vec![1.0; self.task.net.classes()], None)?;
        // One sample, forward and backward.
        Ok((self.network.gradients().to_vec(), 1.0 / self.task.batch as f64))
    }
}
