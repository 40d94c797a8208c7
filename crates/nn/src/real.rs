//! The number types of a network, and their vector instructions.

use std::fmt::{Debug, Display};
use std::iter::Sum;

use headstart_simd::{Lanes, Portable};
use num_traits::{Float, NumAssign};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// `f32`, for speed, or `f64`, for checks and for experiments with tiny losses.
///
/// The functions below are branch-free, so that loops over them vectorise. They do not depend on the system's math
/// library, so results are the same on every system.
pub trait Real:
    Float + NumAssign + Sum + Lanes + Portable + Debug + Display + Default + Serialize + DeserializeOwned
{
    /// Rounds to this type.
    fn of(value: f64) -> Self;
    /// Converts to `f64`.
    fn wide(self) -> f64;
    /// e^x, within 2 units in the last place; saturates near the largest finite number.
    #[must_use]
    fn fast_exp(self) -> Self;
    /// Hyperbolic tangent, within 3 units in the last place.
    #[must_use]
    fn fast_tanh(self) -> Self;
    /// The error function, within 8 units in the last place.
    #[must_use]
    fn erf(self) -> Self;
}

impl Real for f32 {
    #[inline]
    fn of(value: f64) -> Self {
        value as f32
    }

    #[inline]
    fn wide(self) -> f64 {
        f64::from(self)
    }

    /// Cephes' `expf`: x = n ln 2 + r, and a polynomial in r.
    #[inline]
    fn fast_exp(self) -> Self {
        // Adding this leaves the nearest integer in the lowest bits.
        const ROUND: f32 = 12_582_912.0;
        let low = if self < -87.3 { -87.3 } else { self };
        let x = if low > 88.72 { 88.72 } else { low };
        let shifted = x * std::f32::consts::LOG2_E + ROUND;
        let n = shifted - ROUND;
        let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
        let p = 1.987_569_1e-4;
        let p = p * r + 1.398_199_9e-3;
        let p = p * r + 8.333_452e-3;
        let p = p * r + 4.166_579_6e-2;
        let p = p * r + 0.166_666_66;
        let p = p * r + 0.5;
        let p = p * (r * r) + r + 1.0;
        // 2^n in two factors: n may be 128.
        let whole = shifted.to_bits().wrapping_sub(ROUND.to_bits()).cast_signed();
        let half = whole >> 1;
        let power = |n: i32| f32::from_bits(((n + 127) << 23).cast_unsigned());
        p * power(half) * power(whole.wrapping_sub(half))
    }

    /// Cephes' `tanhf`.
    #[inline]
    fn fast_tanh(self) -> Self {
        let z = self * self;
        let p = -5.704_988_7e-3;
        let p = p * z + 2.063_909e-2;
        let p = p * z - 5.373_971_5e-2;
        let p = p * z + 1.333_144_2e-1;
        let p = p * z - 3.333_328e-1;
        let near = p * z * self + self;
        let far = 1.0 - 2.0 / ((self + self).fast_exp() + 1.0);
        if z < 0.390_625 { near } else { far }
    }

    /// The rational form of Eigen and XLA, within 4e-7.
    #[inline]
    fn erf(self) -> Self {
        // Beyond this the function rounds to 1.
        const END: f32 = 3.743_921_2;
        let low = if self < -END { -END } else { self };
        let x = if low > END { END } else { low };
        let z = x * x;
        let p = 2.290_506_5e-4;
        let p = p * z + 3.408_291e-3;
        let p = p * z + 5.095_569_4e-2;
        let p = p * z + 1.852_083_2e-1;
        let p = p * z + std::f32::consts::FRAC_2_SQRT_PI;
        let q = -1.179_160_3e-7;
        let q = q * z + 2.354_796_7e-5;
        let q = q * z + 1.017_962_5e-3;
        let q = q * z + 1.407_047e-2;
        let q = q * z + 1.109_850_5e-1;
        let q = q * z + 4.974_692_5e-1;
        let q = q * z + 1.0;
        x * p / q
    }
}

