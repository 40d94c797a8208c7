//! The BFGS update of an inverse Hessian as one symmetric rank-2 term.
//!
//! The textbook form H⁺ = (I - ρ s y') H (I - ρ y s') + ρ s s', ρ = 1 / s'y, expands to H + u s' + s u' with
//! u = (1 + y'Hy / s'y) / (2 s'y) s - Hy / s'y: n² work and no matrix product.

use crate::vector::dot;

headstart_simd::wide! {
    /// Writes u from s, Hy, s'y > 0 and y.
    pub(crate) fn rank_two(s: &[f64], y: &[f64], hy: &[f64], sy: f64, u: &mut [f64]) {
        let on_s = (1.0 + dot(y, hy) / sy) / (2.0 * sy);
        for ((u, s), hy) in u.iter_mut().zip(s).zip(hy) {
            *u = on_s * s - hy / sy;
        }
    }
}
