//! The network: layers, parameters and gradients.

use rand::Rng;

use crate::error::check_length;
use crate::layer::contract::{Pass, Signal, Watched};
use crate::layer::rows::fit;
use crate::{Error, Layer, Loss, Mask, Optimiser, Real, Sequential, Shape, Target, Tensor};
use headstart_simd::gemm::Packing;

/// Layers with their parameters and gradients, each in one slice.
///
/// All parameters are 0 at first, except the multipliers of norms and affine layers (1) and the slopes of PReLU (0.25,
/// as in PyTorch). Initialisation is left to the caller.
pub struct Network<T> {
    body: Sequential<T>,
    tensors: Vec<Tensor>,
    parameters: Vec<T>,
    gradients: Vec<T>,
    mask: Option<Mask>,
    output: Vec<T>,
    by_output: Vec<T>,
    packing: Packing<T>,
    /// Batch size of the last forward pass.
    batch: usize,
    /// Buffer for layer indices, so that a training step allocates nothing.
    path: Vec<usize>,
}

impl<T: Real> Network<T> {
    /// Creates a network with these layers and allocates its parameters.
    pub fn new(body: Sequential<T>) -> Result<Self, Error> {
        let body = body.check()?;
        let tensors = body.tensors();
        let mut parameters = vec![T::zero(); body.parameters()];
        for tensor in &tensors {
            parameters[tensor.range()].fill(match tensor.role {
                crate::Role::Scale => T::one(),
                crate::Role::Slope => T::of(0.25),
                crate::Role::Weight | crate::Role::Bias => T::zero(),
            });
        }
        let gradients = vec![T::zero(); parameters.len()];
        Ok(Self {
            body,
            tensors,
            parameters,
            gradients,
            mask: None,
            output: Vec::new(),
            by_output: Vec::new(),
            packing: Packing::default(),
            batch: 0,
            path: Vec::new(),
        })
    }

    /// Shape of one input sample.
    pub fn input(&self) -> Shape {
        self.body.input()
    }

    /// Shape of the output for one sample.
    pub fn output_shape(&self) -> Shape {
        self.body.output()
    }

    /// All parameter tensors, in memory order.
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// Returns the tensor with this name, or an error that lists all names.
    pub fn tensor(&self, name: &str) -> Result<&Tensor, Error> {
        self.tensors.iter().find(|tensor| tensor.name == name).ok_or_else(|| {
            let names: Vec<_> = self.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
            Error::NoTensor { name: name.to_owned(), known: names.join(", ") }
        })
    }

    /// All parameters.
    pub fn parameters(&self) -> &[T] {
        &self.parameters
    }

    /// All parameters, mutable. If a mask is set, cut parameters must stay 0.
    pub fn parameters_mut(&mut self) -> &mut [T] {
        &mut self.parameters
    }

    /// Gradients of the last backward pass, in the order of the parameters.
    pub fn gradients(&self) -> &[T] {
        &self.gradients
    }

    /// Parameters and gradients, for a custom optimiser.
    pub fn parts_mut(&mut self) -> (&mut [T], &mut [T]) {
        (&mut self.parameters, &mut self.gradients)
    }

    /// The mask, if one is set.
    pub fn mask(&self) -> Option<&Mask> {
        self.mask.as_ref()
    }

    /// Sets or removes the mask. Cut parameters are set to zero now and after every step; their gradients are set to
    /// zero after every backward pass.
    pub fn set_mask(&mut self, mask: Option<Mask>) -> Result<(), Error> {
        if let Some(mask) = &mask {
            check_length("the mask", self.parameters.len(), mask.len())?;
            mask.apply(&mut self.parameters);
        }
        self.mask = mask;
        Ok(())
    }

    fn batch_of(&self, input: &[T]) -> Result<usize, Error> {
        let numbers = self.input().numbers();
        let batch = input.len() / numbers;
        check_length("the input", batch * numbers, input.len())?;
        if batch == 0 { Err(Error::EmptyBatch) } else { Ok(batch) }
    }

    /// Returns the outputs (`batch x outputs`) for `batch x inputs` numbers. With a random generator the network is in
    /// training mode (dropout drops, batch norm uses the batch's statistics), without one in evaluation mode.
    pub fn forward(&mut self, input: &[T], training: Option<&mut dyn Rng>) -> Result<&[T], Error> {
        self.pass(input, training)?;
        Ok(self.output())
    }

    fn pass(&mut self, input: &[T], training: Option<&mut dyn Rng>) -> Result<(), Error> {
        let batch = self.batch_of(input)?;
        self.batch = batch;
        let output = fit(&mut self.output, batch * self.body.output().numbers());
        // `map` does not work here: the trait object's lifetime must be shortened while it is repacked.
        #[allow(clippy::needless_match)]
        let training: Option<&mut dyn Rng> = match training {
            Some(rng) => Some(rng),
            None => None,
        };
        let mut pass = Pass { batch, training, packing: &mut self.packing };
        self.body.forward(&self.parameters, input, output, &mut pass);
        Ok(())
    }

