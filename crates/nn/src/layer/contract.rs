//! What a layer does, and what it is handed.

use rand::Rng;

use crate::{Real, Shape, Tensor};
use headstart_simd::gemm::Packing;

/// What a pass through the layers shares.
pub struct Pass<'a, T> {
    /// Samples.
    pub batch: usize,
    /// Random numbers of training; without them layers behave as in evaluation (dropout lets all through, batch norm uses
    /// its running statistics).
    pub training: Option<&'a mut dyn Rng>,
    pub(crate) packing: &'a mut Packing<T>,
}

/// Inputs of a layer's backward pass. All have a row per sample.
#[derive(Clone, Copy)]
pub struct Signal<'a, T> {
    /// What went in, `batch x inputs`.
    pub input: &'a [T],
    /// What came out, `batch x outputs`.
    pub output: &'a [T],
    /// The gradient of the loss by the output, `batch x outputs`.
    pub gradient: &'a [T],
}

/// Something that [`Layer::watch`] shows: signals of the last pass.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a, T> {
    /// The places of the layer, from outside in.
    pub path: &'a [usize],
    /// `output`, `gradient`, `logits`, `attention` or `log_det`; a layer of your own may show more.
    pub what: &'static str,
    /// The numbers, a row per sample (per query for `logits` and `attention`).
    pub values: &'a [T],
    /// Numbers in a row.
    pub width: usize,
}

/// A layer. It owns no parameters: these lie one after another in the network, and it is handed its part of them, so that
/// an optimiser, a mask and a checkpoint see one slice. Buffers may grow in the first pass of a batch size and must not
/// after it.
pub trait Layer<T: Real>: Send {
    /// What it is called in messages.
    fn name(&self) -> &'static str;

    /// The shape of a sample going in.
    fn input(&self) -> Shape;

    /// The shape of a sample coming out. That of a sample going in by default.
    fn output(&self) -> Shape {
        self.input()
    }

    /// Its parameter tensors in the order in which they lie, each with its offset from the first. None by default.
    fn tensors(&self) -> Vec<Tensor> {
        Vec::new()
    }

    /// Writes all of `output`, `batch x outputs`.
    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>);

    /// The gradients of the loss by the parameters and, where wanted, by the input; overwrites both. Comes after `forward`
    /// with the same input.
    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    );

    /// Shows signals inside the layer of the last pass, which had `batch` samples. None by default.
    fn watch(&self, _batch: usize, _path: &mut Vec<usize>, _show: &mut dyn FnMut(Watched<'_, T>)) {}

    /// Numbers that training changes and that are no parameters (running means), for checkpoints: calls `visit` with each,
    /// always in the same order and with the same lengths. None by default.
    fn state(&mut self, _visit: &mut dyn FnMut(&mut [T])) {}
}
