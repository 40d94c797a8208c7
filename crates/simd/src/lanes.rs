//! Numbers in registers, in single or double precision.

// Code that is not inlined into the function with `pulp`'s instructions would be compiled without them.
#![allow(clippy::inline_always)]

use pulp::Simd;

/// A kind of number that registers hold: `f32` or `f64`.
pub trait Lanes: Copy + Default + Send + Sync + 'static {
    /// A register of numbers.
    type Of<S: Simd>: Copy;

    /// Returns a register with the number in every lane.
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Of<S>;
    /// Returns a b + c, rounded once.
    fn fused<S: Simd>(simd: S, a: Self::Of<S>, b: Self::Of<S>, c: Self::Of<S>) -> Self::Of<S>;
    /// Loads a register from a slice; lanes beyond its end are zero.
    fn load<S: Simd>(simd: S, from: &[Self]) -> Self::Of<S>
    where
        Self: Sized;
    /// Stores as many lanes as fit into a slice.
    fn store<S: Simd>(simd: S, to: &mut [Self], value: Self::Of<S>)
    where
        Self: Sized;
    /// Returns the full registers of a slice.
    fn split<S: Simd>(slice: &[Self]) -> &[Self::Of<S>]
    where
        Self: Sized;
    /// Returns the full registers of a mutable slice.
    fn split_mut<S: Simd>(slice: &mut [Self]) -> &mut [Self::Of<S>]
    where
        Self: Sized;
    /// Returns the number of lanes of a register.
    fn count<S: Simd>() -> usize;
}

macro_rules! lanes {
    ($real:ty, $of:ident, $splat:ident, $mul_add:ident, $load:ident, $store:ident, $split:ident, $split_mut:ident, $count:ident) => {
        impl Lanes for $real {
            type Of<S: Simd> = S::$of;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, value: Self) -> S::$of {
                simd.$splat(value)
            }
            #[inline(always)]
            fn fused<S: Simd>(simd: S, a: S::$of, b: S::$of, c: S::$of) -> S::$of {
                simd.$mul_add(a, b, c)
            }
            #[inline(always)]
            fn load<S: Simd>(simd: S, from: &[Self]) -> S::$of {
                simd.$load(from)
            }
            #[inline(always)]
            fn store<S: Simd>(simd: S, to: &mut [Self], value: S::$of) {
                simd.$store(to, value);
            }
            #[inline(always)]
            fn split<S: Simd>(slice: &[Self]) -> &[S::$of] {
                S::$split(slice).0
            }
            #[inline(always)]
            fn split_mut<S: Simd>(slice: &mut [Self]) -> &mut [S::$of] {
                S::$split_mut(slice).0
            }
            #[inline(always)]
            fn count<S: Simd>() -> usize {
                S::$count
            }
        }
    };
}
lanes!(
    f32,
    f32s,
    splat_f32s,
    mul_add_f32s,
    partial_load_f32s,
    partial_store_f32s,
    as_simd_f32s,
    as_mut_simd_f32s,
    F32_LANES
);
lanes!(
    f64,
    f64s,
    splat_f64s,
    mul_add_f64s,
    partial_load_f64s,
    partial_store_f64s,
    as_simd_f64s,
    as_mut_simd_f64s,
    F64_LANES
);
