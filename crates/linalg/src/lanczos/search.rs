//! Repeats runs until all wanted pairs are found, each by its multiplicity.

use ndarray::{Array1, Array2, Axis};
use rand::Rng;

use super::metered::Metered;
use super::run::Run;
use super::wanted::Wanted;
use crate::{Error, SymmetricOperator};

/// Returns the vectors of the lowest pairs, as orthonormal rows.
pub(super) fn search<T: SymmetricOperator + ?Sized>(
    wanted: &Wanted,
    operator: &mut Metered<'_, T>,
    deflated: &Array2<f64>,
    mut start: Option<Array1<f64>>,
    rng: &mut impl Rng,
) -> Result<Array2<f64>, Error> {
    let n = operator.dim();
    let mut locked = deflated.clone();
    // Eigenvalues of the rows of `locked` after the deflated ones.
    let mut values: Vec<f64> = Vec::new();
    while locked.nrows() < n {
        let highest = wanted.highest(&values);
        let mut run = Run::new(wanted, operator, &locked, &values, start.take(), rng);
        let (found, vectors) = run.pairs()?;
        locked.append(Axis(0), vectors.view()).map_err(|_| Error::Overflow)?;
        values.extend(&found);
        // For the lowest value one run suffices: a copy of it would not change the result.
        let slack = wanted.tolerance * operator.norm();
        if wanted.count == 1 || !found.iter().any(|value| *value < highest - slack) {
            break;
        }
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order.truncate(wanted.count);
    let rows: Vec<usize> = order.iter().map(|pair| deflated.nrows() + pair).collect();
    Ok(locked.select(Axis(0), &rows))
}
