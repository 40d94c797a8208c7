//! Layers one after another.

use std::ops::Range;

use crate::layer::{
    Activation, Affine, Attention, BatchNorm, Conv, Coupling, Dense, Dropout, LayerNorm, Local, Lookup, PRelu, Pass,
    Pool, PoolKind, Select, Signal, Sum, Watched, Window, fit,
};
use crate::{Error, Layer, Real, Shape, Tensor};

/// Layers one after another; itself a layer. Without layers it is the identity.
///
/// The methods that add a layer take the shape from what comes before. The first thing that does not fit is kept and told
/// by [`Sequential::check`], which whatever takes a sequence calls, so that definitions read as a chain.
///
/// ```
/// use headstart_nn::{Activation, Sequential, Shape};
///
/// let body = Sequential::<f32>::new(Shape::vector(64)).dense(128).activation(Activation::Relu).dense(10);
/// assert_eq!(body.check()?.parameters(), 64 * 128 + 128 + 128 * 10 + 10);
/// # Ok::<(), headstart_nn::Error>(())
/// ```
pub struct Sequential<T> {
    input: Shape,
    layers: Vec<Box<dyn Layer<T>>>,
    /// Where each layer's parameters end.
    ends: Vec<usize>,
    /// Outputs of all layers but the last, and the gradients by them.
    signals: Vec<Vec<T>>,
    gradients: Vec<Vec<T>>,
    error: Option<Error>,
}

impl<T: Real> Sequential<T> {
    /// No layers yet.
    pub fn new(input: Shape) -> Self {
        Self { input, layers: vec![], ends: vec![], signals: vec![], gradients: vec![], error: None }
    }

    /// Parameters of all layers.
    pub fn parameters(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The layers.
    pub fn layers(&self) -> &[Box<dyn Layer<T>>] {
        &self.layers
    }

    /// Itself, or the first thing that did not fit.
    pub fn check(mut self) -> Result<Self, Error> {
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }

    /// Adds a layer of any kind.
    #[must_use]
    pub fn layer(mut self, layer: impl Layer<T> + 'static) -> Self {
        let (needed, given) = (layer.input(), self.output());
        if needed.numbers() == given.numbers() {
            self.ends.push(self.parameters() + layer.tensors().iter().map(Tensor::numbers).sum::<usize>());
            self.layers.push(Box::new(layer));
            self.signals.push(Vec::new());
            self.gradients.push(Vec::new());
        } else if self.error.is_none() {
            let (needs, given) = (format!("{needed:?}"), format!("{given:?}"));
            self.error = Some(Error::Shape { layer: layer.name(), needs, given });
        }
        self
    }

    /// Adds a layer if it could be made.
    #[must_use]
    pub fn made<L: Layer<T> + 'static>(mut self, layer: Result<L, Error>) -> Self {
        match layer {
            Ok(layer) => self.layer(layer),
            Err(error) => {
                self.error.get_or_insert(error);
                self
            }
        }
    }

    /// [`Dense`] with a bias.
    #[must_use]
    pub fn dense(self, outputs: usize) -> Self {
        let layer = Dense::new(self.output(), outputs, true);
        self.made(layer)
    }

    /// [`Dense`] without a bias.
    #[must_use]
    pub fn linear(self, outputs: usize) -> Self {
        let layer = Dense::new(self.output(), outputs, false);
        self.made(layer)
    }

    /// [`Dense::pointwise`] with a bias.
    #[must_use]
    pub fn pointwise(self, channels: usize) -> Self {
        let layer = Dense::pointwise(self.output(), channels, true);
        self.made(layer)
    }

    /// [`Lookup`] with a bias, of samples that are indices.
    #[must_use]
    pub fn lookup(self, rows: usize, outputs: usize) -> Self {
        self.made(Lookup::new(rows, outputs, true))
    }

    /// [`Conv`] with a bias.
    #[must_use]
    pub fn conv(self, channels: usize, window: Window) -> Self {
        let layer = Conv::new(self.output(), channels, window, true);
        self.made(layer)
    }

    /// [`Local`] with a bias.
    #[must_use]
    pub fn local(self, channels: usize, window: Window) -> Self {
        let layer = Local::new(self.output(), channels, window, true);
        self.made(layer)
    }

    /// [`Pool`].
    #[must_use]
    pub fn pool(self, window: Window, kind: PoolKind) -> Self {
        let layer = Pool::new(self.output(), window, kind);
        self.made(layer)
    }

    /// [`Pool::global`].
    #[must_use]
    pub fn global_mean(self) -> Self {
        let layer = Pool::global(self.output());
        self.made(layer)
    }

    /// An [`Activation`].
    #[must_use]
    pub fn activation(self, function: Activation) -> Self {
        let shape = self.output();
        self.layer(crate::layer::Activate { function, shape })
    }

    /// [`PRelu`] with one slope.
    #[must_use]
    pub fn prelu(self) -> Self {
        let layer = PRelu::new(self.output(), false);
        self.made(layer)
    }

    /// [`Dropout`].
    #[must_use]
    pub fn dropout(self, probability: f64) -> Self {
        let layer = Dropout::new(self.output(), probability);
        self.made(layer)
    }

    /// [`Affine`] with one multiplier and one bias.
    #[must_use]
    pub fn affine(self) -> Self {
        let layer = Affine::new(self.output(), false, [true, true]);
        self.made(layer)
    }

    /// [`BatchNorm`] with PyTorch's settings.
    #[must_use]
    pub fn batch_norm(self) -> Self {
        let layer = BatchNorm::new(self.output(), 1e-5, 0.1);
        self.made(layer)
    }

