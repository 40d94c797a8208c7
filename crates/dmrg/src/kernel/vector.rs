//! Sums over long vectors, in an order that does not depend on what they are used for.

use pulp::{Arch, Simd, WithSimd};

/// The scalar product of two vectors of one length.
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    struct Dot<'a>(&'a [f64], &'a [f64]);
    impl WithSimd for Dot<'_> {
        type Output = f64;
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) -> f64 {
            let (x, x_rest) = S::as_simd_f64s(self.0);
            let (y, y_rest) = S::as_simd_f64s(self.1);
            let mut sums = [simd.splat_f64s(0.0); 4];
            let (x4, x1) = x.as_chunks::<4>();
            let (y4, y1) = y.as_chunks::<4>();
            for (x, y) in x4.iter().zip(y4) {
                for i in 0..4 {
                    sums[i] = simd.mul_add_e_f64s(x[i], y[i], sums[i]);
                }
            }
            for (x, y) in x1.iter().zip(y1) {
                sums[0] = simd.mul_add_e_f64s(*x, *y, sums[0]);
            }
            sums[1] = simd.mul_add_e_f64s(simd.partial_load_f64s(x_rest), simd.partial_load_f64s(y_rest), sums[1]);
            let sum = simd.add_f64s(simd.add_f64s(sums[0], sums[1]), simd.add_f64s(sums[2], sums[3]));
            simd.reduce_sum_f64s(sum)
        }
    }
    Arch::new().dispatch(Dot(x, y))
}

/// y += factor x.
pub(crate) fn axpy(factor: f64, x: &[f64], y: &mut [f64]) {
    struct Axpy<'a>(f64, &'a [f64], &'a mut [f64]);
    impl WithSimd for Axpy<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            let factor = simd.splat_f64s(self.0);
            let (x, x_rest) = S::as_simd_f64s(self.1);
            let (y, y_rest) = S::as_mut_simd_f64s(self.2);
            for (x, y) in x.iter().zip(y) {
                *y = simd.mul_add_e_f64s(factor, *x, *y);
            }
            let sum = simd.mul_add_e_f64s(factor, simd.partial_load_f64s(x_rest), simd.partial_load_f64s(y_rest));
            simd.partial_store_f64s(y_rest, sum);
        }
    }
    Arch::new().dispatch(Axpy(factor, x, y));
}

/// x *= factor.
pub(crate) fn scale(factor: f64, x: &mut [f64]) {
    for x in x {
        *x *= factor;
    }
}
