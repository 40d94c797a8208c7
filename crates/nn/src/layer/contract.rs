//! The trait of a layer, and its inputs.

use rand::Rng;

use crate::{Real, Shape, Tensor};
use headstart_simd::gemm::Packing;

/// Context of a forward pass.
pub struct Pass<'a, T> {
    /// Number of samples.
    pub batch: usize,
    /// Random generator in training mode. Without it, layers are in evaluation mode (no dropout, running statistics in
    /// batch norm).
    pub training: Option<&'a mut dyn Rng>,
    pub(crate) packing: &'a mut Packing<T>,
}

/// Inputs of a layer's backward pass, one row per sample.
#[derive(Clone, Copy)]
pub struct Signal<'a, T> {
    /// Input of the forward pass, `batch x inputs`.
    pub input: &'a [T],
    /// Output of the forward pass, `batch x outputs`.
    pub output: &'a [T],
    /// Gradient of the loss with respect to the output, `batch x outputs`.
    pub gradient: &'a [T],
}

/// A signal of the last pass, shown by [`Layer::watch`].
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a, T> {
    /// Indices of the nested layers, from the outside in.
    pub path: &'a [usize],
    /// `output`, `gradient`, `logits`, `attention` or `log_det`; custom layers may show more.
    pub what: &'static str,
    /// The numbers, one row per sample (per query for `logits` and `attention`).
    pub values: &'a [T],
    /// Length of a row.
    pub width: usize,
}

/// A layer. It does not own its parameters: they lie in the network's slice, and each method receives the layer's part.
/// Thus optimisers, masks and checkpoints see one slice. Buffers may grow in the first pass with a batch size, but not
/// later.
pub trait Layer<T: Real>: Send {
    /// Name for messages, with article: "a dense layer".
    fn name(&self) -> &'static str;

    /// Shape of one input sample.
    fn input(&self) -> Shape;

    /// Shape of one output sample. By default the input shape.
    fn output(&self) -> Shape {
        self.input()
    }

    /// Parameter tensors in memory order, with offsets from the layer's first parameter. By default none.
    fn tensors(&self) -> Vec<Tensor> {
        Vec::new()
    }

    /// Computes all of `output`, `batch x outputs`.
    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>);

    /// Computes the gradients of the loss with respect to the parameters and, if wanted, the input. Overwrites both.
    /// Called after `forward` with the same input.
    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    );

    /// Shows signals inside the layer in the last pass, which had `batch` samples. By default none.
    fn watch(&self, _batch: usize, _path: &mut Vec<usize>, _show: &mut dyn FnMut(Watched<'_, T>)) {}

    /// Visits state that training changes besides parameters (running means), for checkpoints. Calls `visit` for each
    /// slice, always in the same order and with the same lengths. By default none.
    fn state(&mut self, _visit: &mut dyn FnMut(&mut [T])) {}
}
