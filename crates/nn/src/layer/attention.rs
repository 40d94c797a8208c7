//! Softmax self-attention with heads (Vaswani et al. 2017).

use headstart_check::check;

use super::contract::{Layer, Pass, Signal, Watched};
use super::rows::{column_sums, fit};
use crate::shape::in_a_row;
use crate::{Error, Real, Role, Shape, Tensor};
use headstart_simd::gemm::{Matrix, Onto, product};

/// Each head computes softmax(scale Q K^T) V with Q, K, V = X Wq, X Wk, X Wv. The concatenated heads are multiplied by
/// Wo.
#[derive(Clone, Debug)]
pub struct Attention<T> {
    shape: Shape,
    heads: usize,
    /// Size of a query, key or value of one head.
    width: usize,
    scale: f64,
    causal: bool,
    bias: bool,
    /// Queries, keys and values of all tokens; in the backward pass their gradients.
    projected: [Vec<T>; 3],
    by_projected: [Vec<T>; 3],
    /// One row per query for each sample and head.
    logits: Vec<T>,
    weights: Vec<T>,
    mixed: Vec<T>,
    by_mixed: Vec<T>,
    by_weights: Vec<T>,
}

const NAMES: [[&str; 2]; 4] =
    [["query", "query_bias"], ["key", "key_bias"], ["value", "value_bias"], ["out", "out_bias"]];

impl<T: Real> Attention<T> {
    /// Creates a layer for sequences, with `heads` heads of size `width`. Logits are multiplied by `scale`, normally 1
    /// / sqrt(width). With `causal`, a token attends only to itself and the tokens before it. With `bias`, all four
    /// projections have biases.
    pub fn new(shape: Shape, heads: usize, width: usize, scale: f64, causal: bool, bias: bool) -> Result<Self, Error> {
        check(shape.numbers() > 0, "the number of inputs", shape.numbers() as f64, "at least 1")?;
        check(heads > 0, "the number of heads", heads as f64, "at least 1")?;
        check(width > 0, "the width of a head", width as f64, "at least 1")?;
        check(scale.is_finite(), "the scale of logits", scale, "finite")?;
        let [projected, by_projected] = [[Vec::new(), Vec::new(), Vec::new()], [Vec::new(), Vec::new(), Vec::new()]];
        let (logits, weights, mixed) = (Vec::new(), Vec::new(), Vec::new());
        let (by_mixed, by_weights) = (Vec::new(), Vec::new());
        Ok(Self {
            shape,
            heads,
            width,
            scale,
            causal,
            bias,
            projected,
            by_projected,
            logits,
            weights,
            mixed,
            by_mixed,
            by_weights,
        })
    }

    /// Start of the weight, start of the bias and end of the i-th projection.
    fn place(&self, i: usize) -> [usize; 3] {
        let (d, inner) = (self.shape.channels, self.heads * self.width);
        let bias = |n: usize| if self.bias { n } else { 0 };
        let start = i * (d * inner + bias(inner));
        [start, start + d * inner, start + d * inner + bias(if i == 3 { d } else { inner })]
    }

    /// Calls `visit` for each sample and head with the first index of its numbers in the projections and in the logits.
    fn each_head(&self, batch: usize, mut visit: impl FnMut(usize, usize)) {
        let (tokens, inner) = (self.shape.places(), self.heads * self.width);
        for sample in 0..batch {
            for head in 0..self.heads {
                let from = sample * tokens * inner + head * self.width;
                visit(from, (sample * self.heads + head) * tokens * tokens);
            }
        }
    }
}

