//! The sign convention of vectors.

use ndarray::ArrayView1;

/// Entries this close to the largest count as equal to it; otherwise rounding would decide the sign of (1, -1).
const TIE: f64 = 1e-6;

/// Whether the first of the vector's largest entries is negative, so that the vector must be negated.
pub(crate) fn is_turned(vector: ArrayView1<'_, f64>) -> bool {
    let largest = crate::scale::largest(&vector);
    vector.iter().find(|entry| entry.abs() >= largest * (1.0 - TIE)).is_some_and(|entry| *entry < 0.0)
}
