//! Singular values by rotations of rows (Hestenes 1958), after a QR decomposition with column pivoting. Pivoting
//! reduces the number of rotations and keeps small values accurate (Drmač and Veselić 2008).

use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate};

use super::NO_LENGTH;
use super::householder::Reflected;
use super::vector::dot;
use crate::factors::Svd;

/// Maximum number of sweeps over all pairs; fewer than ten are common.
const SWEEPS: usize = 60;

/// Returns the thin decomposition, values descending; `None` if the rotations do not converge.
pub(crate) fn svd(a: &ArrayView2<'_, f64>) -> Option<Svd> {
    if a.nrows() < a.ncols() {
        let Svd { u, values, vt } = svd(&a.t())?;
        return Some(Svd { u: vt.reversed_axes(), values, vt: u.reversed_axes() });
    }
    let n = a.ncols();
    let reflected = Reflected::new(a, true);
    // `rows` begins as R, and its rows become values times right vectors; `turns` is the product J' of the rotations.
    let mut rows: Vec<f64> = (0..n * n).map(|at| reflected.r(at / n, at % n)).collect();
    let mut turns = vec![0.0; n * n];
    for i in 0..n {
        turns[i * n + i] = 1.0;
    }
    if !(0..SWEEPS).any(|_| !sweep(&mut rows, &mut turns, n)) {
        return None;
    }
    let lengths: Vec<f64> = rows.chunks_exact(n).map(|row| dot(row, row).sqrt()).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| lengths[j].total_cmp(&lengths[i]));
    let values: Array1<f64> = order.iter().map(|&i| if lengths[i] < NO_LENGTH { 0.0 } else { lengths[i] }).collect();
    let mut vt = Array2::zeros((n, n));
    for (place, &i) in order.iter().enumerate() {
        let row = &rows[i * n..][..n];
        for (j, &column) in reflected.order.iter().enumerate() {
            if values[place] > 0.0 {
                vt[[place, column]] = row[j] / lengths[i];
            }
        }
    }
    complete(&mut vt, values.iter().filter(|value| **value > 0.0).count());
    let columns: Vec<_> = order.iter().map(|&i| ArrayView2::from_shape((n, 1), &turns[i * n..][..n])).collect();
    let columns: Result<Vec<_>, _> = columns.into_iter().collect();
    let left = concatenate(Axis(1), &columns.ok()?).ok()?;
    Some(Svd { u: reflected.times(&left), values, vt })
}

headstart_simd::wide! {
    /// Makes every pair of rows orthogonal once; returns whether any pair was rotated.
    fn sweep(rows: &mut [f64], turns: &mut [f64], n: usize) -> bool {
        let mut squares: Vec<f64> = rows.chunks_exact(n).map(|row| dot(row, row)).collect();
        let mut any = false;
        for i in 0..n {
            for j in i + 1..n {
                let (upper, lower) = rows.split_at_mut(j * n);
                let (p, q) = (&mut upper[i * n..][..n], &mut lower[..n]);
                let (pp, qq) = (squares[i], squares[j]);
                if pp < NO_LENGTH * NO_LENGTH || qq < NO_LENGTH * NO_LENGTH {
                    continue;
                }
                let pq = dot(p, q);
                if pq.abs() <= 4.0 * f64::EPSILON * pp.sqrt() * qq.sqrt() {
                    continue;
                }
                any = true;
                // The smaller of the two angles (Rutishauser 1966).
                let zeta = (qq - pp) / (2.0 * pq);
                let root = if zeta.abs() > 1e150 { zeta.abs() } else { (1.0 + zeta * zeta).sqrt() };
                let tangent = if zeta >= 0.0 { 1.0 } else { -1.0 } / (zeta.abs() + root);
                let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
                let sine = cosine * tangent;
                turn(p, q, cosine, sine);
                (squares[i], squares[j]) = (dot(p, p), dot(q, q));
                let (upper, lower) = turns.split_at_mut(j * n);
                turn(&mut upper[i * n..][..n], &mut lower[..n], cosine, sine);
            }
        }
        any
    }
}

#[allow(clippy::inline_always)]
#[inline(always)]
fn turn(p: &mut [f64], q: &mut [f64], cosine: f64, sine: f64) {
    for (p, q) in p.iter_mut().zip(q) {
        (*p, *q) = (cosine * *p - sine * *q, sine * *p + cosine * *q);
    }
}

/// Fills the rows from `count` on so that all rows are orthonormal.
fn complete(rows: &mut Array2<f64>, count: usize) {
    let n = rows.ncols();
    let mut from = 0;
    for place in count..n {
        // One of the unit vectors is always far enough from the span of the rows so far: the squared parts outside of
        // it sum to the number of missing rows.
        for unit in (from..n).chain(0..from) {
            let mut row = Array1::zeros(n);
            row[unit] = 1.0;
            for _ in 0..2 {
                for other in rows.rows().into_iter().take(place) {
                    let along = row.dot(&other);
                    row.scaled_add(-along, &other);
                }
            }
            let length = row.dot(&row).sqrt();
            if length * length > 0.5 / n as f64 {
                row /= length;
                rows.row_mut(place).assign(&row);
                from = unit + 1;
                break;
            }
        }
    }
}
