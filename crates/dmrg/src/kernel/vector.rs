//! Sums over long vectors. The order of summation depends neither on the caller nor on the register width.

/// Independent partial sums: four registers of AVX-512, eight of AVX2.
const LANES: usize = 32;

headstart_simd::wide! {
    /// The scalar product of two vectors of equal length.
    pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
        let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
        let mut sums = [0.0; LANES];
        for (x, y) in x.iter().zip(y) {
            for lane in 0..LANES {
                sums[lane] = x[lane].mul_add(y[lane], sums[lane]);
            }
        }
        for ((sum, x), y) in sums.iter_mut().zip(x_rest).zip(y_rest) {
            *sum = x.mul_add(*y, *sum);
        }
        let mut width = LANES;
        while width > 1 {
            width /= 2;
            for lane in 0..width {
                sums[lane] += sums[lane + width];
            }
        }
        sums[0]
    }
}

headstart_simd::wide! {
    /// y += factor x.
    pub(crate) fn axpy(factor: f64, x: &[f64], y: &mut [f64]) {
        for (x, y) in x.iter().zip(y) {
            *y = factor.mul_add(*x, *y);
        }
    }
}

/// x *= factor.
pub(crate) fn scale(factor: f64, x: &mut [f64]) {
    for x in x {
        *x *= factor;
    }
}
