//! The final step: from the vectors found by the search to the result.

use ndarray::{Array2, Axis};

use super::eigenpairs::Eigenpairs;
use super::metered::Metered;
use crate::{Error, SymmetricOperator, eigh, product, scale, sign};

/// Performs Rayleigh-Ritz in the span of the vectors found (rows), and measures the true residuals.
pub(super) fn polish<T: SymmetricOperator + ?Sized>(
    mut operator: Metered<'_, T>,
    found: &Array2<f64>,
    deflated: &Array2<f64>,
    tolerance: f64,
) -> Result<Eigenpairs, Error> {
    let mut products = Array2::zeros(found.dim());
    for (vector, mut product) in found.rows().into_iter().zip(products.rows_mut()) {
        let mut applied = operator.apply(vector)?;
        for row in deflated.rows() {
            applied.scaled_add(-row.dot(&applied), &row);
        }
        product.assign(&applied);
    }
    let ritz = eigh(product(found, &products.t()).view())?;
    let mut vectors = product(&ritz.vectors.t(), found);
    let products = product(&ritz.vectors.t(), &products);
    let gaps = products - &vectors * &ritz.values.view().insert_axis(Axis(1));
    let residuals = gaps.map_axis(Axis(1), |gap| gap.dot(&gap).sqrt());
    let norm = operator.norm().max(scale::largest(&ritz.values));
    if residuals.iter().any(|residual| *residual > tolerance * norm) {
        return Err(Error::Unsettled {
            wanted: found.nrows(),
            applications: operator.applications(),
            residuals: residuals.map(|residual| residual * operator.unit()).to_vec(),
        });
    }
    for mut vector in vectors.rows_mut() {
        if sign::is_turned(vector.view()) {
            vector.mapv_inplace(|entry| -entry);
        }
    }
    let values = ritz.values * operator.signed_unit();
    scale::in_range(&values)?;
    Ok(Eigenpairs {
        values,
        vectors: vectors.reversed_axes(),
        residuals: residuals * operator.unit(),
        applications: operator.applications(),
    })
}
