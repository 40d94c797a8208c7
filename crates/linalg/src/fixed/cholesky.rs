//! The factor of a positive definite matrix, row by row, and what it solves.

use ndarray::{Array2, ArrayView2};

use super::vector::{add_scaled, dot};

/// The lower factor from the lower triangle; the error is the index of the pivot that was not positive.
pub(crate) fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
    let n = a.nrows();
    let mut rows: Vec<f64> = (0..n * n).map(|at| if at % n <= at / n { a[[at / n, at % n]] } else { 0.0 }).collect();
    match factor(&mut rows, n) {
        None => Ok(Array2::from_shape_fn((n, n), |(i, j)| rows[i * n + j])),
        Some(pivot) => Err(pivot),
    }
}

headstart_simd::wide! {
    /// Overwrites the lower triangle with its factor; answers the pivot that was not positive.
    fn factor(rows: &mut [f64], n: usize) -> Option<usize> {
        for i in 0..n {
            let (above, row) = rows.split_at_mut(i * n);
            for (j, other) in above.chunks_exact(n).enumerate() {
                row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
            }
            let pivot = row[i] - dot(&row[..i], &row[..i]);
            if !(pivot > 0.0) {
                return Some(i);
            }
            row[i] = pivot.sqrt();
        }
        None
    }
}

/// X with L L' X = B.
pub(crate) fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Array2<f64> {
    let (n, width) = b.dim();
    let factor: Vec<f64> = l.iter().copied().collect();
    let mut x: Vec<f64> = b.iter().copied().collect();
    substitute(&factor, &mut x, n, width);
    Array2::from_shape_fn((n, width), |(i, j)| x[i * width + j])
}

headstart_simd::wide! {
    /// Forwards through L, then backwards through L'.
    fn substitute(l: &[f64], x: &mut [f64], n: usize, width: usize) {
        for i in 0..n {
            let (above, row) = x.split_at_mut(i * width);
            let row = &mut row[..width];
            for (other, factor) in above.chunks_exact(width).zip(&l[i * n..][..i]) {
                add_scaled(row, -factor, other);
            }
            for x in row {
                *x /= l[i * n + i];
            }
        }
        for i in (0..n).rev() {
            let (above, row) = x.split_at_mut(i * width);
            let row = &mut row[..width];
            for x in row.iter_mut() {
                *x /= l[i * n + i];
            }
            for (other, factor) in above.chunks_exact_mut(width).zip(&l[i * n..][..i]) {
                add_scaled(other, -factor, row);
            }
        }
    }
}