impl<T: Real> Layer<T> for Attention<T> {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn tensors(&self) -> Vec<Tensor> {
        let (d, inner) = (self.shape.channels, self.heads * self.width);
        let mut tensors = Vec::new();
        for (i, [weight, bias]) in NAMES.into_iter().enumerate() {
            let fans = if i == 3 { [inner, d] } else { [d, inner] };
            tensors.push(Tensor::new(weight, Role::Weight, &fans, fans));
            if self.bias {
                tensors.push(Tensor::new(bias, Role::Bias, &fans[1..], fans));
            }
        }
        in_a_row(tensors)
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let (tokens, d, inner, width) = (self.shape.places(), self.shape.channels, self.heads * self.width, self.width);
        let rows = pass.batch * tokens;
        let part = |[start, middle, end]: [usize; 3]| {
            let onto = if middle == end { Onto::Zero } else { Onto::Row(&parameters[middle..end]) };
            (&parameters[start..middle], onto)
        };
        for i in 0..3 {
            let (weight, onto) = part(self.place(i));
            let to = fit(&mut self.projected[i], rows * inner);
            let (x, w) = (Matrix::rows(input, d), Matrix::rows(weight, inner));
            product((to, inner), [rows, inner, d], x, w, onto, pass.packing);
        }
        let numbers = pass.batch * self.heads * tokens * tokens;
        let (mut logits, mut weights, mut mixed) =
            (std::mem::take(&mut self.logits), std::mem::take(&mut self.weights), std::mem::take(&mut self.mixed));
        let (to_logits, to_weights) = (fit(&mut logits, numbers), fit(&mut weights, numbers));
        let to_mixed = fit(&mut mixed, rows * inner);
        let [query, key, value] = &self.projected;
        let scale = T::of(self.scale);
        self.each_head(pass.batch, |from, at| {
            let logits = &mut to_logits[at..][..tokens * tokens];
            let (q, k) = (Matrix::rows(&query[from..], inner), Matrix::transpose(&key[from..], inner));
            product((&mut *logits, tokens), [tokens, tokens, width], q, k, Onto::Zero, pass.packing);
            let weights = &mut to_weights[at..][..tokens * tokens];
            let lines = logits.chunks_exact_mut(tokens).zip(weights.chunks_exact_mut(tokens));
            for (i, (logits, weights)) in lines.enumerate() {
                for logit in logits.iter_mut() {
                    *logit *= scale;
                }
                let seen = if self.causal { i + 1 } else { tokens };
                crate::loss::softmax(&logits[..seen], &mut weights[..seen]);
                weights[seen..].fill(T::zero());
            }
            let (p, v) = (Matrix::rows(weights, tokens), Matrix::rows(&value[from..], inner));
            product((&mut to_mixed[from..], inner), [tokens, width, tokens], p, v, Onto::Zero, pass.packing);
        });
        let (weight, onto) = part(self.place(3));
        let (x, w) = (Matrix::rows(to_mixed, inner), Matrix::rows(weight, d));
        product((output, d), [rows, d, inner], x, w, onto, pass.packing);
        (self.logits, self.weights, self.mixed) = (logits, weights, mixed);
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        mut input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        let (tokens, d, inner, width) = (self.shape.places(), self.shape.channels, self.heads * self.width, self.width);
        let rows = pass.batch * tokens;
        let [start, middle, end] = self.place(3);
        let dy = Matrix::rows(signal.gradient, d);
        let mixed = Matrix::transpose(&self.mixed, inner);
        product((&mut gradients[start..middle], d), [inner, d, rows], mixed, dy, Onto::Zero, pass.packing);
        if self.bias {
            column_sums(signal.gradient, &mut gradients[middle..end]);
        }
        let mut by_mixed = std::mem::take(&mut self.by_mixed);
        let w = Matrix::transpose(&parameters[start..middle], d);
        product((fit(&mut by_mixed, rows * inner), inner), [rows, inner, d], dy, w, Onto::Zero, pass.packing);

        let mut by_weights = std::mem::take(&mut self.by_weights);
        let by_logits = fit(&mut by_weights, tokens * tokens);
        let [mut by_query, mut by_key, mut by_value] = std::mem::take(&mut self.by_projected);
        for by in [&mut by_query, &mut by_key, &mut by_value] {
            fit(by, rows * inner);
        }
        let [query, key, value] = &self.projected;
        let scale = T::of(self.scale);
        self.each_head(pass.batch, |from, at| {
            let weights = &self.weights[at..][..tokens * tokens];
            let dm = Matrix::rows(&by_mixed[from..], inner);
            let p = Matrix::transpose(weights, tokens);
            let packing = &mut *pass.packing;
            product((&mut by_value[from..], inner), [tokens, width, tokens], p, dm, Onto::Zero, packing);
            let v = Matrix::transpose(&value[from..], inner);
            product((&mut *by_logits, tokens), [tokens, tokens, width], dm, v, Onto::Zero, packing);
            for (dl, p) in by_logits.chunks_exact_mut(tokens).zip(weights.chunks_exact(tokens)) {
                let along = dl.iter().zip(p).map(|(&dl, &p)| dl * p).sum::<T>();
                for (dl, &p) in dl.iter_mut().zip(p) {
                    *dl = scale * p * (*dl - along);
                }
            }
            let k = Matrix::rows(&key[from..], inner);
            let dl = Matrix::rows(by_logits, tokens);
            product((&mut by_query[from..], inner), [tokens, width, tokens], dl, k, Onto::Zero, packing);
            let q = Matrix::rows(&query[from..], inner);
            let dl = Matrix::transpose(by_logits, tokens);
            product((&mut by_key[from..], inner), [tokens, width, tokens], dl, q, Onto::Zero, packing);
        });
        self.by_projected = [by_query, by_key, by_value];
        (self.by_mixed, self.by_weights) = (by_mixed, by_weights);

        for i in 0..3 {
            let [start, middle, end] = self.place(i);
            let by = &self.by_projected[i][..rows * inner];
            let x = Matrix::transpose(signal.input, d);
            let to = (&mut gradients[start..middle], inner);
            product(to, [d, inner, rows], x, Matrix::rows(by, inner), Onto::Zero, pass.packing);
            if self.bias {
                column_sums(by, &mut gradients[middle..end]);
            }
            if let Some(dx) = input_gradient.as_deref_mut() {
                let w = Matrix::transpose(&parameters[start..middle], inner);
                let onto = if i == 0 { Onto::Zero } else { Onto::Itself };
                product((dx, d), [rows, d, inner], Matrix::rows(by, inner), w, onto, pass.packing);
            }
        }
    }

    fn watch(&self, batch: usize, path: &mut Vec<usize>, show: &mut dyn FnMut(Watched<'_, T>)) {
        let width = self.shape.places();
        let numbers = batch * self.heads * width * width;
        show(Watched { path, what: "logits", values: &self.logits[..numbers], width });
        show(Watched { path, what: "attention", values: &self.weights[..numbers], width });
    }
}
