//! Branches whose outputs are added: residual blocks, Inception-like and ResNeXt-like sums.

use super::contract::{Layer, Pass, Signal, Watched};
use super::rows::{add, fit};
use crate::{Error, Real, Sequential, Shape, Tensor};

/// y = sum over branches of f(x). A branch without layers is the identity.
pub struct Sum<T> {
    branches: Vec<Sequential<T>>,
    outputs: Vec<Vec<T>>,
    /// Gradient with respect to the input along one branch.
    scratch: Vec<T>,
}

impl<T: Real> Sum<T> {
    /// Creates a sum of branches. All must have the same input shape and the same output shape.
    pub fn new(branches: Vec<Sequential<T>>) -> Result<Self, Error> {
        let shape = |shapes: Option<[Shape; 2]>| match shapes {
            Some([from, to]) => format!("{from:?} to {to:?}"),
            None => "no branches".to_owned(),
        };
        let shapes: Vec<_> = branches.iter().map(|branch| [branch.input(), branch.output()]).collect();
        let first = shapes.first().copied();
        match shapes.iter().find(|&&shapes| Some(shapes) != first) {
            None if first.is_some() => {
                let outputs = branches.iter().map(|_| Vec::new()).collect();
                Ok(Self { branches, outputs, scratch: Vec::new() })
            }
            other => {
                let needs = format!("branches with the shapes of the first ({})", shape(first));
                Err(Error::Shape { layer: "a sum", needs, given: shape(other.copied()) })
            }
        }
    }
}

impl<T: Real> Layer<T> for Sum<T> {
    fn name(&self) -> &'static str {
        "a sum of branches"
    }

    fn input(&self) -> Shape {
        self.branches[0].input()
    }

    fn output(&self) -> Shape {
        self.branches[0].output()
    }

    fn tensors(&self) -> Vec<Tensor> {
        crate::shape::nested(self.branches.iter().map(Layer::tensors))
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let mut rest = parameters;
        for (i, (branch, own)) in self.branches.iter_mut().zip(&mut self.outputs).enumerate() {
            let (parameters, after) = rest.split_at(branch.parameters());
            rest = after;
            let own = fit(own, output.len());
            branch.forward(parameters, input, own, pass);
            if i == 0 {
                output.copy_from_slice(own);
            } else {
                add(output, own);
            }
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
        let (mut rest, mut rest_gradients) = (parameters, gradients);
        for (i, (branch, output)) in self.branches.iter_mut().zip(&self.outputs).enumerate() {
            let (parameters, after) = rest.split_at(branch.parameters());
            let (gradients, after_gradients) = std::mem::take(&mut rest_gradients).split_at_mut(parameters.len());
            (rest, rest_gradients) = (after, after_gradients);
            let signal = Signal { output: &output[..signal.output.len()], ..signal };
            match input_gradient.as_deref_mut() {
                Some(dx) if i > 0 => {
                    let own = fit(&mut self.scratch, signal.input.len());
                    branch.backward(parameters, gradients, signal, Some(&mut *own), pass);
                    add(dx, own);
                }
                dx => branch.backward(parameters, gradients, signal, dx, pass),
            }
        }
    }

    fn watch(&self, batch: usize, path: &mut Vec<usize>, show: &mut dyn FnMut(Watched<'_, T>)) {
        for (i, (branch, output)) in self.branches.iter().zip(&self.outputs).enumerate() {
            path.push(i);
            let width = branch.output().numbers();
            show(Watched { path, what: "output", values: &output[..batch * width], width });
            branch.watch(batch, path, show);
            path.pop();
        }
    }

    fn state(&mut self, visit: &mut dyn FnMut(&mut [T])) {
        self.branches.iter_mut().for_each(|branch| branch.state(visit));
    }
}
