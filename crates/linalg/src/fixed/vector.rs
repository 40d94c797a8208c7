//! Sums and updates of vectors, inlined into functions that are compiled for wide registers.

// A function that is not inlined would be compiled without the instructions of its caller.
#![allow(clippy::inline_always)]

const LANES: usize = 8;

/// a'b.
#[inline(always)]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    folded(sums) + rest
}

#[inline(always)]
pub(super) fn folded([a, b, c, d, e, f, g, h]: [f64; LANES]) -> f64 {
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// to += factor x.
#[inline(always)]
pub(super) fn add_scaled(to: &mut [f64], factor: f64, x: &[f64]) {
    for (to, x) in to.iter_mut().zip(x) {
        *to += factor * x;
    }
}

/// to += factor x, and the product x'v in the same pass.
#[inline(always)]
pub(super) fn dot_and_add_scaled(to: &mut [f64], factor: f64, x: &[f64], v: &[f64]) -> f64 {
    let ((x, x_rest), (v, v_rest), (to, to_rest)) =
        (x.as_chunks::<LANES>(), v.as_chunks::<LANES>(), to.as_chunks_mut::<LANES>());
    let mut sums = [0.0; LANES];
    for ((x, v), to) in x.iter().zip(v).zip(to) {
        for lane in 0..LANES {
            sums[lane] += x[lane] * v[lane];
            to[lane] += factor * x[lane];
        }
    }
    let mut rest = 0.0;
    for ((x, v), to) in x_rest.iter().zip(v_rest).zip(to_rest) {
        rest += x * v;
        *to += factor * x;
    }
    folded(sums) + rest
}
