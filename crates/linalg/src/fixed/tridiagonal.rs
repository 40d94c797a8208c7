//! Reduction of a symmetric matrix to a tridiagonal one (Householder 1958; Martin, Reinsch and Wilkinson 1968, `tred2`).

use super::TINY;
use super::vector::{add_scaled, dot, dot_and_add_scaled};

/// A = Q T Q' with T tridiagonal.
pub(super) struct Tridiagonal {
    /// The diagonal of T, n entries.
    pub(super) diagonal: Vec<f64>,
    /// The off-diagonal of T: entry i is between i - 1 and i, and the first is 0.
    pub(super) beside: Vec<f64>,
    /// Q', row by row.
    pub(super) turned: Vec<f64>,
}

/// Reduces A, given by rows; the entries up to the diagonal are read and overwritten.
pub(super) fn tridiagonal(a: &mut [f64], n: usize) -> Tridiagonal {
    let mut beside = vec![0.0; n];
    let mut squares = vec![0.0; n];
    reduce(a, n, &mut beside, &mut squares);
    let diagonal = (0..n).map(|i| a[i * n + i]).collect();
    let mut turned = vec![0.0; n * n];
    for i in 0..n {
        turned[i * n + i] = 1.0;
    }
    accumulate(a, n, &squares, &mut turned);
    Tridiagonal { diagonal, beside, turned }
}

headstart_simd::wide! {
    /// Reflects each row, from the last up, onto its off-diagonal entry. Row i then holds the vector v of its
    /// reflection I - v v' / `squares[i]`; `squares[i]` = 0 means no reflection.
    fn reduce(a: &mut [f64], n: usize, beside: &mut [f64], squares: &mut [f64]) {
        let mut w = vec![0.0; n];
        for i in (1..n).rev() {
            let (above, row) = a.split_at_mut(i * n);
            let v = &mut row[..i];
            let last = v[i - 1];
            let rest = dot(&v[..i - 1], &v[..i - 1]);
            // The row is already tridiagonal.
            if rest < TINY {
                beside[i] = last;
                continue;
            }
            let length = (rest + last * last).sqrt();
            let onto = if last > 0.0 { -length } else { length };
            beside[i] = onto;
            v[i - 1] = last - onto;
            let half_square = onto * (onto - last);
            squares[i] = half_square;
            // A v / half_square, in one pass over the lower triangle.
            let w = &mut w[..i];
            w.fill(0.0);
            for (j, line) in above.chunks_exact(n).enumerate() {
                let sum = dot_and_add_scaled(&mut w[..j], v[j], &line[..j], &v[..j]);
                w[j] += sum + line[j] * v[j];
            }
            for w in w.iter_mut() {
                *w /= half_square;
            }
            let along = dot(v, w) / (2.0 * half_square);
            add_scaled(w, -along, v);
            for (j, line) in above.chunks_exact_mut(n).enumerate() {
                let (by_w, by_v) = (v[j], w[j]);
                for ((entry, v), w) in line[..=j].iter_mut().zip(&*v).zip(&*w) {
                    *entry -= by_w * w + by_v * v;
                }
            }
        }
    }
}

headstart_simd::wide! {
    /// Computes Q' as the product of all reflections, applied from the right, so that rows are independent.
    fn accumulate(a: &[f64], n: usize, squares: &[f64], turned: &mut [f64]) {
        for i in 1..n {
            if squares[i] == 0.0 {
                continue;
            }
            let v = &a[i * n..][..i];
            for row in turned.chunks_exact_mut(n).take(i) {
                let along = dot(&row[..i], v) / squares[i];
                add_scaled(&mut row[..i], -along, v);
            }
        }
    }
}
