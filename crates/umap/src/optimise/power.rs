//! x^b for positive x in single precision, without branches or calls, so that loops over it vectorise.

use std::f32::consts::{LN_2, LOG2_E};

/// Adding and subtracting 1.5 * 2^23 rounds to an integer.
const ROUNDER: f32 = 12_582_912.0;

/// Returns x^b with a relative error below 4e-6 for x from 1e-30 to 1e30 and x^b from 1e-30 to 1e30.
///
/// log2 x is the exponent plus the series 2/ln 2 (s + s³/3 + ..), s = (m - 1) / (m + 1), of the fraction m from 0.71 to
/// 1.41. 2^y is an integer power of two times the series of the exponential. The remaining error is the rounding of b
/// log2 x.
// A call would lose the target features of the enclosing loop.
#[allow(clippy::inline_always)]
#[inline(always)]
pub(crate) fn power(x: f32, b: f32) -> f32 {
    // The bits of sqrt(1/2) are subtracted so that the exponent changes at sqrt(2) and not at 2.
    const HALF_ROOT: u32 = 0x3f35_04f3;
    let bits = x.to_bits().wrapping_sub(HALF_ROOT);
    let exponent = bits.cast_signed() >> 23;
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(HALF_ROOT));
    let s = (m - 1.0) / (m + 1.0);
    let s2 = s * s;
    let series = s * (1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 * (1.0 / 7.0))));
    // The two parts are multiplied by b separately: their sum would lose digits of the fraction.
    let whole = b * exponent as f32;
    let part = b * (2.0 * LOG2_E * series);
    let rounded = (whole + part + ROUNDER) - ROUNDER;
    let rest = ((whole - rounded) + part) * LN_2;
    let exp = 1.0
        + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest / 720.0)))));
    exp * f32::from_bits(((rounded as i32 + 127) << 23) as u32)
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn powers_have_the_stated_error() {
        for b in [0.3f32, 0.5, 0.895_061, 1.0, 1.7] {
            let mut worst = 0.0f64;
            let mut x = 1e-30f32;
            while x < 1e30 {
                let exact = f64::from(x).powf(f64::from(b));
                if (1e-30..1e30).contains(&exact) {
                    worst = worst.max((f64::from(power(x, b)) / exact - 1.0).abs());
                }
                x *= 1.000_37;
            }
            assert!(worst < 4e-6, "b = {b}: {worst:e}");
        }
        // It is more accurate in the range of layouts.
        for i in 1..100_000 {
            let x = 1e-4 * i as f32;
            let exact = f64::from(x).powf(0.895_061f32.into());
            assert!((f64::from(power(x, 0.895_061)) / exact - 1.0).abs() < 1e-6, "{x}");
        }
    }

    #[test]
    fn ends_of_the_range_stay_finite() {
        for b in [0.5, 0.9, 1.0] {
            assert_eq!(power(1.0, b), 1.0);
            assert!(power(f32::MIN_POSITIVE, b).is_finite());
            assert!(power(1e36, b).is_finite());
        }
    }
}
