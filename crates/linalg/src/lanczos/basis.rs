//! Orthonormal rows: how vectors get among them.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use rand::{Rng, RngExt};

use crate::{Error, error, scale};

/// Removes every row of every block from `w`, again until nothing is left of them (a second time is enough unless `w`
/// lies almost among them: Daniel, Gragg, Kaufman and Stewart 1976). Answers the norm of what remains.
///
/// Row by row (modified Gram-Schmidt): each row is read from memory once for both its product and its removal.
pub(super) fn orthogonalise(w: &mut Array1<f64>, blocks: &[ArrayView2<'_, f64>]) -> f64 {
    let mut before = norm(w);
    for _ in 0..5 {
        for row in blocks.iter().flat_map(|block| block.rows()) {
            let shadow = row.dot(w);
            w.scaled_add(-shadow, &row);
        }
        let after = norm(w);
        // What a sweep leaves of the rows is rounding relative to what it began with.
        if after > 0.7 * before {
            return after;
        }
        before = after;
    }
    before
}

/// A random unit vector that is orthogonal to every row; there must be room for one.
pub(super) fn direction(n: usize, blocks: &[ArrayView2<'_, f64>], rng: &mut impl Rng) -> Array1<f64> {
    loop {
        let mut w = Array1::from_shape_simple_fn(n, || rng.random::<f64>() - 0.5);
        let length = orthogonalise(&mut w, blocks);
        if length > 1e-6 / (n as f64) {
            // Once more after the division, since little may have been left.
            w /= length;
            let length = orthogonalise(&mut w, blocks);
            return w / length;
        }
    }
}

/// The columns as orthonormal rows, fewer where some depend on others.
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

/// A first vector near unit size, checked.
pub(super) fn start(n: usize, given: Option<ArrayView1<'_, f64>>) -> Result<Option<Array1<f64>>, Error> {
    let Some(given) = given else { return Ok(None) };
    error::shape("the first vector", (given.len(), 1), (n, 1))?;
    error::finite(&given.insert_axis(ndarray::Axis(1)))?;
    Ok(Some(&given / scale::unit(scale::largest(&given))))
}

pub(super) fn norm(w: &Array1<f64>) -> f64 {
    w.dot(w).sqrt()
}
