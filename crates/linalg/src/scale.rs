//! Powers of two that scale entries to about 1 without rounding.
//!
//! Reductions to tridiagonal form and rotations square entries, and squares underflow for entries below 1e-154.
//! LAPACK's drivers scale for the same reason (dsyev, dgesdd).

use ndarray::{ArrayBase, Data, Dimension};

use crate::Error;

/// Returns the largest magnitude; 0 without entries.
pub(crate) fn largest<D: Dimension>(a: &ArrayBase<impl Data<Elem = f64>, D>) -> f64 {
    a.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()))
}

/// Returns a power of two near `largest`; 1 for 0.
pub(crate) fn unit(largest: f64) -> f64 {
    if largest == 0.0 {
        return 1.0;
    }
    // Clamped so that the result and its reciprocal are normal numbers. Subnormal numbers have exponent field 0.
    let field = (largest.to_bits() >> 52).clamp(23, 2023);
    f64::from_bits(field << 52)
}

/// Refuses a result with an entry that overflowed.
pub(crate) fn in_range<D: Dimension>(answer: &ArrayBase<impl Data<Elem = f64>, D>) -> Result<(), Error> {
    if answer.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(Error::Overflow) }
}
