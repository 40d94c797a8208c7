//! Gains: the factor by which weights before an activation exceed those of a linear layer.

use headstart_check::OutOfRange;
use headstart_nn::Activation;
use headstart_simd::Portable;

use crate::Error;

/// Returns the gain E\[f(z)^2\]^(-1/2) for standard normal z. With weights of variance gain^2 / n, a layer keeps the
/// mean square of its pre-activations. Computed by Simpson's rule over -12..12, accurate to 1e-10.
pub fn exact_gain(function: Activation) -> f64 {
    let steps = 48_000;
    let width = 24.0 / f64::from(steps);
    let term = |i: i32| {
        let z = -12.0 + f64::from(i) * width;
        let weight = if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
        weight * function.value(z).powi(2) * (-0.5 * z * z).portable_exp()
    };
    let integral = (0..=steps).map(term).sum::<f64>() * width / 3.0;
    (integral / (2.0 * std::f64::consts::PI).sqrt()).portable_powf(-0.5)
}

/// Returns the gain of PyTorch's table, `torch.nn.init.calculate_gain`. Its 5/3 for tanh and 3/4 for SELU differ from
/// [`exact_gain`].
pub fn torch_gain(function: Activation) -> Result<f64, Error> {
    match function {
        Activation::Identity | Activation::Sigmoid => Ok(1.0),
        Activation::Tanh => Ok(5.0 / 3.0),
        Activation::Relu => Ok(2.0_f64.sqrt()),
        Activation::Leaky(slope) => Ok((2.0 / (1.0 + slope * slope)).sqrt()),
        Activation::Selu => Ok(0.75),
        _ => Err(OutOfRange {
            name: "the gain in PyTorch's table",
            value: f64::NAN,
            allowed: "that of a linear function, sigmoid, tanh, ReLU, leaky ReLU or SELU; use exact_gain for others",
        }
        .into()),
    }
}
