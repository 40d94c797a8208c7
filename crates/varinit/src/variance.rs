//! The rules: the variance of weights that keeps the signal's variance. These are the forward forms; for the backward
//! form pass the fan-out.

/// Returns 2 / ((1 + a^2) n), for weights after ReLU (a = 0), leaky ReLU or PReLU with slope a (He et al. 2015).
pub fn rectifier(fan: usize, slope: f64) -> f64 {
    2.0 / ((1.0 + slope * slope) * fan as f64)
}

/// Returns 2 / (`n_in` + `n_out`), a compromise between the forward and the backward rule of a linear layer (Glorot &
/// Bengio 2010).
pub fn glorot([fan_in, fan_out]: [usize; 2]) -> f64 {
    2.0 / (fan_in + fan_out) as f64
}

/// Returns gain^2 / n, the rule of an activation with this gain.
pub fn with_gain(fan: usize, gain: f64) -> f64 {
    gain * gain / fan as f64
}

/// Returns 2 / (B n), for a branch of fan-in n among the B branches of a sum in a ReLU network. All branches then
/// contribute equally.
pub fn branch(branches: usize, fan: usize) -> f64 {
    2.0 / (branches * fan) as f64
}

/// Returns 2 / (sum of n), one variance for all branches with the same variance of the sum. Branches with more inputs
/// then contribute more.
pub fn branches_alike(fans: &[usize]) -> f64 {
    2.0 / fans.iter().sum::<usize>() as f64
}

/// Returns 2 (1 - p) / n, for weights after ReLU and inverted dropout. Dropout divides the kept numbers by 1 - p and
/// thus multiplies the mean square by 1 / (1 - p). Without dropout in evaluation, the mean square then shrinks by 1 - p
/// in every layer.
pub fn dropout(fan: usize, probability: f64) -> f64 {
    2.0 * (1.0 - probability) / fan as f64
}

/// Returns the variance of query and key weights for inputs with mean square s^2 that gives logits q k / sqrt(d) the
/// wanted variance (1 for the rule): sqrt(logit variance) / (`d_in` s^2).
pub fn attention(width_in: usize, input_square: f64, logit_variance: f64) -> f64 {
    logit_variance.sqrt() / (width_in as f64 * input_square)
}

/// Returns the learning rate with which Adam's first step changes weights of standard deviation sigma by rho of their
/// norm. That step changes every weight by the rate.
pub fn adam_rate(rho: f64, sigma: f64) -> f64 {
    rho * sigma
}

/// Returns the probability that a ReLU network of this width and depth is born dead for every input, with symmetric
/// weights and zero biases: 1 - (1 - 2^-w)^D (an upper bound that is nearly attained; Lu et al. 2020, theorem 3).
pub fn born_dead(width: i32, depth: i32) -> f64 {
    1.0 - (1.0 - 0.5_f64.powi(width)).powi(depth)
}
