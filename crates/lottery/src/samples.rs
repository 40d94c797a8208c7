//! Labelled samples: generated sets and user data.

mod digits;
pub mod shapes;
mod user_data;

use headstart_check::check;
use rand::{Rng, RngExt};
use serde::Serialize;

pub use self::digits::digits;
pub use self::user_data::{idx, table};
use crate::{Error, Result};

/// Samples with their classes, split into training and test samples.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Samples {
    /// Inputs per sample.
    pub inputs: usize,
    /// Number of classes.
    pub classes_in_all: usize,
    /// Inputs, one row per sample.
    pub x: Vec<f32>,
    /// Class of each sample, from 0.
    pub classes: Vec<u32>,
    /// Indices of the training samples.
    pub train: Vec<u32>,
    /// Indices of the test samples.
    pub test: Vec<u32>,
}

impl Samples {
    /// Splits the samples at random, with `test` of them as test samples.
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
