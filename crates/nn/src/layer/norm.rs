//! Shared code of batch norm and layer norm.

use headstart_check::check;

use crate::shape::in_a_row;
use crate::{Error, Role, Shape, Tensor};

/// Checks that the sample is not empty and that `epsilon` keeps the square root above 0.
pub(super) fn check_norm(shape: Shape, epsilon: f64) -> Result<(), Error> {
    check(shape.numbers() > 0, "the number of inputs", shape.numbers() as f64, "at least 1")?;
    check(epsilon > 0.0 && epsilon.is_finite(), "epsilon", epsilon, "positive")?;
    Ok(())
}

/// Returns the tensors of one multiplier and one bias per channel.
pub(super) fn scale_and_bias(channels: usize) -> Vec<Tensor> {
    in_a_row(vec![
        Tensor::new("scale", Role::Scale, &[channels], [1, 1]),
        Tensor::new("bias", Role::Bias, &[channels], [1, 1]),
    ])
}
