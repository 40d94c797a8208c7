//! Powers of two that take entries near 1 without rounding.
//!
//! Reductions to tridiagonal and bidiagonal form square entries, and faer 0.24 answers a matrix of entries near 1e-200
//! with wrong vectors and no error. LAPACK's drivers scale for the same reason (dsyev, dgesdd).

use ndarray::{ArrayBase, Data, Dimension};

use crate::Error;

/// The largest magnitude; 0 without entries.
pub(crate) fn largest<D: Dimension>(a: &ArrayBase<impl Data<Elem = f64>, D>) -> f64 {
    a.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()))
}

/// A power of two near `largest`, 1 for 0.
pub(crate) fn unit(largest: f64) -> f64 {
    // Clamped so that neither it nor its reciprocal leaves the normal numbers.
    if largest == 0.0 { 1.0 } else { largest.log2().floor().clamp(-1000.0, 1000.0).exp2() }
}

/// Refuses an answer with an entry too large to represent.
pub(crate) fn in_range<D: Dimension>(answer: &ArrayBase<impl Data<Elem = f64>, D>) -> Result<(), Error> {
    if answer.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(Error::Overflow) }
}
