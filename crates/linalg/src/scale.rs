//! Powers of two that take entries near 1 without rounding.
//!
//! Reductions to tridiagonal form and rotations square entries, which vanish below 1e-154. LAPACK's drivers scale for the
//! same reason (dsyev, dgesdd).

use ndarray::{ArrayBase, Data, Dimension};

use crate::Error;

/// The largest magnitude; 0 without entries.
pub(crate) fn largest<D: Dimension>(a: &ArrayBase<impl Data<Elem = f64>, D>) -> f64 {
    a.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()))
}

/// A power of two near `largest`, 1 for 0.
pub(crate) fn unit(largest: f64) -> f64 {
    if largest == 0.0 {
        return 1.0;
    }
    // Clamped so that neither it nor its reciprocal leaves the normal numbers. Numbers below those have exponent field 0.
    let field = (largest.to_bits() >> 52).clamp(23, 2023);
    f64::from_bits(field << 52)
}

/// Refuses an answer with an entry too large to represent.
pub(crate) fn in_range<D: Dimension>(answer: &ArrayBase<impl Data<Elem = f64>, D>) -> Result<(), Error> {
    if answer.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(Error::Overflow) }
}
