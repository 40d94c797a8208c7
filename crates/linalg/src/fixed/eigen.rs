//! Eigenvalues and eigenvectors by QL with implicit shifts (Dubrulle, Martin and Wilkinson 1968, `imtql2`).
//!
//! The rotations are listed first, and then applied to sixteen components of all vectors at a time, so that this strip
//! stays in the first-level cache for the whole list.

use ndarray::{Array1, Array2, ArrayView2};

use super::tridiagonal::{Tridiagonal, tridiagonal};
use super::{NO_LENGTH, TINY};
use crate::factors::Eigh;

/// Maximum number of sweeps for one eigenvalue; two are common.
const SWEEPS: usize = 60;
/// Number of sweeps after which an entry is compared with the whole matrix.
const PATIENCE: usize = 12;
/// Number of components that are rotated together.
const STRIP: usize = 16;
/// Number of rotations that are collected before they are applied.
const KEPT: usize = 1 << 16;

/// A rotation in the plane (i, i + 1), by cosine and sine.
#[derive(Clone, Copy)]
struct Rotation {
    at: usize,
    cosine: f64,
    sine: f64,
}

/// Returns the eigenvalues, ascending, and their vectors; `None` if a value does not converge.
pub(crate) fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh> {
    let n = a.nrows();
    let mut rows: Vec<f64> = a.iter().copied().collect();
    let Tridiagonal { mut diagonal, mut beside, mut turned } = tridiagonal(&mut rows, n);
    // The sweeps need entry i between i and i + 1.
    beside.rotate_left(1);
    let mut list = Vec::new();
    for first in 0..n {
        settle(&mut diagonal, &mut beside, first, &mut list)?;
        if list.len() >= KEPT || first + 1 == n {
            rotate(&mut turned, n, &list);
            list.clear();
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| diagonal[i].total_cmp(&diagonal[j]));
    let values = order.iter().map(|&i| diagonal[i]).collect::<Array1<f64>>();
    let mut vectors = Array2::zeros((n, n));
    for (row, mut to) in vectors.rows_mut().into_iter().enumerate() {
        for (to, &i) in to.iter_mut().zip(&order) {
            *to = turned[i * n + row];
        }
    }
    Some(Eigh { values, vectors })
}

/// Sweeps until the first off-diagonal entry is negligible relative to its neighbours.
fn settle(diagonal: &mut [f64], beside: &mut [f64], first: usize, list: &mut Vec<Rotation>) -> Option<()> {
    for turn in 0..SWEEPS {
        // Comparing an entry with its neighbours keeps small eigenvalues accurate. If this does not converge, because
        // rounding errors of large entries below return to small ones, it is compared with the rest of the matrix.
        let floor = if turn < PATIENCE { 0.0 } else { f64::EPSILON * largest(&diagonal[first..], &beside[first..]) };
        let split = (first..diagonal.len() - 1).find(|&i| {
            let around = f64::EPSILON * (diagonal[i].abs() + diagonal[i + 1].abs());
            beside[i].abs() <= around.max(floor).max(NO_LENGTH)
        });
        let last = split.unwrap_or(diagonal.len() - 1);
        if last == first {
            beside[first] = 0.0;
            return Some(());
        }
        sweep(diagonal, beside, first, last, list);
    }
    None
}

fn largest(diagonal: &[f64], beside: &[f64]) -> f64 {
    diagonal.iter().zip(beside).fold(0.0, |most: f64, (d, e)| most.max(d.abs() + e.abs()))
}

/// Performs one implicit QL step on rows `first..=last`.
fn sweep(d: &mut [f64], e: &mut [f64], first: usize, last: usize, list: &mut Vec<Rotation>) {
    let shift = (d[first + 1] - d[first]) / (2.0 * e[first]);
    let root = length(shift, 1.0);
    let mut g = d[last] - d[first] + e[first] / (shift + if shift >= 0.0 { root } else { -root });
    let (mut sine, mut cosine, mut p) = (1.0, 1.0, 0.0);
    for i in (first..last).rev() {
        let f = sine * e[i];
        let b = cosine * e[i];
        let r = length(f, g);
        e[i + 1] = r;
        // A rotation from such small numbers, which have lost digits, would not be orthogonal.
        if r < NO_LENGTH {
            e[i + 1] = 0.0;
            // The matrix splits here; the next sweep continues with the rest.
            d[i + 1] -= p;
            e[last] = 0.0;
            return;
        }
        sine = f / r;
        cosine = g / r;
        g = d[i + 1] - p;
        let r = (d[i] - g) * sine + 2.0 * cosine * b;
        p = sine * r;
        d[i + 1] = g + p;
        g = cosine * r - b;
        list.push(Rotation { at: i, cosine, sine });
    }
    d[first] -= p;
    e[first] = g;
    e[last] = 0.0;
}

/// Returns the length of (a, b), also if squares would underflow or overflow.
fn length(a: f64, b: f64) -> f64 {
    let square = a * a + b * b;
    if square > TINY && square < f64::MAX {
        return square.sqrt();
    }
    let most = a.abs().max(b.abs());
    if most == 0.0 { 0.0 } else { most * ((a / most) * (a / most) + (b / most) * (b / most)).sqrt() }
}

/// Applies the rotations, in their order, to the rows of a matrix with `n` columns.
fn rotate(rows: &mut [f64], n: usize, list: &[Rotation]) {
    let mut strip = vec![[0.0; STRIP]; n];
    for from in (0..n).step_by(STRIP) {
        let width = STRIP.min(n - from);
        for (strip, row) in strip.iter_mut().zip(rows.chunks_exact(n)) {
            strip[..width].copy_from_slice(&row[from..from + width]);
        }
        rotate_strip(&mut strip, list);
        for (strip, row) in strip.iter().zip(rows.chunks_exact_mut(n)) {
            row[from..from + width].copy_from_slice(&strip[..width]);
        }
    }
}

headstart_simd::wide! {
    fn rotate_strip(strip: &mut [[f64; STRIP]], list: &[Rotation]) {
        let mut list = list.iter().peekable();
        while let Some(&first) = list.next() {
            // Row i + 1 of the next rotation in a sweep is row i of this one, so it stays in registers.
            let mut turn = first;
            let mut carried = strip[turn.at + 1];
            loop {
                let upper = strip[turn.at];
                let (c, s) = (turn.cosine, turn.sine);
                let mut lower = [0.0; STRIP];
                for k in 0..STRIP {
                    lower[k] = s * upper[k] + c * carried[k];
                    carried[k] = c * upper[k] - s * carried[k];
                }
                strip[turn.at + 1] = lower;
                match list.next_if(|next| next.at + 1 == turn.at) {
                    Some(next) => turn = *next,
                    None => break,
                }
            }
            strip[turn.at] = carried;
        }
    }
}
