//! Affine coupling (Dinh et al. 2017, equations 7 and 8).

use headstart_check::check;

use super::contract::{Layer, Pass, Signal, Watched};
use super::rows::{add, fit};
use crate::error::check_length;
use crate::{Error, Real, Sequential, Shape, Tensor};

/// Affine coupling: one part x1 of the sample passes through, and a network of x1 gives the scale s and the shift t of
/// the other part: y2 = x2 exp(s(x1)) + t(x1). The log-determinant of a sample is the sum of its s.
///
/// Meant for [`crate::Loss::NormalFlow`], the negative log-likelihood under a standard normal. The backward pass adds
/// the gradient of the log-determinants, `-1 / batch` each.
pub struct Coupling<T> {
    shape: Shape,
    /// Numbers that pass through: the first ones, or the last if `turned`.
    kept: usize,
    turned: bool,
    /// Limits |s| by a scaled tanh.
    bound: Option<f64>,
    network: Sequential<T>,
    condition: Vec<T>,
    condition_gradient: Vec<T>,
    /// Output of the network: raw s, then t, for each sample.
    answer: Vec<T>,
    answer_gradient: Vec<T>,
    log_det: Vec<T>,
}

impl<T: Real> Coupling<T> {
    /// Creates a coupling for samples of `inputs` numbers. The first `kept` numbers (`turned`: the last) condition the
    /// others. The network maps them to s and t of all other numbers. `bound` limits s: s = bound tanh(raw / bound).
    pub fn new(
        inputs: usize,
        kept: usize,
        turned: bool,
        bound: Option<f64>,
        network: Sequential<T>,
    ) -> Result<Self, Error> {
        check(
            kept > 0 && kept < inputs,
            "the numbers that pass through a coupling",
            kept as f64,
            "at least 1 and below the number of inputs",
        )?;
        let bound_here = bound.unwrap_or(1.0);
        check(bound_here > 0.0 && bound_here.is_finite(), "the bound of a coupling", bound_here, "positive")?;
        check_length("the input of a coupling's network", kept, network.input().numbers())?;
        check_length("the output of a coupling's network", 2 * (inputs - kept), network.output().numbers())?;
        let empty = Vec::new;
        Ok(Self {
            shape: Shape::vector(inputs),
            kept,
            turned,
            bound,
            network,
            condition: empty(),
            condition_gradient: empty(),
            answer: empty(),
            answer_gradient: empty(),
            log_det: empty(),
        })
    }

    /// Splits a sample into the part that passes through and the other part.
    fn split<'a>(&self, sample: &'a [T]) -> [&'a [T]; 2] {
        if self.turned {
            let (other, kept) = sample.split_at(sample.len() - self.kept);
            [kept, other]
        } else {
            let (kept, other) = sample.split_at(self.kept);
            [kept, other]
        }
    }

    fn split_mut<'a>(&self, sample: &'a mut [T]) -> [&'a mut [T]; 2] {
        if self.turned {
            let (other, kept) = sample.split_at_mut(sample.len() - self.kept);
            [kept, other]
        } else {
            let (kept, other) = sample.split_at_mut(self.kept);
            [kept, other]
        }
    }

    /// Returns s and its derivative with respect to the raw output.
    fn bounded(&self, raw: T) -> [T; 2] {
        let Some(bound) = self.bound else { return [raw, T::one()] };
        let bound = T::of(bound);
        let tangent = (raw / bound).fast_tanh();
        [bound * tangent, T::one() - tangent * tangent]
    }
}

impl<T: Real> Layer<T> for Coupling<T> {
    fn name(&self) -> &'static str {
        "an affine coupling"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn tensors(&self) -> Vec<Tensor> {
        crate::shape::nested(std::iter::once(self.network.tensors()))
    }

