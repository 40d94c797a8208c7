//! A sequence of layers.

mod kinds;

use std::ops::Range;

use crate::layer::contract::{Pass, Signal, Watched};
use crate::layer::rows::fit;
use crate::{Error, Layer, Real, Shape, Tensor};

/// A sequence of layers; itself a layer. Without layers it is the identity.
///
/// The methods that add a layer take the input shape from the layer before, so that definitions read as a chain. The
/// first layer that does not fit is remembered, and [`Sequential::check`] reports it; every function that takes a
/// sequence calls `check`.
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
    /// End of each layer's parameters.
    ends: Vec<usize>,
    /// Outputs of all layers but the last, and their gradients.
    signals: Vec<Vec<T>>,
    gradients: Vec<Vec<T>>,
    error: Option<Error>,
}

impl<T: Real> Sequential<T> {
    /// Creates an empty sequence for samples of this shape.
    pub fn new(input: Shape) -> Self {
        Self { input, layers: vec![], ends: vec![], signals: vec![], gradients: vec![], error: None }
    }

    /// Number of parameters of all layers.
    pub fn parameters(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The layers.
    pub fn layers(&self) -> &[Box<dyn Layer<T>>] {
        &self.layers
    }

    /// Returns the sequence, or the error of the first layer that did not fit.
    pub fn check(mut self) -> Result<Self, Error> {
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }

    /// Adds a layer of any type.
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

    /// Adds a layer, or records the error if it could not be created.
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

    /// Range of the layer's parameters.
    fn part(&self, layer: usize) -> Range<usize> {
        let from = if layer == 0 { 0 } else { self.ends[layer - 1] };
        from..self.ends[layer]
    }
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
        crate::shape::nested(self.layers.iter().map(|layer| layer.tensors()))
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
            // Below the first layer with parameters, gradients are needed only if the caller wants the input's.
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
