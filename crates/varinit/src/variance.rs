//! The rules: which variance of the weights keeps the signal's. Forward forms; for the backward form pass the fan out.

/// He et al. 2015: 2 / ((1 + a^2) n) after ReLU (a = 0), leaky ReLU or PReLU with slope a.
pub fn rectifier(fan: usize, slope: f64) -> f64 {
    2.0 / ((1.0 + slope * slope) * fan as f64)
}

/// Glorot & Bengio 2010: 2 / (`n_in` + `n_out`), between the forward and the backward rule of a linear layer.
pub fn glorot([fan_in, fan_out]: [usize; 2]) -> f64 {
    2.0 / (fan_in + fan_out) as f64
}

/// The rule of any activation with this gain: gain^2 / n.
pub fn with_gain(fan: usize, gain: f64) -> f64 {
    gain * gain / fan as f64
}

/// A ReLU network's branch of fan-in n among B whose outputs are added: 2 / (B n), so that all give the same share.
pub fn branch(branches: usize, fan: usize) -> f64 {
    2.0 / (branches * fan) as f64
}

/// One variance for all branches that keeps the sum's: 2 / sum of n. The large branches then give more.
pub fn branches_alike(fans: &[usize]) -> f64 {
    2.0 / fans.iter().sum::<usize>() as f64
}

/// Behind inverted dropout, which divides what it keeps by 1 - p and so multiplies the mean square by 1 / (1 - p):
/// 2 (1 - p) / n after ReLU. Evaluation, which drops nothing, then shrinks it by 1 - p at every layer.
pub fn dropout(fan: usize, probability: f64) -> f64 {
    2.0 * (1.0 - probability) / fan as f64
}

/// Queries and keys of inputs with mean square s^2: 1 / (`d_in` s^2) times the root of the logit variance that is wanted, so
/// that logits q k / sqrt(d) have it (1 for the rule).
pub fn attention(width_in: usize, input_square: f64, logit_variance: f64) -> f64 {
    logit_variance.sqrt() / (width_in as f64 * input_square)
}

/// The learning rate with which Adam's first step, which is the rate for every weight, changes weights of standard
/// deviation sigma by rho of their norm.
pub fn adam_rate(rho: f64, sigma: f64) -> f64 {
    rho * sigma
}

/// The probability that a ReLU network of this width and depth is born dead for every input, where weights are symmetric
/// and biases zero: 1 - (1 - 2^-w)^D (an upper bound that is nearly met; Lu et al. 2020, theorem 3).
pub fn born_dead(width: i32, depth: i32) -> f64 {
    1.0 - (1.0 - 0.5_f64.powi(width)).powi(depth)
}