    /// [`LayerNorm`] with PyTorch's settings.
    #[must_use]
    pub fn layer_norm(self) -> Self {
        let layer = LayerNorm::new(self.output(), 1e-5);
        self.made(layer)
    }

    /// [`Attention`] whose heads divide the channels among them, with the usual scale and without biases.
    #[must_use]
    pub fn attention(self, heads: usize) -> Self {
        let shape = self.output();
        let width = shape.channels / heads.max(1);
        self.made(Attention::new(shape, heads, width, (width.max(1) as f64).powf(-0.5), false, false))
    }

    /// [`Select`].
    #[must_use]
    pub fn select(self, channels: Range<usize>) -> Self {
        let layer = Select::new(self.output(), channels);
        self.made(layer)
    }

    /// [`Sum`] of what each function makes of an empty sequence.
    #[must_use]
    pub fn sum<const N: usize>(self, branches: [&dyn Fn(Self) -> Self; N]) -> Self {
        let start = self.output();
        let branches = branches.map(|branch| branch(Self::new(start)));
        self.branches(branches.into())
    }

    /// [`Sum`] of these.
    #[must_use]
    pub fn branches(self, branches: Vec<Self>) -> Self {
        let branches: Result<Vec<_>, _> = branches.into_iter().map(Self::check).collect();
        self.made(branches.and_then(Sum::new))
    }

    /// [`Sum`] of the identity and what the function makes of an empty sequence.
    #[must_use]
    pub fn residual(self, block: impl Fn(Self) -> Self) -> Self {
        self.sum([&|identity| identity, &block])
    }

    /// [`Coupling`] by a network that the function makes: the first half of a vector passes through, or `turned` the last.
    #[must_use]
    pub fn coupling(self, turned: bool, bound: Option<f64>, network: impl Fn(Self, usize) -> Self) -> Self {
        let inputs = self.output().numbers();
        let kept = if turned { inputs - inputs / 2 } else { inputs / 2 };
        let network = network(Self::new(Shape::vector(kept)), 2 * (inputs - kept)).check();
        self.made(network.and_then(|network| Coupling::new(inputs, kept, turned, bound, network)))
    }

    /// Parameters of the layer.
    fn part(&self, layer: usize) -> Range<usize> {
        let from = if layer == 0 { 0 } else { self.ends[layer - 1] };
        from..self.ends[layer]
    }
}

/// Tensors of parts one after another, each named after its place.
pub(crate) fn nested(parts: impl Iterator<Item = Vec<Tensor>>) -> Vec<Tensor> {
    let named = parts.enumerate().flat_map(|(place, tensors)| {
        tensors.into_iter().map(move |tensor| Tensor { name: format!("{place}.{}", tensor.name), ..tensor })
    });
    crate::shape::in_a_row(named.collect())
}

impl<T: Real> Layer<T> for Sequential<T> {
    fn name(&self) -> &'static str {
        "a sequence of layers"
    }

    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.layers.last().map_or(self.input, |layer| layer.output())
    }

    fn tensors(&self) -> Vec<Tensor> {
        nested(self.layers.iter().map(|layer| layer.tensors()))
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        if self.layers.is_empty() {
            output.copy_from_slice(input);
            return;
        }
        let last = self.layers.len() - 1;
        for i in 0..=last {
            let part = self.part(i);
            let numbers = pass.batch * self.layers[i].output().numbers();
            let (before, after) = self.signals.split_at_mut(i);
            let input_numbers = pass.batch * self.layers[i].input().numbers();
            let from = before.last().map_or(input, |signal| &signal[..input_numbers]);
            let to = if i == last { &mut *output } else { fit(&mut after[0], numbers) };
            self.layers[i].forward(&parameters[part], from, to, pass);
        }
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        mut input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        if self.layers.is_empty() {
            if let Some(dx) = input_gradient {
                dx.copy_from_slice(signal.gradient);
            }
            return;
        }
        let last = self.layers.len() - 1;
        for i in (0..=last).rev() {
            let part = self.part(i);
            let [inputs, outputs] =
                [self.layers[i].input(), self.layers[i].output()].map(|shape| pass.batch * shape.numbers());
            let (before, after) = self.gradients.split_at_mut(i);
            let own = Signal {
                input: if i == 0 { signal.input } else { &self.signals[i - 1][..inputs] },
                output: if i == last { signal.output } else { &self.signals[i][..outputs] },
                gradient: if i == last { signal.gradient } else { &after[0][..outputs] },
            };
            // Below the first layer with parameters nobody asks for gradients.
            let wanted = input_gradient.is_some() || part.start > 0;
            let dx = match before.last_mut() {
                Some(buffer) => wanted.then(|| fit(buffer, inputs)),
                None => input_gradient.as_deref_mut(),
            };
            let stop = !wanted;
            self.layers[i].backward(&parameters[part.clone()], &mut gradients[part], own, dx, pass);
            if stop {
                break;
            }
        }
    }

    fn watch(&self, batch: usize, path: &mut Vec<usize>, show: &mut dyn FnMut(Watched<'_, T>)) {
        let last = self.layers.len().saturating_sub(1);
        for (i, layer) in self.layers.iter().enumerate() {
            path.push(i);
            let width = layer.output().numbers();
            if i < last {
                show(Watched { path, what: "output", values: &self.signals[i][..batch * width], width });
                if let Some(values) = self.gradients[i].get(..batch * width) {
                    show(Watched { path, what: "gradient", values, width });
                }
            }
            layer.watch(batch, path, show);
            path.pop();
        }
    }

    fn state(&mut self, visit: &mut dyn FnMut(&mut [T])) {
        self.layers.iter_mut().for_each(|layer| layer.state(visit));
    }
}
