//! `DeepSea` of bsuite (Osband et al. 2019): a treasure behind a narrow path.

use headstart_simd::Portable;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

use super::contract::{End, Environment, Observation, Step};
use crate::Error;

/// A step to the right costs this divided by N.
const MOVE_COST: f64 = 0.01;

/// A diver sinks one row of an N x N grid per step and moves left or right; which action means right differs from cell
/// to cell. The treasure, worth 1, is reached only by N steps to the right, each of which costs 0.01 / N.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeepSea {
    size: usize,
    /// For every cell, row by row: whether action 1 goes right (otherwise action 0 does).
    right: Vec<bool>,
    noisy: bool,
    row: usize,
    column: usize,
}

impl DeepSea {
    /// Creates the environment from a mapping of N x N cells, row by row: whether action 1 goes right there. With
    /// `noisy`, a step to the right fails with probability 1 / N, and the two ends of the last row add N(0, 1) to the
    /// reward.
    pub fn new(right: Vec<bool>, noisy: bool) -> Result<Self, Error> {
        let size = right.len().isqrt();
        if size < 2 || size * size != right.len() {
            return Err(Error::Mapping { given: right.len() });
        }
        Ok(Self { size, right, noisy, row: 0, column: 0 })
    }

    /// Creates the environment with a random mapping.
    pub fn draw(size: usize, noisy: bool, rng: &mut impl Rng) -> Result<Self, Error> {
        Self::new((0..size * size).map(|_| rng.random()).collect(), noisy)
    }

    /// N: rows, columns and steps per episode.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether transitions and rewards are noisy.
    pub fn is_noisy(&self) -> bool {
        self.noisy
    }

    /// Returns the action that goes right in a cell.
    pub fn right(&self, row: usize, column: usize) -> usize {
        usize::from(self.right[row * self.size + column])
    }

    /// Returns the indices of the reachable cells, those with column <= row.
    pub fn states(&self) -> Vec<u32> {
        (0..self.size)
            .flat_map(|row| (0..=row).map(move |column| (row, column)))
            .map(|(r, c)| self.index(r, c))
            .collect()
    }

    fn index(&self, row: usize, column: usize) -> u32 {
        (row * self.size + column) as u32
    }

    /// The probability that a step to the right succeeds.
    fn success(&self) -> f64 {
        if self.noisy { 1.0 - 1.0 / self.size as f64 } else { 1.0 }
    }

    /// Expected return of the best policy: right while the treasure can be reached, then left, which is free.
    pub fn optimum(&self) -> f64 {
        let (cost, success) = (MOVE_COST / self.size as f64, self.success());
        // Leaves the path after k steps, k = 0, ..., N - 1, or never.
        (1..self.size).fold(1.0 - cost, |value, _| success * value - cost)
    }

    /// Share of that policy's episodes that reach the treasure.
    pub fn prize_rate(&self) -> f64 {
        self.success().portable_powf(self.size as f64 - 1.0)
    }
}

impl Environment for DeepSea {
    fn actions(&self) -> usize {
        2
    }

    fn observation(&self) -> Observation {
        Observation::OneHot(self.size * self.size)
    }

    fn reset(&mut self, _: &mut impl Rng) {
        (self.row, self.column) = (0, 0);
    }

    fn step(&mut self, action: usize, rng: &mut impl Rng) -> Step {
        let goes_right = action == self.right(self.row, self.column);
        let last = self.size - 1;
        let prize = self.column == last && goes_right;
        let mut reward = if prize { 1.0 } else { 0.0 };
        if self.noisy && self.row == last && (self.column == 0 || self.column == last) {
            reward += rng.sample::<f64, _>(StandardNormal);
        }
        if goes_right {
            if !self.noisy || rng.random::<f64>() > 1.0 / self.size as f64 {
                self.column = (self.column + 1).min(last);
            }
            reward -= MOVE_COST / self.size as f64;
        } else {
            self.column = self.column.saturating_sub(1);
        }
        self.row += 1;
        Step { reward, end: if self.row == self.size { End::Terminal } else { End::No }, prize }
    }

    fn observe(&self, to: &mut [f32]) {
        // After the last row the observation is a vector of zeros.
        let seen = if self.row < self.size { self.index(self.row, self.column) as f32 } else { -1.0 };
        to.fill(seen);
    }
}
