//! Inverted dropout (Srivastava et al. 2014).

use headstart_check::check;

use super::contract::{Layer, Pass, Signal};
use super::rows::fit;
use crate::{Error, Real, Shape};

/// In training, sets each number to zero with probability p and divides the others by 1 - p. The identity in
/// evaluation.
#[derive(Clone, Debug)]
pub struct Dropout<T> {
    shape: Shape,
    probability: f64,
    factors: Vec<T>,
    /// Whether the last pass dropped anything.
    dropped: bool,
}

impl<T: Real> Dropout<T> {
    /// Creates a layer with this probability.
    pub fn new(shape: Shape, probability: f64) -> Result<Self, Error> {
        check((0.0..1.0).contains(&probability), "the probability of dropout", probability, "at least 0 and below 1")?;
        Ok(Self { shape, probability, factors: Vec::new(), dropped: false })
    }
}

impl<T: Real> Layer<T> for Dropout<T> {
    fn name(&self) -> &'static str {
        "dropout"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn forward(&mut self, _parameters: &[T], input: &[T], output: &mut [T], pass: &mut Pass<'_, T>) {
        self.dropped = pass.training.is_some() && self.probability > 0.0;
        let Some(rng) = pass.training.as_deref_mut().filter(|_| self.dropped) else {
            output.copy_from_slice(input);
            return;
        };
        let factors = fit(&mut self.factors, input.len());
        let kept = T::of(1.0 / (1.0 - self.probability));
        // A uniform 32-bit number below this threshold means dropped.
        let threshold = (self.probability * 4_294_967_296.0) as u64;
        for ((factor, &x), y) in factors.iter_mut().zip(input).zip(output) {
            *factor = if u64::from(rng.next_u32()) < threshold { T::zero() } else { kept };
            *y = *factor * x;
        }
    }

    fn backward(
        &mut self,
        _parameters: &[T],
        _gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        let Some(dx) = input_gradient else { return };
        if !self.dropped {
            dx.copy_from_slice(signal.gradient);
            return;
        }
        for ((&factor, &dy), dx) in self.factors.iter().zip(signal.gradient).zip(dx) {
            *dx = factor * dy;
        }
    }
}
