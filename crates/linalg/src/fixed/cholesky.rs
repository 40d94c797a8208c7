//! The Cholesky factor, row by row, and solutions with it.

use ndarray::{Array2, ArrayView2};

use super::vector::{add_scaled, dot};

/// Returns the lower factor from the lower triangle; the error is the index of the pivot that was not positive.
pub(crate) fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
    let n = a.nrows();
    let mut rows: Vec<f64> = (0..n * n).map(|at| if at % n <= at / n { a[[at / n, at % n]] } else { 0.0 }).collect();
    match factor(&mut rows, n) {
        None => Ok(Array2::from_shape_fn((n, n), |(i, j)| rows[i * n + j])),
        Some(pivot) => Err(pivot),
    }
}

headstart_simd::wide! {
    /// Overwrites the lower triangle with its factor; returns the pivot that was not positive.
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

/// Returns X with L L' X = B.
pub(crate) fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Array2<f64> {
    let (n, width) = b.dim();
    let factor: Vec<f64> = l.iter().copied().collect();
    if width < STRIP / 2 {
        let mut x = b.to_owned();
        for mut column in x.columns_mut() {
            let mut copy = column.to_vec();
            substitute_one(&factor, &mut copy);
            column.iter_mut().zip(copy).for_each(|(x, value)| *x = value);
        }
        return x;
    }
    let mut x = Array2::zeros((n, width));
    let mut strip = vec![[0.0; STRIP]; n];
    for from in (0..width).step_by(STRIP) {
        let lanes = STRIP.min(width - from);
        for (strip, row) in strip.iter_mut().zip(b.rows()) {
            for (lane, entry) in strip.iter_mut().enumerate().take(lanes) {
                *entry = row[from + lane];
            }
        }
        substitute(&factor, &mut strip);
        for (strip, mut row) in strip.iter().zip(x.rows_mut()) {
            for (lane, entry) in strip.iter().enumerate().take(lanes) {
                row[from + lane] = *entry;
            }
        }
    }
    x
}

/// Number of right-hand sides solved together, whose sums stay in registers.
const STRIP: usize = 32;

headstart_simd::wide! {
    /// Solves one right-hand side: forward through L, then backward through L'.
    fn substitute_one(l: &[f64], x: &mut [f64]) {
        let n = x.len();
        for i in 0..n {
            let row = &l[i * n..][..n];
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
        for i in (0..n).rev() {
            let row = &l[i * n..][..n];
            x[i] /= row[i];
            let (above, own) = x.split_at_mut(i);
            add_scaled(above, -own[0], &row[..i]);
        }
    }
}

headstart_simd::wide! {
    /// Solves a strip of right-hand sides.
    fn substitute(l: &[f64], x: &mut [[f64; STRIP]]) {
        let n = x.len();
        for i in 0..n {
            let mut sums = x[i];
            for (factor, other) in l[i * n..][..i].iter().zip(&*x) {
                for lane in 0..STRIP {
                    sums[lane] -= factor * other[lane];
                }
            }
            for sum in &mut sums {
                *sum /= l[i * n + i];
            }
            x[i] = sums;
        }
        for i in (0..n).rev() {
            let mut sums = x[i];
            for (j, other) in x.iter().enumerate().skip(i + 1) {
                let factor = l[j * n + i];
                for lane in 0..STRIP {
                    sums[lane] -= factor * other[lane];
                }
            }
            for sum in &mut sums {
                *sum /= l[i * n + i];
            }
            x[i] = sums;
        }
    }
}
