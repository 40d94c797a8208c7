//! Activations without parameters.

use serde::{Deserialize, Serialize};

use super::contract::{Layer, Pass, Signal};
use crate::{Real, Shape};

/// An elementwise function. Constants and the derivative at 0 are PyTorch's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Activation {
    /// x
    Identity,
    /// max(0, x)
    Relu,
    /// x for x >= 0, slope times x below.
    Leaky(f64),
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + exp(-x))
    Sigmoid,
    /// x Phi(x), exact (not the tanh approximation).
    Gelu,
    /// x sigmoid(x)
    Silu,
    /// Klambauer et al. 2017.
    Selu,
    /// x for x >= 0, exp(x) - 1 below.
    Elu,
}

/// Klambauer et al. 2017, equation 14.
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;

impl Activation {
    /// Returns the value at x.
    pub fn value<T: Real>(self, x: T) -> T {
        let mut y = [T::zero()];
        self.apply(&[x], &mut y);
        y[0]
    }

    /// Returns the derivative at x.
    pub fn slope<T: Real>(self, x: T) -> T {
        let mut dx = [T::zero()];
        self.pull_back(&[x], &[self.value(x)], &[T::one()], &mut dx);
        dx[0]
    }

    /// Applies the function to every number.
    pub(crate) fn apply<T: Real>(self, x: &[T], y: &mut [T]) {
        let (zero, one) = (T::zero(), T::one());
        match self {
            Self::Identity => y.copy_from_slice(x),
            Self::Relu => map(x, y, move |x| if x > zero { x } else { x * zero }),
            Self::Leaky(slope) => {
                let slope = T::of(slope);
                map(x, y, move |x| if x > zero { x } else { slope * x });
            }
            Self::Tanh => map(x, y, T::fast_tanh),
            Self::Sigmoid => map(x, y, sigmoid),
            Self::Gelu => map(x, y, move |x| x * normal_probability(x)),
            Self::Silu => map(x, y, move |x| x * sigmoid(x)),
            Self::Selu => {
                let (scale, below) = (T::of(SELU_SCALE), T::of(SELU_SCALE * SELU_ALPHA));
                map(x, y, move |x| if x > zero { scale * x } else { below * (x.fast_exp() - one) });
            }
            Self::Elu => map(x, y, move |x| if x > zero { x } else { x.fast_exp() - one }),
        }
    }

    /// Computes the gradient with respect to x from that with respect to y.
    pub(crate) fn pull_back<T: Real>(self, x: &[T], y: &[T], dy: &[T], dx: &mut [T]) {
        let (zero, one) = (T::zero(), T::one());
        match self {
            Self::Identity => dx.copy_from_slice(dy),
            Self::Relu => chain(x, y, dy, dx, move |x, _| if x > zero { one } else { zero }),
            Self::Leaky(slope) => {
                let slope = T::of(slope);
                chain(x, y, dy, dx, move |x, _| if x > zero { one } else { slope });
            }
            Self::Tanh => chain(x, y, dy, dx, move |_, y| one - y * y),
            Self::Sigmoid => chain(x, y, dy, dx, move |_, y| y * (one - y)),
            Self::Gelu => chain(x, y, dy, dx, move |x, _| normal_probability(x) + x * normal_density(x)),
            Self::Silu => chain(x, y, dy, dx, move |x, _| {
                let s = sigmoid(x);
                s * (one + x * (one - s))
            }),
            Self::Selu => {
                let (scale, below) = (T::of(SELU_SCALE), T::of(SELU_SCALE * SELU_ALPHA));
                chain(x, y, dy, dx, move |x, _| if x > zero { scale } else { below * x.fast_exp() });
            }
            Self::Elu => chain(x, y, dy, dx, move |x, _| if x > zero { one } else { x.fast_exp() }),
        }
    }
}

fn sigmoid<T: Real>(x: T) -> T {
    T::one() / (T::one() + (-x).fast_exp())
}

fn normal_probability<T: Real>(x: T) -> T {
    T::of(0.5) * (T::one() + T::erf(x * T::of(std::f64::consts::FRAC_1_SQRT_2)))
}

fn normal_density<T: Real>(x: T) -> T {
    // 1 / sqrt(2 pi)
    T::of(0.398_942_280_401_432_7) * (T::of(-0.5) * x * x).fast_exp()
}

// Closures take their captures by value: the compiler does not vectorise through a reference to a reference.
fn map<T: Real>(x: &[T], y: &mut [T], f: impl Fn(T) -> T) {
    headstart_simd::widely!({
        for (&x, y) in x.iter().zip(y) {
            *y = f(x);
        }
    });
}

fn chain<T: Real>(x: &[T], y: &[T], dy: &[T], dx: &mut [T], slope: impl Fn(T, T) -> T) {
    headstart_simd::widely!({
        for (((&x, &y), &dy), dx) in x.iter().zip(y).zip(dy).zip(dx) {
            *dx = dy * slope(x, y);
        }
    });
}

/// An activation as a layer.
pub(crate) struct Activate {
    pub(crate) function: Activation,
    pub(crate) shape: Shape,
}

impl<T: Real> Layer<T> for Activate {
    fn name(&self) -> &'static str {
        "an activation"
    }

    fn input(&self) -> Shape {
        self.shape
    }

    fn forward(&mut self, _parameters: &[T], input: &[T], output: &mut [T], _pass: &mut Pass<'_, T>) {
        self.function.apply(input, output);
    }

    fn backward(
        &mut self,
        _parameters: &[T],
        _gradients: &mut [T],
        signal: Signal<'_, T>,
        input_gradient: Option<&mut [T]>,
        _pass: &mut Pass<'_, T>,
    ) {
        if let Some(dx) = input_gradient {
            self.function.pull_back(signal.input, signal.output, signal.gradient, dx);
        }
    }
}
