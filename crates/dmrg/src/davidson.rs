//! Building blocks shared by the two implementations of Davidson's method (1975): orthonormalisation, linear
//! combinations and the denominators of the preconditioner.
//!
//! [`crate::ci`] computes one pair to high accuracy and restarts from its best two vectors. [`crate::solver`] spends a
//! few products on each of many pairs and reuses its vectors between calls. The two also sum in different orders.
//! Results must be reproducible to the bit, so the order is a parameter, [`Arithmetic`].

use crate::kernel;

/// The order of sums over vectors.
pub(crate) trait Arithmetic {
    /// Whether a vector is normalised after both sweeps over the basis or after the second alone.
    const AFTER_EACH_SWEEP: bool;

    fn dot(x: &[f64], y: &[f64]) -> f64;

    /// y += factor x.
    fn axpy(factor: f64, x: &[f64], y: &mut [f64]);

    fn divide(x: &mut [f64], by: f64);
}

/// Scalar, one entry after the other.
pub(crate) struct Plain;

impl Arithmetic for Plain {
    const AFTER_EACH_SWEEP: bool = true;

    fn dot(x: &[f64], y: &[f64]) -> f64 {
        x.iter().zip(y).map(|(x, y)| x * y).sum()
    }

    fn axpy(factor: f64, x: &[f64], y: &mut [f64]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y += factor * x;
        }
    }

    fn divide(x: &mut [f64], by: f64) {
        for x in x {
            *x /= by;
        }
    }
}

/// Vectorised kernels with fused multiply-adds.
pub(crate) struct Wide;

impl Arithmetic for Wide {
    const AFTER_EACH_SWEEP: bool = false;

    fn dot(x: &[f64], y: &[f64]) -> f64 {
        kernel::dot(x, y)
    }

    fn axpy(factor: f64, x: &[f64], y: &mut [f64]) {
        kernel::axpy(factor, x, y);
    }

    fn divide(x: &mut [f64], by: f64) {
        kernel::scale(1.0 / by, x);
    }
}

/// Orthogonalises a vector against the basis and normalises it. Returns false if the rest is zero or not finite.
pub(crate) fn orthonormalise<A: Arithmetic>(vector: &mut [f64], basis: &[Vec<f64>]) -> bool {
    let norm = A::dot(vector, vector).sqrt();
    if !(norm > 0.0 && norm.is_finite()) {
        return false;
    }
    A::divide(vector, norm);
    // Two Gram-Schmidt sweeps suffice.
    for sweep in 0..2 {
        for known in basis {
            let overlap = A::dot(vector, known);
            A::axpy(-overlap, known, vector);
        }
        if A::AFTER_EACH_SWEEP || sweep == 1 {
            let norm = A::dot(vector, vector).sqrt();
            if norm < 1e-10 {
                return false;
            }
            A::divide(vector, norm);
        }
    }
    true
}

/// Stores the weighted sum of the vectors in `sum`.
pub(crate) fn combine<A: Arithmetic>(vectors: &[Vec<f64>], weights: &[f64], sum: &mut [f64]) {
    sum.fill(0.0);
    for (vector, weight) in vectors.iter().zip(weights) {
        A::axpy(*weight, vector, sum);
    }
}

/// A denominator of the preconditioner: a diagonal entry minus the energy, at least `smallest`.
///
/// While the energy lies inside the spectrum, some of these differences are negative. Their inverses would be a
/// shift-and-invert step towards the eigenvalue next to the energy, which need not be the lowest. Positive denominators
/// make every step a descent of the energy.
pub(crate) fn denominator(diagonal: f64, energy: f64, smallest: f64) -> f64 {
    (diagonal - energy).max(smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both<A: Arithmetic>() {
        let basis = [vec![1.0, 0.0, 0.0], vec![0.0, 0.6, 0.8]];
        let mut vector = vec![3.0, 1.0, 2.0];
        assert!(orthonormalise::<A>(&mut vector, &basis));
        let length = A::dot(&vector, &vector);
        assert!((length - 1.0).abs() < 1e-14 && basis.iter().all(|known| A::dot(known, &vector).abs() < 1e-14));
        let mut sum = vec![7.0; 3];
        combine::<A>(&basis, &[2.0, 10.0], &mut sum);
        assert_eq!(sum, [2.0, 6.0, 8.0]);
        // Zero, inside the span of the basis, not finite.
        for vector in [[0.0; 3], [2.0, 0.6, 0.8], [f64::INFINITY, 0.0, 1.0], [f64::NAN, 0.0, 1.0]] {
            assert!(!orthonormalise::<A>(&mut vector.to_vec(), &basis), "{vector:?}");
        }
    }

    #[test]
    fn directions_are_new_and_finite() {
        both::<Plain>();
        both::<Wide>();
    }

    #[test]
    fn denominators_are_positive() {
        assert_eq!([2.5, 2.0, 1.5].map(|diagonal| denominator(diagonal, 2.0, 1e-4)), [0.5, 1e-4, 1e-4]);
    }
}
