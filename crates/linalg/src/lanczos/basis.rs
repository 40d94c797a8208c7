//! Orthonormalisation of rows.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use rand::{Rng, RngExt};

use crate::{Error, error, scale};

/// Projects all rows of all blocks out of `w`, repeatedly until none of them is left (two passes suffice unless `w` is
/// almost in their span: Daniel, Gragg, Kaufman and Stewart 1976). Returns the norm of the rest.
///
/// It goes row by row (modified Gram-Schmidt), so each row is read from memory once for both its product and its
/// removal.
pub(super) fn orthogonalise(w: &mut Array1<f64>, blocks: &[ArrayView2<'_, f64>]) -> f64 {
    let mut before = norm(w);
    for _ in 0..5 {
        for row in blocks.iter().flat_map(|block| block.rows()) {
            let shadow = row.dot(w);
            w.scaled_add(-shadow, &row);
        }
        let after = norm(w);
        // The rows that a pass leaves are rounding errors relative to the norm before it.
        if after > 0.7 * before {
            return after;
        }
        before = after;
    }
    before
}

/// Returns a random unit vector that is orthogonal to all rows, which must not span the whole space.
pub(super) fn direction(n: usize, blocks: &[ArrayView2<'_, f64>], rng: &mut impl Rng) -> Array1<f64> {
    loop {
        let mut w = Array1::from_shape_simple_fn(n, || rng.random::<f64>() - 0.5);
        let length = orthogonalise(&mut w, blocks);
        if length > 1e-6 / (n as f64) {
            // Repeated after the division, since the rest may have been small.
            w /= length;
            let length = orthogonalise(&mut w, blocks);
            return w / length;
        }
    }
}

/// Returns orthonormal rows that span the columns; fewer if columns are dependent.
pub(super) fn orthonormal(n: usize, columns: Option<ArrayView2<'_, f64>>) -> Result<Array2<f64>, Error> {
    let mut rows = Array2::zeros((0, n));
    let Some(columns) = columns else { return Ok(rows) };
    error::shape("the matrix of vectors to deflate", columns.dim(), (n, columns.ncols()))?;
    error::finite(&columns)?;
    for column in columns.columns() {
        let mut w = &column / scale::unit(scale::largest(&column));
        let before = norm(&w);
        let after = orthogonalise(&mut w, &[rows.view()]);
        if after > 1e-10 * before {
            w /= after;
            let length = orthogonalise(&mut w, &[rows.view()]);
            w /= length;
            rows.push_row(w.view()).map_err(|_| Error::Overflow)?;
        }
    }
    Ok(rows)
}

/// Checks a first vector, and scales it to about unit size.
pub(super) fn start(n: usize, given: Option<ArrayView1<'_, f64>>) -> Result<Option<Array1<f64>>, Error> {
    let Some(given) = given else { return Ok(None) };
    error::shape("the first vector", (given.len(), 1), (n, 1))?;
    error::finite(&given.insert_axis(ndarray::Axis(1)))?;
    Ok(Some(&given / scale::unit(scale::largest(&given))))
}

pub(super) fn norm(w: &Array1<f64>) -> f64 {
    w.dot(w).sqrt()
}
