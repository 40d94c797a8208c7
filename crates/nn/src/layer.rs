//! What a layer is.

mod activation;
mod affine;
mod attention;
mod batch_norm;
mod conv;
mod coupling;
mod dense;
mod dropout;
mod layer_norm;
mod local;
mod lookup;
mod pool;
mod prelu;
mod select;
mod sparse;
mod sum;

use rand::Rng;

pub(crate) use self::activation::Activate;
pub use self::activation::Activation;
pub use self::affine::Affine;
pub use self::attention::Attention;
pub use self::batch_norm::BatchNorm;
pub use self::conv::{Conv, Window};
pub use self::coupling::Coupling;
pub use self::dense::Dense;
pub use self::dropout::Dropout;
pub use self::layer_norm::LayerNorm;
pub use self::local::Local;
pub use self::lookup::Lookup;
pub use self::pool::{Pool, PoolKind};
pub use self::prelu::PRelu;
pub use self::select::Select;
pub use self::sparse::Sparse;
pub use self::sum::Sum;
use crate::gemm::Packing;
use crate::{Real, Shape, Tensor};

/// What a pass through the layers shares.
pub struct Pass<'a, T> {
    /// Samples.
    pub batch: usize,
    /// Random numbers of training; without them layers behave as in evaluation (dropout lets all through, batch norm uses
    /// its running statistics).
    pub training: Option<&'a mut dyn Rng>,
    pub(crate) packing: &'a mut Packing<T>,
}

/// What a layer's backward pass stands on. All have a row per sample.
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

    /// The shape of a sample coming out.
    fn output(&self) -> Shape;

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

/// Makes a buffer as long as the batch needs; after the first pass of a size this allocates nothing.
pub(crate) fn fit<T: Real>(buffer: &mut Vec<T>, length: usize) -> &mut [T] {
    if buffer.len() < length {
        buffer.resize(length, T::zero());
    }
    &mut buffer[..length]
}

/// Sums over rows: `to[j] = sum_i rows[i][j]`.
pub(crate) fn column_sums<T: Real>(rows: &[T], to: &mut [T]) {
    let width = to.len();
    pulp::Arch::new().dispatch(
        #[inline(always)]
        move || {
            let (blocks, rest) = pulp::as_arrays_mut::<16, T>(to);
            // Sixteen columns at a time stay in registers.
            for (block, to) in blocks.iter_mut().enumerate() {
                let mut sums = [T::zero(); 16];
                for row in rows.chunks_exact(width) {
                    if let Some(row) = row[16 * block..].first_chunk::<16>() {
                        for (sum, &value) in sums.iter_mut().zip(row) {
                            *sum += value;
                        }
                    }
                }
                *to = sums;
            }
            let mut sums = [T::zero(); 16];
            let done = width - rest.len();
            for row in rows.chunks_exact(width) {
                for (sum, &value) in sums.iter_mut().zip(&row[done..]) {
                    *sum += value;
                }
            }
            rest.copy_from_slice(&sums[..rest.len()]);
        },
    );
}

/// `to += from`.
pub(crate) fn add<T: Real>(to: &mut [T], from: &[T]) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        move || {
            for (to, &from) in to.iter_mut().zip(from) {
                *to += from;
            }
        },
    );
}
