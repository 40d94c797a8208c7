//! The lowest eigenvector of a symmetric operator by Davidson's method (1975) with a diagonal preconditioner.

use headstart_linalg::eigh;
use ndarray::Array2;

use crate::Error;
use crate::kernel::{axpy, dot, scale};

/// Vectors in the subspace before it is replaced by the best one.
const SUBSPACE: usize = 16;
/// Denominators of the preconditioner are kept from 0 by this.
const SMALLEST: f64 = 1e-2;

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) energy: f64,
    pub(crate) products: usize,
}

/// Vectors that are used again and again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    free: Vec<Vec<f64>>,
}

impl Pool {
    fn take(&mut self, len: usize) -> Vec<f64> {
        let mut vector = self.free.pop().unwrap_or_default();
        vector.clear();
        vector.resize(len, 0.0);
        vector
    }

    fn give(&mut self, vectors: impl IntoIterator<Item = Vec<f64>>) {
        self.free.extend(vectors);
    }
}

/// Improves `x`, of norm 1, until the residual's norm is at most `tolerance` or `most` products are spent. `apply` adds the
/// product of its first argument to the second.
pub(crate) fn lowest(
    mut apply: impl FnMut(&[f64], &mut [f64]),
    diagonal: &[f64],
    x: &mut [f64],
    (tolerance, most): (f64, usize),
    pool: &mut Pool,
) -> Result<Found, Error> {
    let len = x.len();
    let (mut basis, mut images): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
    let mut small = Array2::<f64>::zeros((SUBSPACE, SUBSPACE));
    let mut residual = pool.take(len);
    residual.copy_from_slice(x);
    let mut products = 0;
    let energy = loop {
        // The new direction stands in `residual`, orthonormal to the basis.
        let mut image = pool.take(len);
        apply(&residual, &mut image);
        products += 1;
        let k = basis.len();
        basis.push(std::mem::replace(&mut residual, pool.take(len)));
        images.push(image);
        for i in 0..=k {
            let entry = dot(&basis[i], &images[k]);
            (small[[i, k]], small[[k, i]]) = (entry, entry);
        }
        let eigen = eigh(small.slice(ndarray::s![..=k, ..=k]))?;
        let energy = eigen.values[0];
        let weights = eigen.vectors.column(0).to_vec();
        for (vector, weight) in images.iter().zip(&weights) {
            axpy(*weight, vector, &mut residual);
        }
        for (vector, weight) in basis.iter().zip(&weights) {
            axpy(-energy * weight, vector, &mut residual);
        }
        let norm = dot(&residual, &residual).sqrt();
        let done = norm <= tolerance || products >= most;
        if done || basis.len() == SUBSPACE {
            combine(&basis, &weights, x);
        }
        if done {
            break energy;
        }
        if basis.len() == SUBSPACE {
            let mut image = pool.take(len);
            combine(&images, &weights, &mut image);
            pool.give(basis.drain(1..));
            pool.give(images.drain(..));
            basis[0].copy_from_slice(x);
            images.push(image);
            small[[0, 0]] = energy;
        }
        for (entry, diagonal) in residual.iter_mut().zip(diagonal) {
            let gap = diagonal - energy;
            *entry /= if gap.abs() < SMALLEST { SMALLEST.copysign(gap) } else { gap };
        }
        if !orthonormalise(&basis, &mut residual) {
            combine(&basis, &if basis.len() == 1 { vec![1.0] } else { weights }, x);
            break energy;
        }
    };
    let norm = dot(x, x).sqrt();
    scale(1.0 / norm, x);
    pool.give(basis);
    pool.give(images);
    pool.give([residual]);
    Ok(Found { energy, products })
}

/// Whether anything is left of the vector.
fn orthonormalise(basis: &[Vec<f64>], vector: &mut [f64]) -> bool {
    let before = dot(vector, vector).sqrt();
    if !(before > 0.0 && before.is_finite()) {
        return false;
    }
    scale(1.0 / before, vector);
    for _ in 0..2 {
        for other in basis {
            let overlap = dot(other, vector);
            axpy(-overlap, other, vector);
        }
    }
    let norm = dot(vector, vector).sqrt();
    if norm < 1e-10 {
        return false;
    }
    scale(1.0 / norm, vector);
    true
}

fn combine(vectors: &[Vec<f64>], weights: &[f64], sum: &mut [f64]) {
    sum.fill(0.0);
    for (vector, weight) in vectors.iter().zip(weights) {
        axpy(*weight, vector, sum);
    }
}