    /// Outputs of the last forward pass.
    pub fn output(&self) -> &[T] {
        &self.output[..self.batch * self.body.output().numbers()]
    }

    /// Computes the gradients with respect to the parameters from the gradient with respect to the output, after
    /// [`Network::forward`] with the same input. Writes the gradient with respect to the input into `input_gradient` if
    /// given.
    pub fn backward(&mut self, input: &[T], gradient: &[T], input_gradient: Option<&mut [T]>) -> Result<(), Error> {
        let batch = self.batch_of(input)?;
        if batch != self.batch {
            return Err(Error::Order { given: batch, last: self.batch });
        }
        let outputs = batch * self.body.output().numbers();
        check_length("the gradient with respect to the output", outputs, gradient.len())?;
        if let Some(to) = &input_gradient {
            check_length("the gradient with respect to the input", input.len(), to.len())?;
        }
        let mut pass = Pass { batch, training: None, packing: &mut self.packing };
        let signal = Signal { input, output: &self.output[..outputs], gradient };
        self.body.backward(&self.parameters, &mut self.gradients, signal, input_gradient, &mut pass);
        if let Some(mask) = &self.mask {
            mask.apply(&mut self.gradients);
        }
        Ok(())
    }

    /// Returns the loss of a batch in evaluation mode. Leaves the gradients unchanged.
    pub fn loss(&mut self, input: &[T], target: Target<'_, T>, loss: Loss) -> Result<T, Error> {
        self.forward(input, None)?;
        self.loss_of_output(target, loss)
    }

    /// Returns the loss of a batch in training mode and computes the gradients of all parameters.
    pub fn gradient(&mut self, input: &[T], target: Target<'_, T>, loss: Loss, rng: &mut dyn Rng) -> Result<T, Error> {
        self.forward(input, Some(rng))?;
        let value = self.loss_of_output(target, loss)?;
        let by_output = std::mem::take(&mut self.by_output);
        let done = self.backward(input, &by_output[..self.batch * self.body.output().numbers()], None);
        self.by_output = by_output;
        done?;
        Ok(value)
    }

    fn loss_of_output(&mut self, target: Target<'_, T>, loss: Loss) -> Result<T, Error> {
        let outputs = self.batch * self.body.output().numbers();
        let by_output = fit(&mut self.by_output, outputs);
        let value = loss.of(&self.output[..outputs], target, self.batch, by_output)?;
        if loss != Loss::NormalFlow {
            return Ok(value);
        }
        let mut sum = T::zero();
        let mut path = std::mem::take(&mut self.path);
        self.body.watch(self.batch, &mut path, &mut |watched| {
            if watched.what == "log_det" {
                sum += watched.values.iter().copied().sum::<T>();
            }
        });
        self.path = path;
        Ok(value - sum / T::of(self.batch as f64))
    }

    /// Performs one training step: the gradient of a batch, then a step of the optimiser at the given rate. Returns the
    /// loss before the step.
    pub fn train(
        &mut self,
        input: &[T],
        target: Target<'_, T>,
        loss: Loss,
        (optimiser, rate): (&mut Optimiser<T>, f64),
        rng: &mut dyn Rng,
    ) -> Result<T, Error> {
        let value = self.gradient(input, target, loss, rng)?;
        self.step(optimiser, rate)?;
        Ok(value)
    }

    /// Performs one step of the optimiser with the gradients of the last backward pass.
    pub fn step(&mut self, optimiser: &mut Optimiser<T>, rate: f64) -> Result<(), Error> {
        optimiser.step(rate, &mut self.parameters, &self.gradients)?;
        if let Some(mask) = &self.mask {
            mask.apply(&mut self.parameters);
        }
        Ok(())
    }

    /// Shows the signals of the last pass: each layer's output and its gradient, and signals inside layers. For the
    /// last layer only the output is shown, since its gradient is that of the loss.
    pub fn watch(&self, mut show: impl FnMut(Watched<'_, T>)) {
        if self.batch == 0 {
            return;
        }
        let path = &mut Vec::with_capacity(8);
        self.body.watch(self.batch, path, &mut show);
        if let Some(last) = self.body.layers().len().checked_sub(1) {
            let width = self.body.output().numbers();
            show(Watched { path: &[last], what: "output", values: self.output(), width });
        }
    }

    /// Returns mean and standard deviation over samples of the log-determinant of all couplings in the last pass.
    pub fn log_det(&self) -> (f64, f64) {
        let mut log_dets = vec![0.0; self.batch];
        self.watch(|watched| {
            if watched.what == "log_det" {
                log_dets.iter_mut().zip(watched.values).for_each(|(sum, value)| *sum += value.wide());
            }
        });
        let share = 1.0 / self.batch.max(1) as f64;
        let mean = log_dets.iter().sum::<f64>() * share;
        let variance = log_dets.iter().map(|log_det| (log_det - mean).powi(2)).sum::<f64>() * share;
        (mean, variance.sqrt())
    }

    /// Visits the state that training changes besides the parameters, see [`Layer::state`].
    pub(crate) fn state(&mut self, visit: &mut dyn FnMut(&mut [T])) {
        self.body.state(visit);
    }
}
