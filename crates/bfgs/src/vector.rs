//! Vector operations of a run, written so that the compiler can use wide registers. At a hundred unknowns they take,
//! all together, half as long as a pass over the matrix.

const LANES: usize = 8;

headstart_simd::wide! {
    /// a'b over the common length. The order of the sum does not depend on the register width: all CPUs give the same
    /// bits.
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
}

headstart_simd::wide! {
    /// a'b, a'a and b'b in one pass, each bitwise equal to the result of [`dot`].
    pub(crate) fn products(a: &[f64], b: &[f64]) -> [f64; 3] {
        let ((a_lanes, a_rest), (b_lanes, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
        // Three independent sums: each addition of a single sum would wait for the one before.
        let (mut ab, mut aa, mut bb) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for (x, y) in a_lanes.iter().zip(b_lanes) {
            for l in 0..LANES {
                ab[l] += x[l] * y[l];
                aa[l] += x[l] * x[l];
                bb[l] += y[l] * y[l];
            }
        }
        let rest = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        [
            ab.iter().sum::<f64>() + rest(a_rest, b_rest),
            aa.iter().sum::<f64>() + rest(a_rest, a_rest),
            bb.iter().sum::<f64>() + rest(b_rest, b_rest),
        ]
    }
}

headstart_simd::wide! {
    /// a - b.
    pub(crate) fn difference(into: &mut [f64], a: &[f64], b: &[f64]) {
        for ((into, a), b) in into.iter_mut().zip(a).zip(b) {
            *into = a - b;
        }
    }
}

headstart_simd::wide! {
    /// a + factor b.
    pub(crate) fn plus_scaled(into: &mut [f64], a: &[f64], factor: f64, b: &[f64]) {
        for ((into, a), b) in into.iter_mut().zip(a).zip(b) {
            *into = a + factor * b;
        }
    }
}

headstart_simd::wide! {
    /// -(a + `by_b` b + `by_c` c).
    pub(crate) fn negated_sum(into: &mut [f64], a: &[f64], by_b: f64, b: &[f64], by_c: f64, c: &[f64]) {
        for (((into, a), b), c) in into.iter_mut().zip(a).zip(b).zip(c) {
            *into = -(a + b * by_b + c * by_c);
        }
    }
}

/// Euclidean length. Also correct where its square overflows or underflows.
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

headstart_simd::wide! {
    /// Largest absolute entry; NaN if an entry is NaN (`f64::max` would ignore it).
    pub(crate) fn norm_inf(a: &[f64]) -> f64 {
        let (lanes, rest) = a.as_chunks::<LANES>();
        let (mut most, mut nan) = ([0.0; LANES], [false; LANES]);
        for x in lanes {
            for l in 0..LANES {
                most[l] = if x[l].abs() > most[l] { x[l].abs() } else { most[l] };
                nan[l] |= x[l].is_nan();
            }
        }
        if nan.contains(&true) || rest.iter().any(|x| x.is_nan()) {
            return f64::NAN;
        }
        most.iter().chain(rest).fold(0.0, |most: f64, x| most.max(x.abs()))
    }
}

headstart_simd::wide! {
    /// Whether every entry is finite.
    pub(crate) fn all_finite(a: &[f64]) -> bool {
        // No early exit, so that the compiler can use wide registers.
        a.iter().fold(true, |finite, x| finite & x.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_and_infinity_are_found_at_every_index() {
        for n in [1, 7, 8, 19] {
            let plain: Vec<f64> = (0..n).map(|i| f64::from(i) - 9.5).collect();
            assert!(all_finite(&plain));
            assert_eq!(norm_inf(&plain), 9.5);
            for place in 0..plain.len() {
                let with =
                    |odd: f64| plain.iter().enumerate().map(|(i, x)| if i == place { odd } else { *x }).collect();
                let (nan, infinite, large): (Vec<f64>, Vec<f64>, Vec<f64>) =
                    (with(f64::NAN), with(f64::NEG_INFINITY), with(-1e3));
                assert!(norm_inf(&nan).is_nan() && !all_finite(&nan));
                assert!(norm_inf(&infinite) == f64::INFINITY && !all_finite(&infinite));
                assert_eq!(norm_inf(&large), 1e3);
            }
        }
        assert!(norm_inf(&[f64::NAN, f64::INFINITY]).is_nan());
        assert_eq!(norm_inf(&[]), 0.0);
    }

    #[test]
    fn products_are_inner_products_to_the_last_bit() {
        for n in [0, 1, 7, 8, 19, 100] {
            let a: Vec<f64> = (0..n).map(|i| f64::from(i).sin()).collect();
            let b: Vec<f64> = (0..n).map(|i| f64::from(i * i).cos()).collect();
            assert_eq!(products(&a, &b), [dot(&a, &b), dot(&a, &a), dot(&b, &b)]);
            let plain: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            assert!((dot(&a, &b) - plain).abs() < 1e-13);
        }
    }

    #[test]
    fn lengths_neither_overflow_nor_underflow() {
        assert!((norm(&[3e200, 4e200]) / 5e200 - 1.0).abs() < 1e-15);
        assert!((norm(&[3e-200, 4e-200]) / 5e-200 - 1.0).abs() < 1e-15);
        assert_eq!((norm(&[0.0; 3]), norm(&[3.0, 4.0])), (0.0, 5.0));
    }
}
