//! Elementary functions whose bits do not depend on the system.
//!
//! The standard library calls the mathematical library of the system. The last digit of its results differs between
//! versions and processors (glibc has variants with and without fused multiply-add). The functions here come from the
//! crate `libm`, which is compiled in.

/// Elementary functions with the same bits on every system, within one unit in the last place. Single precision is computed
/// in double precision and rounded.
#[allow(missing_docs, reason = "each equals the function of the same name in the standard library")]
pub trait Portable: Sized {
    #[must_use]
    fn portable_exp(self) -> Self;
    #[must_use]
    fn portable_exp_m1(self) -> Self;
    #[must_use]
    fn portable_ln(self) -> Self;
    #[must_use]
    fn portable_ln_1p(self) -> Self;
    #[must_use]
    fn portable_log2(self) -> Self;
    #[must_use]
    fn portable_log10(self) -> Self;
    #[must_use]
    fn portable_powf(self, power: Self) -> Self;
    #[must_use]
    fn portable_cbrt(self) -> Self;
    #[must_use]
    fn portable_hypot(self, other: Self) -> Self;
    #[must_use]
    fn portable_sin(self) -> Self;
    #[must_use]
    fn portable_cos(self) -> Self;
    #[must_use]
    fn portable_sin_cos(self) -> (Self, Self);
    #[must_use]
    fn portable_atan(self) -> Self;
    #[must_use]
    fn portable_tanh(self) -> Self;
    #[must_use]
    fn portable_asinh(self) -> Self;
}

macro_rules! portable {
    ($real:ty, $($name:ident = $function:ident($($more:ident)?)),* $(,)?) => {
        impl Portable for $real {
            $(
                #[inline]
                #[allow(clippy::cast_lossless, clippy::unnecessary_cast)]
                fn $name(self $(, $more: Self)?) -> Self {
                    libm::$function(self as f64 $(, $more as f64)?) as Self
                }
            )*

            #[inline]
            #[allow(clippy::cast_lossless, clippy::unnecessary_cast)]
            fn portable_sin_cos(self) -> (Self, Self) {
                let (sin, cos) = libm::sincos(self as f64);
                (sin as Self, cos as Self)
            }
        }
    };
    ($($real:ty)*) => {
        $(portable!(
            $real,
            portable_exp = exp(),
            portable_exp_m1 = expm1(),
            portable_ln = log(),
            portable_ln_1p = log1p(),
            portable_log2 = log2(),
            portable_log10 = log10(),
            portable_powf = pow(power),
            portable_cbrt = cbrt(),
            portable_hypot = hypot(other),
            portable_sin = sin(),
            portable_cos = cos(),
            portable_atan = atan(),
            portable_tanh = tanh(),
            portable_asinh = asinh(),
        );)*
    };
}
portable!(f32 f64);

#[cfg(test)]
mod tests {
    use super::*;

    /// Known constants and identities, to one unit in the last place.
    #[test]
    fn values_are_correct() {
        let close = |found: f64, expected: f64| {
            let gap = (found.to_bits().cast_signed() - expected.to_bits().cast_signed()).abs();
            assert!(gap <= 1, "{found:e} for {expected:e}");
        };
        close(1.0_f64.portable_exp(), std::f64::consts::E);
        close(2.0_f64.portable_ln(), std::f64::consts::LN_2);
        close(1e-10_f64.portable_ln_1p(), 9.999_999_999_5e-11);
        close(1e-10_f64.portable_exp_m1(), 1.000_000_000_05e-10);
        close(10.0_f64.portable_log2(), std::f64::consts::LOG2_10);
        close(1000.0_f64.portable_log10(), 3.0);
        close(2.0_f64.portable_powf(0.5), std::f64::consts::SQRT_2);
        close(27.0_f64.portable_cbrt(), 3.0);
        close(3e200_f64.portable_hypot(4e200), 5e200);
        close(1.0_f64.portable_sin(), 0.841_470_984_807_896_5);
        close(1.0_f64.portable_cos(), 0.540_302_305_868_139_8);
        close(1.0_f64.portable_atan(), std::f64::consts::FRAC_PI_4);
        close(0.5_f64.portable_tanh(), 0.462_117_157_260_009_76);
        close(1.0_f64.portable_asinh(), 0.881_373_587_019_543);
        assert_eq!(1.0_f32.portable_sin_cos(), (0.841_470_96, 0.540_302_3));
    }
}
