//! Target maps of linear networks.

use headstart_nn::Real;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use serde::Serialize;

use super::layout::{CHANNELS, SIDE, UNITS};
use crate::rows::{LANES, Row};

/// Norm of a teacher relative to that of the identity.
const NORM: f64 = 3.0;

/// The direction in which neighbours are coupled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Bias {
    /// Within a row of the grid.
    Horizontal,
    /// Within a column.
    Vertical,
}

/// A linear map, `UNITS x UNITS`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Teacher {
    /// Row-major, one row per output. Its norm is three times the identity's.
    pub matrix: Vec<f64>,
}

impl Teacher {
    /// Returns the product of `factors` random maps, normalised. Each couples the channels of a position with those of
    /// its two neighbours in the direction of the bias, with standard normal coefficients.
    pub fn tridiagonal(bias: Bias, factors: usize, rng: &mut dyn Rng) -> Self {
        let mut product = vec![0.0; UNITS * UNITS];
        for i in 0..UNITS {
            product[i * UNITS + i] = 1.0;
        }
        for _ in 0..factors {
            let mut next = vec![0.0; UNITS * UNITS];
            for output in 0..UNITS {
                let (y, x) = (output / CHANNELS / SIDE, output / CHANNELS % SIDE);
                for input in 0..UNITS {
                    let (v, u) = (input / CHANNELS / SIDE, input / CHANNELS % SIDE);
                    let joined = match bias {
                        Bias::Horizontal => y == v && x.abs_diff(u) <= 1,
                        Bias::Vertical => x == u && y.abs_diff(v) <= 1,
                    };
                    if joined {
                        let factor: f64 = StandardNormal.sample(rng);
                        for k in 0..UNITS {
                            next[output * UNITS + k] += factor * product[input * UNITS + k];
                        }
                    }
                }
            }
            product = next;
        }
        let square: f64 = product.iter().map(|t| t * t).sum();
        let share = NORM * (UNITS as f64 / square).sqrt();
        for t in &mut product {
            *t *= share;
        }
        Self { matrix: product }
    }

    /// One row per output, in the lanes of the inputs.
    pub(super) fn rows<T: Real>(&self) -> Vec<Row<T>> {
        let row = |row: &[f64]| {
            let mut lanes = [T::zero(); LANES];
            lanes.iter_mut().zip(row).for_each(|(lane, &t)| *lane = T::of(t));
            lanes
        };
        self.matrix.chunks(UNITS).map(row).collect()
    }
}
