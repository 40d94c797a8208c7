//! Layer norm (Ba et al. 2016).

use super::contract::{Layer, Pass, Signal};
use super::norm::{check_norm, scale_and_bias};
use super::rows::fit;
use crate::{Error, Real, Shape, Tensor};

/// Normalises the channels of every position to mean 0 and variance 1, then scales and shifts each channel.
#[derive(Clone, Debug)]
pub struct LayerNorm<T> {
    shape: Shape,
    epsilon: f64,
    /// Normalised numbers of the last pass.
    normal: Vec<T>,
    /// 1 / standard deviation of every position.
    inverse: Vec<T>,
}

impl<T: Real> LayerNorm<T> {
    /// Creates a layer. `epsilon` is added to the variance (PyTorch: 1e-5).
    pub fn new(shape: Shape, epsilon: f64) -> Result<Self, Error> {
        check_norm(shape, epsilon)?;
        Ok(Self { shape, epsilon, normal: Vec::new(), inverse: Vec::new() })
    }
}

impl<T: Real> Layer<T> for LayerNorm<T> {
    fn name(&self) -> &'static str {
        "layer norm"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn tensors(&self) -> Vec<Tensor> {
        scale_and_bias(self.shape.channels)
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], _pass: &mut Pass<'_, T>) {
        let channels = self.shape.channels;
        let (scale, bias) = parameters.split_at(channels);
        let normal = fit(&mut self.normal, input.len());
        let inverse = fit(&mut self.inverse, input.len() / channels);
        let (share, epsilon) = (T::one() / T::of(channels as f64), T::of(self.epsilon));
        headstart_simd::widely!({
            let lines = normal.chunks_exact_mut(channels).zip(output.chunks_exact_mut(channels));
            for ((x, (normal, y)), inverse) in input.chunks_exact(channels).zip(lines).zip(inverse) {
                let mean = x.iter().copied().sum::<T>() * share;
                let variance = x.iter().map(|&x| (x - mean) * (x - mean)).sum::<T>() * share;
                *inverse = T::one() / (variance + epsilon).sqrt();
                let constants = scale.iter().zip(bias);
                for ((&x, (normal, y)), (&scale, &bias)) in x.iter().zip(normal.iter_mut().zip(y)).zip(constants) {
                    *normal = (x - mean) * *inverse;
                    *y = scale * *normal + bias;
                }
            }
        });
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        mut input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        let channels = self.shape.channels;
        gradients.fill(T::zero());
        let (scale, bias) = gradients.split_at_mut(channels);
        let share = T::one() / T::of(channels as f64);
        let lines = signal.gradient.chunks_exact(channels).zip(self.normal.chunks_exact(channels));
        for (place, ((dy, normal), &inverse)) in lines.zip(&self.inverse).enumerate() {
            let (mut mean, mut along) = (T::zero(), T::zero());
            for (i, (&dy, &normal)) in dy.iter().zip(normal).enumerate() {
                scale[i] += dy * normal;
                bias[i] += dy;
                let dn = dy * parameters[i];
                mean += dn * share;
                along += dn * normal * share;
            }
            if let Some(dx) = input_gradient.as_deref_mut() {
                let dx = &mut dx[place * channels..][..channels];
                for (i, ((&dy, &normal), dx)) in dy.iter().zip(normal).zip(dx).enumerate() {
                    *dx = inverse * (dy * parameters[i] - mean - normal * along);
                }
            }
        }
    }
}
