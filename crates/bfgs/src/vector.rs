//! Inner products and norms, summed in lanes so that the compiler can use wide registers.

const LANES: usize = 8;

/// a'b over the common length.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a_lanes, a_rest), (b_lanes, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (x, y) in a_lanes.iter().zip(b_lanes) {
        for l in 0..LANES {
            sums[l] += x[l] * y[l];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f64>() + rest
}

/// Euclidean length, also where its square overflows or vanishes.
pub(crate) fn norm(a: &[f64]) -> f64 {
    let square = dot(a, a);
    if square.is_normal() {
        return square.sqrt();
    }
    let largest = norm_inf(a);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * a.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

/// Largest absolute entry; NaN if there is one (`f64::max` would forget it).
pub(crate) fn norm_inf(a: &[f64]) -> f64 {
    a.iter().fold(0.0, |most: f64, x| if most.is_nan() || x.is_nan() { f64::NAN } else { most.max(x.abs()) })
}

/// Whether every entry is finite.
pub(crate) fn all_finite(a: &[f64]) -> bool {
    a.iter().all(|x| x.is_finite())
}
