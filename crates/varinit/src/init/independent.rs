//! Independent weights.

use headstart_check::check;
use headstart_nn::Real;
use headstart_simd::Portable;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use crate::Error;

/// The fan by which a variance is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fan {
    /// Fan-in: keeps the variance of the forward signal.
    In,
    /// Fan-out: keeps the variance of the gradient.
    Out,
    /// The mean of fan-in and fan-out.
    Average,
}

impl Fan {
    /// Returns the number from fan-in and fan-out.
    pub fn of(self, [fan_in, fan_out]: [usize; 2]) -> f64 {
        match self {
            Self::In => fan_in as f64,
            Self::Out => fan_out as f64,
            Self::Average => 0.5 * (fan_in + fan_out) as f64,
        }
    }
}

/// The distribution of a random weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Normal distribution.
    Normal,
    /// Uniform between bounds.
    Uniform,
    /// Normal, truncated at two standard deviations, with the scale corrected to give the requested variance.
    Truncated,
}

/// Standard deviation of a standard normal distribution truncated at -2 and 2.
pub const TRUNCATED_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// Fills with one value.
pub fn constant<T: Real>(weights: &mut [T], value: f64) {
    weights.fill(T::of(value));
}

/// Uniform in `low..high`.
pub fn uniform<T: Real>(weights: &mut [T], low: f64, high: f64, rng: &mut impl Rng) -> Result<(), Error> {
    check(low < high && (high - low).is_finite(), "the upper bound", high, "above the lower one, and finite")?;
    weights.fill_with(|| T::of(rng.random_range(low..high)));
    Ok(())
}

/// Normal with mean 0 and this standard deviation.
pub fn normal<T: Real>(weights: &mut [T], deviation: f64, rng: &mut impl Rng) {
    weights.fill_with(|| T::of(deviation * Distribution::<f64>::sample(&StandardNormal, rng)));
}

/// Normal with mean 0, redrawn beyond `cut` standard deviations, as in torch's `trunc_normal_` and timm's
/// `trunc_normal_tf_` (cut 2). `deviation` is the standard deviation before truncation; for a cut at 2,
/// [`TRUNCATED_DEVIATION`] of it remains.
pub fn truncated_normal<T: Real>(weights: &mut [T], deviation: f64, cut: f64, rng: &mut impl Rng) -> Result<(), Error> {
    check(cut >= 0.1, "the cut of the truncated normal", cut, "at least 0.1 standard deviations")?;
    weights.fill_with(|| {
        loop {
            let z: f64 = StandardNormal.sample(rng);
            if z.abs() <= cut {
                return T::of(deviation * z);
            }
        }
    });
    Ok(())
}

/// Weights with this variance and distribution.
pub fn with_variance<T: Real>(weights: &mut [T], variance: f64, shape: Shape, rng: &mut impl Rng) -> Result<(), Error> {
    check(variance > 0.0 && variance.is_finite(), "the variance of weights", variance, "positive")?;
    let deviation = variance.sqrt();
    match shape {
        Shape::Normal => normal(weights, deviation, rng),
        Shape::Uniform => uniform(weights, -3.0_f64.sqrt() * deviation, 3.0_f64.sqrt() * deviation, rng)?,
        Shape::Truncated => truncated_normal(weights, deviation / TRUNCATED_DEVIATION, 2.0, rng)?,
    }
    Ok(())
}

/// `variance_scaling` of timm and Keras: variance `scale` / fan.
pub fn variance_scaling<T: Real>(
    weights: &mut [T],
    fans: [usize; 2],
    scale: f64,
    fan: Fan,
    shape: Shape,
    rng: &mut impl Rng,
) -> Result<(), Error> {
    with_variance(weights, scale / fan.of(fans), shape, rng)
}

/// Xavier, uniform within +-gain sqrt(6 / (`n_in` + `n_out`)) (Glorot & Bengio 2010).
pub fn xavier_uniform<T: Real>(w: &mut [T], fans: [usize; 2], gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    variance_scaling(w, fans, gain * gain, Fan::Average, Shape::Uniform, rng)
}

/// Xavier, normal with standard deviation gain sqrt(2 / (`n_in` + `n_out`)) (Glorot & Bengio 2010).
pub fn xavier_normal<T: Real>(w: &mut [T], fans: [usize; 2], gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    variance_scaling(w, fans, gain * gain, Fan::Average, Shape::Normal, rng)
}

/// Kaiming, uniform within +-gain sqrt(3 / fan) (He et al. 2015).
pub fn kaiming_uniform<T: Real>(
    w: &mut [T],
    fans: [usize; 2],
    fan: Fan,
    gain: f64,
    rng: &mut impl Rng,
) -> Result<(), Error> {
    variance_scaling(w, fans, gain * gain, fan, Shape::Uniform, rng)
}

/// Kaiming, normal with standard deviation gain / sqrt(fan) (He et al. 2015).
pub fn kaiming_normal<T: Real>(
    w: &mut [T],
    fans: [usize; 2],
    fan: Fan,
    gain: f64,
    rng: &mut impl Rng,
) -> Result<(), Error> {
    variance_scaling(w, fans, gain * gain, fan, Shape::Normal, rng)
}

/// timm's `lecun_normal_`: a truncated normal of variance 1 / `n_in`.
pub fn lecun_normal<T: Real>(w: &mut [T], fans: [usize; 2], rng: &mut impl Rng) -> Result<(), Error> {
    variance_scaling(w, fans, 1.0, Fan::In, Shape::Truncated, rng)
}

/// The default of `torch.nn.Linear` and `Conv2d`, for weights and biases: uniform within +-1 / sqrt(`n_in`)
/// (`kaiming_uniform_` with a = sqrt 5, variance 1 / (3 `n_in`)).
pub fn torch_default<T: Real>(w: &mut [T], fan_in: usize, rng: &mut impl Rng) -> Result<(), Error> {
    let bound = (fan_in as f64).portable_powf(-0.5);
    uniform(w, -bound, bound, rng)
}
