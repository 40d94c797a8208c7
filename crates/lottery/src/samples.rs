//! Labelled samples, which the project makes or a user brings.

mod digits;
pub mod shapes;
mod user_data;

use headstart_check::check;
use rand::{Rng, RngExt};
use serde::Serialize;

pub use self::digits::digits;
pub use self::user_data::{idx, table};
use crate::{Error, Result};

/// Samples with a class each, and which are trained on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Samples {
    /// Numbers of a sample.
    pub inputs: usize,
    /// Classes that there are.
    pub classes_in_all: usize,
    /// Numbers, a row per sample.
    pub x: Vec<f32>,
    /// Class of each sample, from 0.
    pub classes: Vec<u32>,
    /// Samples that are trained on.
    pub train: Vec<u32>,
    /// Samples by which the network is judged.
    pub test: Vec<u32>,
}

impl Samples {
    /// With a random part of the samples, `test`, kept for judging.
    pub fn split(
        (inputs, classes_in_all): (usize, usize),
        x: Vec<f32>,
        classes: Vec<u32>,
        test: usize,
        rng: &mut dyn Rng,
    ) -> Result<Self> {
        let count = classes.len();
        if x.len() != count * inputs {
            return Err(Error::Length { what: "the table of samples", expected: count * inputs, given: x.len() });
        }
        let allowed = "at least 1 and below the number of samples";
        check(test > 0 && test < count, "the number of test samples", test as f64, allowed)?;
        let mut order: Vec<u32> = (0..count as u32).collect();
        for last in (1..count).rev() {
            order.swap(last, rng.random_range(0..=last));
        }
        let train = order.split_off(test);
        Ok(Self { inputs, classes_in_all, x, classes, train, test: order })
    }
}
