//! Runs one after another until all wanted pairs, each as often as its multiplicity, are at hand.

use ndarray::{Array1, Array2, Axis};
use rand::Rng;

use super::metered::Metered;
use super::run::Run;
use crate::{Error, SymmetricOperator};

/// What is wanted, in units of the metered operator.
pub(super) struct Search {
    pub(super) count: usize,
    /// Relative to the operator's norm.
    pub(super) tolerance: f64,
    pub(super) max_applications: usize,
    /// Most rows of the basis.
    pub(super) subspace: usize,
}

impl Search {
    /// The vectors of the lowest pairs, as orthonormal rows.
    pub(super) fn vectors<T: SymmetricOperator + ?Sized>(
        &self,
        operator: &mut Metered<'_, T>,
        deflated: &Array2<f64>,
        mut start: Option<Array1<f64>>,
        rng: &mut impl Rng,
    ) -> Result<Array2<f64>, Error> {
        let n = operator.dim();
        let mut locked = deflated.clone();
        // Values of the rows of `locked` after the deflated ones.
        let mut values: Vec<f64> = Vec::new();
        while locked.nrows() < n {
            let highest = self.highest_wanted(&values);
            let mut run = Run::new(self, operator, &locked, &values, start.take(), rng);
            let (found, vectors) = run.pairs()?;
            locked.append(Axis(0), vectors.view()).map_err(|_| Error::Overflow)?;
            values.extend(&found);
            // The lowest value needs no second look: a copy of it would change nothing.
            let slack = self.tolerance * operator.norm();
            if self.count == 1 || !found.iter().any(|value| *value < highest - slack) {
                break;
            }
        }
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        order.truncate(self.count);
        let rows: Vec<usize> = order.iter().map(|pair| deflated.nrows() + pair).collect();
        Ok(locked.select(Axis(0), &rows))
    }

    /// The highest of the wanted values among `values`; infinite while there are too few.
    pub(super) fn highest_wanted(&self, values: &[f64]) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.get(self.count - 1).copied().unwrap_or(f64::INFINITY)
    }
}
