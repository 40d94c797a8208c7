//! A dense layer that stores and computes only the weights that a mask keeps.

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use super::rows::{column_sums, fit};
use crate::error::check_length;
use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};

/// y = x W + b with a fixed sparse W. Its parameters are the kept weights, ordered by input and then by output.
/// Internally, samples are the last axis, so that each weight costs one multiply-add of two rows as long as the batch.
#[derive(Clone, Debug)]
pub struct Sparse<T> {
    inputs: usize,
    outputs: usize,
    bias: bool,
    /// Input and output of each kept weight.
    kept: Vec<[u32; 2]>,
    x: Vec<T>,
    y: Vec<T>,
    dy: Vec<T>,
}

impl<T: Real> Sparse<T> {
    /// Creates a layer from `inputs` to `outputs` numbers with the weights that `mask` (`inputs x outputs`, row-major)
    /// keeps.
    pub fn new(inputs: usize, outputs: usize, mask: &[bool], bias: bool) -> Result<Self, Error> {
        check(inputs > 0, "the number of inputs", inputs as f64, "at least 1")?;
        check(outputs > 0, "the number of outputs", outputs as f64, "at least 1")?;
        check_length("the mask", inputs * outputs, mask.len())?;
        let places = mask.iter().enumerate().filter(|(_, kept)| **kept);
        let kept: Vec<_> = places.map(|(at, _)| [(at / outputs) as u32, (at % outputs) as u32]).collect();
        check(!kept.is_empty(), "the number of kept weights", 0.0, "at least 1")?;
        Ok(Self { inputs, outputs, bias, kept, x: Vec::new(), y: Vec::new(), dy: Vec::new() })
    }

    /// Input and output of each kept weight, in the order of the parameters.
    pub fn kept(&self) -> &[[u32; 2]] {
        &self.kept
    }
}

impl<T: Real> Layer<T> for Sparse<T> {
    fn name(&self) -> &'static str {
        "a sparse layer"
    }

    fn input(&self) -> Shape {
        Shape::vector(self.inputs)
    }

    fn output(&self) -> Shape {
        Shape::vector(self.outputs)
    }

    fn tensors(&self) -> Vec<Tensor> {
        let per = |n: usize| self.kept.len().div_ceil(n);
        let fans = [per(self.outputs), per(self.inputs)];
        let weight = Tensor::new("weight", Role::Weight, &[self.kept.len()], fans);
        let bias = Tensor::new("bias", Role::Bias, &[self.outputs], fans);
        in_a_row(if self.bias { vec![weight, bias] } else { vec![weight] })
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let batch = pass.batch;
        let (weight, bias) = parameters.split_at(self.kept.len());
        let x = fit(&mut self.x, self.inputs * batch);
        turn(input, x, self.inputs);
        let y = fit(&mut self.y, self.outputs * batch);
        for (j, y) in y.chunks_exact_mut(batch).enumerate() {
            y.fill(if self.bias { bias[j] } else { T::zero() });
        }
        let (kept, x, sums) = (&self.kept[..], &*x, &mut *y);
        headstart_simd::widely!({
            for (&[i, j], &w) in kept.iter().zip(weight) {
                let (x, y) = (&x[i as usize * batch..][..batch], &mut sums[j as usize * batch..][..batch]);
                for (y, &x) in y.iter_mut().zip(x) {
                    *y += w * x;
                }
            }
        });
        turn(y, output, batch);
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        let batch = pass.batch;
        let (weight, bias) = gradients.split_at_mut(self.kept.len());
        if self.bias {
            column_sums(signal.gradient, bias);
        }
        let dy = fit(&mut self.dy, self.outputs * batch);
        turn(signal.gradient, dy, self.outputs);
        let (kept, x, dy) = (&self.kept[..], &self.x[..], &*dy);
        headstart_simd::widely!({
            for (&[i, j], w) in kept.iter().zip(weight) {
                let (x, dy) = (&x[i as usize * batch..][..batch], &dy[j as usize * batch..][..batch]);
                let mut sums = [T::zero(); 16];
                let (xs, dys) = (x.chunks_exact(16), dy.chunks_exact(16));
                let rest = xs.remainder().iter().zip(dys.remainder()).map(|(&x, &dy)| x * dy).sum::<T>();
                for (x, dy) in xs.zip(dys) {
                    for (sum, (&x, &dy)) in sums.iter_mut().zip(x.iter().zip(dy)) {
                        *sum += x * dy;
                    }
                }
                *w = sums.into_iter().sum::<T>() + rest;
            }
        });
        let Some(dx) = input_gradient else { return };
        let own = fit(&mut self.x, self.inputs * batch);
        own.fill(T::zero());
        let to = &mut *own;
        headstart_simd::widely!({
            for (&[i, j], &w) in kept.iter().zip(parameters) {
                let (dx, dy) = (&mut to[i as usize * batch..][..batch], &dy[j as usize * batch..][..batch]);
                for (dx, &dy) in dx.iter_mut().zip(dy) {
                    *dx += w * dy;
                }
            }
        });
        turn(own, dx, batch);
    }
}

/// Transposes rows of `width` numbers.
fn turn<T: Real>(from: &[T], to: &mut [T], width: usize) {
    let height = from.len() / width;
    for (i, row) in from.chunks_exact(width).enumerate() {
        for (to, &value) in to[i..].iter_mut().step_by(height).zip(row) {
            *to = value;
        }
    }
}
