//! What the norms share.

use headstart_check::check;

use crate::shape::in_a_row;
use crate::{Error, Role, Shape, Tensor};

/// Refuses an empty sample and a number under the root that would not keep it from 0.
pub(super) fn check_norm(shape: Shape, epsilon: f64) -> Result<(), Error> {
    check(shape.numbers() > 0, "the number of inputs", shape.numbers() as f64, "at least 1")?;
    check(epsilon > 0.0 && epsilon.is_finite(), "epsilon", epsilon, "positive")?;
    Ok(())
}

/// A multiplier and a bias for each channel.
pub(super) fn scale_and_bias(channels: usize) -> Vec<Tensor> {
    in_a_row(vec![
        Tensor::new("scale", Role::Scale, &[channels], [1, 1]),
        Tensor::new("bias", Role::Bias, &[channels], [1, 1]),
    ])
}
