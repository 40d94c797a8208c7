//! QR by reflections (Householder 1958), with or without column pivoting (Businger and Golub 1965).

use ndarray::{Array2, ArrayView2};

use super::TINY;
use super::vector::add_scaled;
use crate::factors::Qr;

/// A P = Q R, as reflections.
pub(super) struct Reflected {
    m: usize,
    n: usize,
    /// R in and above the diagonal, row by row.
    rows: Vec<f64>,
    /// The vector of each reflection, from the row of its pivot down, and half its square; 0 means no reflection.
    vectors: Vec<(Vec<f64>, f64)>,
    /// Column j of A P is column `order[j]` of A.
    pub(super) order: Vec<usize>,
}

/// Returns the thin QR decomposition without pivoting, R with any signs.
pub(crate) fn qr(a: &ArrayView2<'_, f64>) -> Qr {
    let found = Reflected::new(a, false);
    let p = found.vectors.len();
    let r = Array2::from_shape_fn((p, found.n), |(i, j)| found.r(i, j));
    Qr { q: found.q(), r }
}

impl Reflected {
    /// Decomposes a matrix. With `exchange`, the longest remaining column comes next, so that the rows of R become
    /// shorter downwards.
    pub(super) fn new(a: &ArrayView2<'_, f64>, exchange: bool) -> Self {
        let (m, n) = a.dim();
        let mut rows: Vec<f64> = a.iter().copied().collect();
        let mut order: Vec<usize> = (0..n).collect();
        let mut along = vec![0.0; n];
        let vectors = (0..m.min(n)).map(|k| {
            if exchange {
                bring_longest(&mut rows, n, k, &mut order);
            }
            let mut v: Vec<f64> = rows[k * n..].chunks_exact(n).map(|row| row[k]).collect();
            let rest: f64 = v[1..].iter().map(|x| x * x).sum();
            if rest < TINY {
                for row in rows[k * n..].chunks_exact_mut(n).skip(1) {
                    row[k] = 0.0;
                }
                return (v, 0.0);
            }
            let length = (rest + v[0] * v[0]).sqrt();
            let onto = if v[0] > 0.0 { -length } else { length };
            let half_square = onto * (onto - v[0]);
            v[0] -= onto;
            reflect(&mut rows[k * n..], n, k, (&v, half_square), &mut along);
            (v, half_square)
        });
        let vectors = vectors.collect();
        Self { m, n, rows, vectors, order }
    }

    /// Returns an entry of R.
    pub(super) fn r(&self, i: usize, j: usize) -> f64 {
        if j < i { 0.0 } else { self.rows[i * self.n + j] }
    }

    /// Returns the thin Q, shape (m, p).
    pub(super) fn q(&self) -> Array2<f64> {
        let p = self.vectors.len();
        self.times(&Array2::eye(p))
    }

    /// Returns the thin Q times a matrix of p rows.
    pub(super) fn times(&self, factor: &Array2<f64>) -> Array2<f64> {
        let width = factor.ncols();
        let mut product: Vec<f64> = factor.iter().copied().collect();
        product.resize(self.m * width, 0.0);
        let mut along = vec![0.0; width];
        for (k, (v, half_square)) in self.vectors.iter().enumerate().rev() {
            if *half_square > 0.0 {
                reflect(&mut product[k * width..], width, 0, (v, *half_square), &mut along);
            }
        }
        Array2::from_shape_fn((self.m, width), |(i, j)| product[i * width + j])
    }
}

headstart_simd::wide! {
    /// Multiplies the rows by (I - v v' / `half_square`), from column `from` on.
    fn reflect(rows: &mut [f64], n: usize, from: usize, reflection: (&[f64], f64), along: &mut [f64]) {
        let (v, half_square) = reflection;
        let along = &mut along[from..n];
        along.fill(0.0);
        for (row, v) in rows.chunks_exact(n).zip(v) {
            add_scaled(along, *v / half_square, &row[from..]);
        }
        for (row, v) in rows.chunks_exact_mut(n).zip(v) {
            add_scaled(&mut row[from..], -*v, along);
        }
    }
}

/// Exchanges column `k` with the longest column from there on, the first among equals.
fn bring_longest(rows: &mut [f64], n: usize, k: usize, order: &mut [usize]) {
    // Recomputed each time, since the usual update of the lengths loses digits.
    let mut squares = vec![0.0; n - k];
    for row in rows[k * n..].chunks_exact(n) {
        for (square, x) in squares.iter_mut().zip(&row[k..]) {
            *square += x * x;
        }
    }
    let mut longest = 0;
    for (j, square) in squares.iter().enumerate() {
        if *square > squares[longest] {
            longest = j;
        }
    }
    if longest > 0 {
        order.swap(k, k + longest);
        for row in rows.chunks_exact_mut(n) {
            row.swap(k, k + longest);
        }
    }
}
