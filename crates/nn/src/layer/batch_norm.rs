//! Batch norm (Ioffe & Szegedy 2015).

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use super::norm::{check_norm, scale_and_bias};
use super::rows::{column_sums, fit};
use crate::{Error, Real, Shape, Tensor};

/// Normalises every channel to mean 0 and variance 1 over the batch and all positions, then scales and shifts it. In
/// evaluation mode, running statistics replace those of the batch.
#[derive(Clone, Debug)]
pub struct BatchNorm<T> {
    shape: Shape,
    epsilon: f64,
    momentum: f64,
    normal: Vec<T>,
    /// Mean per channel in the last pass.
    mean: Vec<T>,
    inverse: Vec<T>,
    /// Running mean, then running variance (with divisor n - 1), as in PyTorch.
    running: Vec<T>,
    /// Whether the last pass used the batch's statistics.
    of_batch: bool,
}

impl<T: Real> BatchNorm<T> {
    /// Creates a layer. `epsilon` is added to the variance. At every step the running statistics move by the fraction
    /// `momentum` towards the batch's (PyTorch: 1e-5 and 0.1).
    pub fn new(shape: Shape, epsilon: f64, momentum: f64) -> Result<Self, Error> {
        check_norm(shape, epsilon)?;
        check((0.0..=1.0).contains(&momentum), "the momentum of batch norm", momentum, "from 0 to 1")?;
        let channels = shape.channels;
        let mut running = vec![T::zero(); 2 * channels];
        running[channels..].fill(T::one());
        let (mean, inverse) = (vec![T::zero(); channels], vec![T::zero(); channels]);
        Ok(Self { shape, epsilon, momentum, normal: Vec::new(), mean, inverse, running, of_batch: false })
    }

    /// Computes mean and 1 / standard deviation of the batch per channel.
    fn measure(&mut self, input: &[T]) {
        let channels = self.shape.channels;
        let rows = input.len() / channels;
        let share = T::one() / T::of(rows as f64);
        column_sums(input, &mut self.mean);
        self.mean.iter_mut().for_each(|mean| *mean *= share);
        self.inverse.fill(T::zero());
        for x in input.chunks_exact(channels) {
            for ((sum, &mean), &x) in self.inverse.iter_mut().zip(&self.mean).zip(x) {
                *sum += (x - mean) * (x - mean);
            }
        }
        let (mean, variance) = self.running.split_at_mut(channels);
        let (momentum, epsilon) = (T::of(self.momentum), T::of(self.epsilon));
        let unbiased = T::one() / T::of(rows.max(2) as f64 - 1.0);
        for (i, sum) in self.inverse.iter_mut().enumerate() {
            mean[i] += momentum * (self.mean[i] - mean[i]);
            variance[i] += momentum * (*sum * unbiased - variance[i]);
            *sum = T::one() / (*sum * share + epsilon).sqrt();
        }
    }
}

impl<T: Real> Layer<T> for BatchNorm<T> {
    fn name(&self) -> &'static str {
        "batch norm"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn tensors(&self) -> Vec<Tensor> {
        scale_and_bias(self.shape.channels)
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let channels = self.shape.channels;
        self.of_batch = pass.training.is_some();
        if self.of_batch {
            self.measure(input);
        } else {
            self.mean.copy_from_slice(&self.running[..channels]);
            let epsilon = T::of(self.epsilon);
            for (inverse, &variance) in self.inverse.iter_mut().zip(&self.running[channels..]) {
                *inverse = T::one() / (variance + epsilon).sqrt();
            }
        }
        let normal = fit(&mut self.normal, input.len());
        let (scale, bias) = parameters.split_at(channels);
        let lines = normal.chunks_exact_mut(channels).zip(output.chunks_exact_mut(channels));
        for (x, (normal, y)) in input.chunks_exact(channels).zip(lines) {
            for (i, (&x, (normal, y))) in x.iter().zip(normal.iter_mut().zip(y)).enumerate() {
                *normal = (x - self.mean[i]) * self.inverse[i];
                *y = scale[i] * *normal + bias[i];
            }
        }
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        let channels = self.shape.channels;
        let (scale, bias) = gradients.split_at_mut(channels);
        column_sums(signal.gradient, bias);
        scale.fill(T::zero());
        let normal = &self.normal[..signal.gradient.len()];
        for (dy, normal) in signal.gradient.chunks_exact(channels).zip(normal.chunks_exact(channels)) {
            for ((sum, &dy), &normal) in scale.iter_mut().zip(dy).zip(normal) {
                *sum += dy * normal;
            }
        }
        let Some(dx) = input_gradient else { return };
        let share = T::of(channels as f64 / signal.gradient.len() as f64);
        let lines = signal.gradient.chunks_exact(channels).zip(normal.chunks_exact(channels));
        for ((dy, normal), dx) in lines.zip(dx.chunks_exact_mut(channels)) {
            for (i, ((&dy, &normal), dx)) in dy.iter().zip(normal).zip(dx).enumerate() {
                let pull = if self.of_batch { share * (bias[i] + normal * scale[i]) } else { T::zero() };
                *dx = parameters[i] * self.inverse[i] * (dy - pull);
            }
        }
    }

    fn state(&mut self, visit: &mut dyn FnMut(&mut [T])) {
        visit(&mut self.running);
    }
}