impl Real for f64 {
    #[inline]
    fn of(value: f64) -> Self {
        value
    }

    #[inline]
    fn wide(self) -> f64 {
        self
    }

    /// Cephes' `exp`: x = n ln 2 + r, and a Padé form in r.
    #[inline]
    fn fast_exp(self) -> Self {
        const ROUND: f64 = 6_755_399_441_055_744.0;
        let low = if self < -708.0 { -708.0 } else { self };
        let x = if low > 709.78 { 709.78 } else { low };
        let shifted = x * std::f64::consts::LOG2_E + ROUND;
        let n = shifted - ROUND;
        let r = (x - n * 6.931_457_519_531_25e-1) - n * 1.428_606_820_309_417_2e-6;
        let z = r * r;
        let p = 1.261_771_930_748_105_9e-4;
        let p = p * z + 3.029_944_077_074_419_6e-2;
        let p = (p * z + 1.0) * r;
        let q = 3.001_985_051_386_644_5e-6;
        let q = q * z + 2.524_483_403_496_841e-3;
        let q = q * z + 2.272_655_482_081_55e-1;
        let q = q * z + 2.0;
        let fraction = 1.0 + 2.0 * (p / (q - p));
        let whole = shifted.to_bits().wrapping_sub(ROUND.to_bits()).cast_signed();
        let half = whole >> 1;
        let power = |n: i64| f64::from_bits(((n + 1023) << 52).cast_unsigned());
        fraction * power(half) * power(whole.wrapping_sub(half))
    }

    /// Cephes' `tanh`.
    #[inline]
    fn fast_tanh(self) -> Self {
        let z = self * self;
        let p = -9.643_991_794_250_522e-1;
        let p = p * z - 9.928_772_310_019_185e1;
        let p = p * z - 1.614_687_684_417_084_5e3;
        let q = z + 1.128_116_784_916_329_3e2;
        let q = q * z + 2.235_488_390_601_004_5e3;
        let q = q * z + 4.844_063_053_251_255e3;
        let near = self + self * z * (p / q);
        let far = 1.0 - 2.0 / ((self + self).fast_exp() + 1.0);
        if z < 0.390_625 { near } else { far }
    }

    fn erf(self) -> Self {
        libm::erf(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_and_tanh_agree_with_the_library() {
        for i in -40_000..=40_000 {
            let x = f64::from(i) * 2.1e-3;
            assert!((x.fast_exp() / x.exp() - 1.0).abs() < 5e-16, "exp {x}");
            assert!((x.fast_tanh() - x.tanh()).abs() <= 7e-16 * x.tanh().abs(), "tanh {x}");
            let y = x as f32;
            assert!((f64::from(y.fast_exp()) / f64::from(y).exp() - 1.0).abs() < 2.5e-7, "exp {y}");
            let tanh = f64::from(y).tanh();
            assert!((f64::from(y.fast_tanh()) - tanh).abs() <= 4e-7 * tanh.abs(), "tanh {y}");
            let erf = libm::erf(f64::from(y));
            assert!((f64::from(Real::erf(y)) - erf).abs() <= 5e-7 * erf.abs(), "erf {y}");
        }
    }

    #[test]
    fn ends_of_the_range() {
        assert!(f32::NAN.fast_exp().is_nan() && f64::NAN.fast_exp().is_nan());
        assert!(f32::NAN.fast_tanh().is_nan() && f64::NAN.fast_tanh().is_nan());
        assert!(1e30_f32.fast_exp() > 3e38 && 1e300.fast_exp() > 1e308);
        assert!((-1e30_f32).fast_exp() < 1.3e-38 && (-1e300).fast_exp() < 1e-307);
        assert_eq!([f32::INFINITY.fast_tanh(), f32::NEG_INFINITY.fast_tanh()], [1.0, -1.0]);
        assert_eq!([50.0.fast_tanh(), (-50.0).fast_tanh()], [1.0, -1.0]);
    }
}