    fn forward(&mut self, parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        let inputs = self.shape.numbers();
        let others = inputs - self.kept;
        let mut condition = std::mem::take(&mut self.condition);
        fit(&mut condition, pass.batch * self.kept);
        for (to, x) in condition.chunks_exact_mut(self.kept).zip(input.chunks_exact(inputs)) {
            to.copy_from_slice(self.split(x)[0]);
        }
        let answer = fit(&mut self.answer, pass.batch * 2 * others);
        self.network.forward(parameters, &condition[..pass.batch * self.kept], answer, pass);
        self.condition = condition;
        let mut log_det = std::mem::take(&mut self.log_det);
        let samples = input.chunks_exact(inputs).zip(output.chunks_exact_mut(inputs));
        let answers = self.answer.chunks_exact(2 * others);
        for (((x, y), answer), log_det) in samples.zip(answers).zip(fit(&mut log_det, pass.batch)) {
            y.copy_from_slice(x);
            let (raw, shift) = answer.split_at(others);
            *log_det = T::zero();
            for ((y, &raw), &shift) in self.split_mut(y)[1].iter_mut().zip(raw).zip(shift) {
                let [s, _] = self.bounded(raw);
                *y = *y * s.fast_exp() + shift;
                *log_det += s;
            }
        }
        self.log_det = log_det;
    }

    fn backward(
        &mut self,
        parameters: &[T],
        gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        pass: &mut Pass<'_, T>,
    ) {
        let inputs = self.shape.numbers();
        let others = inputs - self.kept;
        let share = T::one() / T::of(pass.batch as f64);
        let mut answer_gradient = std::mem::take(&mut self.answer_gradient);
        let to = fit(&mut answer_gradient, pass.batch * 2 * others).chunks_exact_mut(2 * others);
        let samples = signal.input.chunks_exact(inputs).zip(signal.gradient.chunks_exact(inputs));
        for (((x, dy), answer), to) in samples.zip(self.answer.chunks_exact(2 * others)).zip(to) {
            let (by_raw, by_shift) = to.split_at_mut(others);
            let parts = self.split(x)[1].iter().zip(self.split(dy)[1]).zip(answer);
            for (((&x, &dy), &raw), (by_raw, by_shift)) in parts.zip(by_raw.iter_mut().zip(by_shift)) {
                let [s, slope] = self.bounded(raw);
                *by_raw = (dy * x * s.fast_exp() - share) * slope;
                *by_shift = dy;
            }
        }
        let wanted = input_gradient.is_some();
        let by_condition = fit(&mut self.condition_gradient, pass.batch * self.kept);
        let own = Signal {
            input: &self.condition[..pass.batch * self.kept],
            output: &self.answer[..pass.batch * 2 * others],
            gradient: &answer_gradient[..pass.batch * 2 * others],
        };
        self.network.backward(parameters, gradients, own, wanted.then_some(by_condition), pass);
        self.answer_gradient = answer_gradient;
        let Some(dx) = input_gradient else { return };
        let samples = signal.gradient.chunks_exact(inputs).zip(dx.chunks_exact_mut(inputs));
        let answers = self.answer.chunks_exact(2 * others);
        for (((dy, dx), answer), by_condition) in
            samples.zip(answers).zip(self.condition_gradient.chunks_exact(self.kept))
        {
            dx.copy_from_slice(dy);
            let [kept, other] = self.split_mut(dx);
            add(kept, by_condition);
            for (dx, &raw) in other.iter_mut().zip(answer) {
                *dx *= self.bounded(raw)[0].fast_exp();
            }
        }
    }

    fn watch(&self, batch: usize, path: &mut Vec<usize>, show: &mut dyn FnMut(Watched<'_, T>)) {
        show(Watched { path, what: "log_det", values: &self.log_det[..batch], width: 1 });
        path.push(0);
        self.network.watch(batch, path, show);
        path.pop();
    }

    fn state(&mut self, visit: &mut dyn FnMut(&mut [T])) {
        self.network.state(visit);
    }
}
